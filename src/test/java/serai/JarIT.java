package serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The runnable artifact, alone with the project's files and its embedded warehouse: tests bring components that it
 * might lack.
 */
class JarIT {

    private static final Path JAR = Path.of(System.getProperty("serai.jar"));
    private final int page = freePort();
    private final int database = freePort();
    private Path folder;
    private Process process;

    /** Not in the system's temporary folder, where the embedded server's library deletes what looks old. */
    @BeforeEach
    void project() throws Exception {
        folder = Files.createDirectories(Path.of("target", "jar-it")).toAbsolutePath();
        folder = Files.createTempDirectory(folder, "project");
        ProjectFolder.copyTo(folder);
        Files.copy(Path.of("application.properties"), folder.resolve("application.properties"));
    }

    @AfterEach
    void stop() throws Exception {
        if (process.isAlive()) {
            process.destroy();
            process.waitFor(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void startsWithEveryFileStopsCleanlyAndKeepsItsData() throws Exception {
        start();
        assertThat(rows("select file, reason from meta.edits where status = 'refused'"))
                .isEmpty();
        assertThat(rows("select count(*) from meta.edits").get(0)).isNotEqualTo("0");
        run("create table landing.kept as select 1 as one");

        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(folder.resolve("data/warehouse/postgres/postmaster.pid")).doesNotExist();
        assertThat(Files.readString(folder.resolve("serai.log"))).doesNotContain("did not close cleanly");

        start();
        assertThat(rows("select one from landing.kept")).containsExactly("1");
    }

    @Test
    void afterAKillItTakesUpTheServerThatWasLeftBehind() throws Exception {
        start();
        run("create table landing.kept as select 1 as one");
        process.destroyForcibly().waitFor();
        start();
        assertThat(rows("select one from landing.kept")).containsExactly("1");
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("data/warehouse/postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void saysInOneLineWhyItCannotStart() throws Exception {
        launch(
                "-Dwarehouse.url=jdbc:postgresql://127.0.0.1:1/none",
                "-Dwarehouse.user=x",
                "-Dwarehouse.password=secret-word");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(3);
        assertThat(Files.readString(folder.resolve("serai.log")))
                .contains("Serai did not start: The warehouse cannot be reached:")
                .doesNotContain("secret-word");
    }

    private void start() throws Exception {
        launch();
        await("the page").atMost(Duration.ofSeconds(90)).until(() -> {
            assertThat(process.isAlive()).as(() -> "alive; log in " + folder).isTrue();
            return answers();
        });
        await("the files")
                .atMost(Duration.ofSeconds(60))
                .until(() -> Files.readString(folder.resolve("serai.log")).contains("Serai runs with"));
    }

    private void launch(String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-Dcamel.server.port=" + page,
                "-Dcamel.management.port=" + freePort(),
                "-Dwarehouse.embedded.port=" + database));
        command.addAll(List.of(more));
        command.addAll(List.of("-jar", JAR.toAbsolutePath().toString()));
        Files.deleteIfExists(folder.resolve("serai.log"));
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("serai.log").toFile())
                .start();
    }

    private boolean answers() {
        try {
            return HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + page + "/status.json"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode()
                    == 200;
        } catch (Exception e) {
            return false;
        }
    }

    private List<String> rows(String sql) throws Exception {
        try (Connection c = connect();
                ResultSet r = c.createStatement().executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (r.next()) {
                rows.add(r.getString(1) + (r.getMetaData().getColumnCount() > 1 ? "|" + r.getString(2) : ""));
            }
            return rows;
        }
    }

    private void run(String sql) throws Exception {
        try (Connection c = connect()) {
            c.createStatement().execute(sql);
        }
    }

    private Connection connect() throws Exception {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + database + "/postgres", "postgres", "");
    }

    private static int freePort() {
        try (java.net.ServerSocket socket =
                new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
