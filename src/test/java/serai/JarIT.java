package serai;

import static org.assertj.core.api.Assertions.assertThat;
import static serai.testing.Waiting.soon;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.demo.SeraiProcess;
import serai.testing.ProjectFolder;
import serai.testing.TestDatabase;

/**
 * The runnable artifact, alone with the project's files and its embedded warehouse: tests bring components that it
 * might lack.
 */
class JarIT {

    private static final Path JAR = Path.of(System.getProperty("serai.jar"));
    private final int port = SeraiProcess.freePort();
    private Path folder;
    private SeraiProcess serai;

    /** Not in the system's temporary folder, where the embedded server's library deletes what looks old. */
    @BeforeEach
    void project() throws Exception {
        folder = Files.createTempDirectory(
                Files.createDirectories(Path.of("target", "jar-it")).toAbsolutePath(), "project");
        ProjectFolder.copyTo(folder);
    }

    @AfterEach
    void stop() throws Exception {
        if (serai.isAlive()) {
            serai.stop();
        }
    }

    @Test
    void theJarStartsWithEveryFileStopsCleanlyAndKeepsItsData() throws Exception {
        start();
        assertThat(database().rows("select file, reason from meta.edits where status = 'refused'"))
                .isEmpty();
        assertThat(database().number("select count(*) from meta.edits")).isPositive();
        database().execute("create table landing.kept as select 1 as one");

        assertThat(serai.stop()).isEqualTo(143);
        assertThat(folder.resolve("data/warehouse/postgres/postmaster.pid")).doesNotExist();
        assertThat(serai.log()).doesNotContain("did not close cleanly");

        start();
        assertThat(database().rows("select one from landing.kept")).containsExactly("1");
    }

    @Test
    void theJarTakesUpTheServerThatAKilledProcessLeft() throws Exception {
        start();
        database().execute("create table landing.kept as select 1 as one");
        serai.kill();
        start();
        assertThat(database().rows("select one from landing.kept")).containsExactly("1");
        serai.stop();
        assertThat(folder.resolve("data/warehouse/postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void theJarReportsInOneLineWhyItCannotStart() throws Exception {
        launch(Map.of(
                "warehouse.url",
                "jdbc:postgresql://127.0.0.1:1/none",
                "warehouse.user",
                "x",
                "warehouse.password",
                "secret-word"));
        assertThat(serai.exitCode()).isEqualTo(3);
        assertThat(serai.log())
                .contains("Serai did not start: The warehouse cannot be reached:")
                .doesNotContain("secret-word");
    }

    @Test
    void theJarDoesNotRunWithoutItsPageOrItsHealth() throws Exception {
        for (String server : List.of("server", "management")) {
            try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
                launch(Map.of("camel." + server + ".port", String.valueOf(taken.getLocalPort())));
                assertThat(serai.exitCode()).isEqualTo(3);
                assertThat(serai.log())
                        .contains("Serai did not start: It cannot listen on 127.0.0.1:" + taken.getLocalPort())
                        .contains("Choose another camel." + server + ".port");
            }
        }
        assertThat(folder.resolve("data")).doesNotExist();
    }

    private TestDatabase database() {
        return TestDatabase.of(folder.resolve("data/warehouse"), port);
    }

    private void start() throws Exception {
        launch(Map.of());
        soon().until(() -> {
            assertThat(serai.isAlive()).as(() -> "alive; log in " + folder).isTrue();
            return serai.log().contains("Serai runs with");
        });
    }

    private void launch(Map<String, String> more) throws Exception {
        Files.deleteIfExists(folder.resolve("serai.log"));
        Map<String, String> settings = new HashMap<>(more);
        settings.put("warehouse.embedded.port", String.valueOf(port));
        serai = SeraiProcess.start(
                folder,
                List.of(SeraiProcess.java(), "-Xmx256m", "-XX:+UseSerialGC"),
                settings,
                SeraiProcess.ofJar(JAR));
    }
}
