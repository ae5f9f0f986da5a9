package serai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.Ga4Double;
import serai.demo.MetabaseDouble;
import serai.demo.SeraiProcess;
import serai.testing.ProjectFolder;
import serai.testing.TestDatabase;
import serai.testing.TestElasticsearch;

/** The commands {@code check} and {@code doctor}, and {@code --version}. */
class CheckAndDoctorIT {

    @TempDir
    Path root;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void project() throws Exception {
        ProjectFolder.copyTo(root);
        settings(Map.of());
    }

    @AfterEach
    void nothingIsPrintedTwice() {
        assertThat(err.toString()).isEmpty();
    }

    private void settings(Map<String, String> settings) throws Exception {
        StringBuilder text = new StringBuilder("camel.server.port = " + SeraiProcess.freePort()
                + "\ncamel.management.port = " + SeraiProcess.freePort() + "\n");
        settings.forEach(
                (name, value) -> text.append(name).append(" = ").append(value).append('\n'));
        Files.writeString(root.resolve("application.properties"), text);
    }

    private int call(String... arguments) {
        out.getBuffer().setLength(0);
        return Commands.run(root, new PrintWriter(out), new PrintWriter(err), arguments);
    }

    @Test
    void theShippedFilesAreAcceptedWithoutAnyServer() {
        assertThat(call("check")).as(out.toString()).isZero();
        assertThat(out.toString()).startsWith("left out: ").endsWith("nothing is refused\n");
        assertThat(root.resolve("data")).doesNotExist();
    }

    @Test
    void eachKindOfFileIsRefusedWithFileAndLine() throws Exception {
        Files.writeString(root.resolve("routes/show/broken.camel.yaml"), "- route:\n    id: x\n    frm: y\n");
        Files.writeString(root.resolve("routes/alerts/broken.yaml"), "name: x\ntype: any\nindex: a\nnum: [\n");
        Path model = root.resolve("sql/facts/fact_logins.sql");
        Files.writeString(model, Files.readString(model).replaceFirst("@kind\\s+\\w+", "@kind nothing"));
        Files.createDirectories(root.resolve("mappings"));
        Files.writeString(root.resolve("mappings/app.yaml"), "tables: [public.%]\nwithin: [public.x]\n");
        assertThat(call("check")).as(out.toString()).isEqualTo(3);
        assertThat(out.toString())
                .containsPattern("(?m)^mappings/app\\.yaml:2: .* did you mean 'without'")
                .containsPattern("(?m)^routes/show/broken\\.camel\\.yaml:\\d+: ")
                .containsPattern("(?m)^routes/alerts/broken\\.yaml:\\d+: ")
                .containsPattern("(?m)^sql/facts/fact_logins\\.sql:\\d+: ")
                .endsWith("4 refused\n");
    }

    @Test
    void aWrongSettingIsRefusedWithFileAndLineByBothCommands() throws Exception {
        settings(Map.of("watch.run-every", "soon"));
        assertThat(call("check")).isEqualTo(3);
        assertThat(out.toString()).startsWith("application.properties:3: watch.run-every = soon is not a duration");
        assertThat(call("check", "--json")).isEqualTo(3);
        assertThat(out.toString()).startsWith("{\"place\":\"application.properties:3\"");
        assertThat(call("doctor")).isEqualTo(1);
        assertThat(out.toString()).startsWith("problem  settings: application.properties:3");
    }

    @Test
    void theDoctorFindsEverythingInOrder() throws Exception {
        try (TestDatabase database = new TestDatabase();
                MetabaseDouble metabase = MetabaseDouble.start();
                Ga4Double google = Ga4Double.start()) {
            settings(Map.of(
                    "warehouse.url",
                    database.url(),
                    "metabase.url",
                    metabase.url(),
                    "metabase.api-key",
                    MetabaseDouble.API_KEY,
                    "ga4.key-file",
                    google.keyFile(root.resolve("key.json")).toString(),
                    "watch.elasticsearch",
                    TestElasticsearch.node().hostAddress(),
                    "watch.slack-webhook",
                    "https://hooks.slack.com/services/T0/B0/none"));
            assertThat(call("doctor")).as(out.toString()).isZero();
            assertThat(out.toString())
                    .contains("ok       settings: all are valid")
                    .contains("ok       warehouse: PostgreSQL 17")
                    .contains("ok       rights: ")
                    .contains("ok       metabase: it is reached and accepts metabase.api-key")
                    .contains("ok       google-analytics: Google accepts the key of " + Ga4Double.account())
                    .contains("ok       elasticsearch: http://")
                    .contains("ok       slack: ")
                    .contains("it is free (camel.server.port)")
                    .doesNotContain("problem", MetabaseDouble.API_KEY);
        }
    }

    @Test
    void theDoctorPrintsEachProblemWithItsFix() throws Exception {
        try (TestDatabase empty = TestDatabase.empty();
                MetabaseDouble metabase = MetabaseDouble.start();
                Ga4Double google = Ga4Double.start()) {
            String nothing = "127.0.0.1:" + SeraiProcess.freePort();
            settings(Map.of(
                    "warehouse.url",
                    empty.url(),
                    "metabase.url",
                    metabase.url(),
                    "metabase.api-key",
                    "mb_wrong",
                    "ga4.key-file",
                    google.keyFile(root.resolve("key.json")).toString(),
                    "watch.elasticsearch",
                    nothing));
            google.deleteKey();
            assertThat(call("doctor", "--json")).as(out.toString()).isEqualTo(1);
            assertThat(out.toString())
                    .contains("\"check\":\"warehouse\",\"ok\":false,\"text\":\"The warehouse does not have the tables")
                    .contains("\"check\":\"elasticsearch\",\"ok\":false")
                    .contains("\"check\":\"metabase\",\"ok\":false")
                    .contains("\"check\":\"google-analytics\",\"ok\":false,\"text\":\"Google refused the login of ")
                    .doesNotContain("\"ok\":false,\"fix\":null");
        }
    }

    @Test
    void aPortOfAnotherProgramIsAProblem() throws Exception {
        try (MetabaseDouble other = MetabaseDouble.start()) {
            int port = java.net.URI.create(other.url()).getPort();
            Files.writeString(root.resolve("application.properties"), "camel.server.port = " + port + "\n");
            assertThat(call("doctor")).isEqualTo(1);
            assertThat(out.toString()).contains("problem  port " + port, "fix: end the program that uses it");
        }
    }

    @Test
    void theVersionIsPrintedWithoutAnySettings() throws Exception {
        Files.delete(root.resolve("application.properties"));
        assertThat(call("--version")).isZero();
        assertThat(out.toString()).contains("Serai ", "Camel 4.", "Java ");
    }
}
