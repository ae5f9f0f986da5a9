package serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.demo.SeraiProcess;
import serai.testing.ProjectFolder;

/**
 * The commands of the runnable jar, called as an operator does, with the embedded warehouse: before, beside and after
 * an instance.
 */
class CommandsJarIT {

    private static final Path JAR = Path.of(System.getProperty("serai.jar"));
    private final int database = SeraiProcess.freePort();
    private Path folder;
    private SeraiProcess instance;

    private record Called(int code, String out, String err) {}

    @BeforeEach
    void project() throws Exception {
        folder = Files.createTempDirectory(
                Files.createDirectories(Path.of("target", "jar-it")).toAbsolutePath(), "commands");
        ProjectFolder.copyTo(folder);
        Files.copy(Path.of("application.properties"), folder.resolve("application.properties"));
    }

    @AfterEach
    void stop() throws Exception {
        if (instance != null && instance.isAlive()) {
            instance.stop();
        }
    }

    @Test
    void commandsWorkBeforeBesideAndAfterAnInstanceAndLeaveItsServerAlone() throws Exception {
        Called none = call("rule", "list");
        assertThat(none.code).isEqualTo(3);
        assertThat(none.err).contains("There is no warehouse in").hasLineCount(1);

        instance = SeraiProcess.start(folder, SeraiProcess.quickJava(), settings(), SeraiProcess.ofJar(JAR));
        await("rules")
                .atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> {
                    assertThat(instance.isAlive())
                            .as(() -> "alive; log in " + folder)
                            .isTrue();
                    return call("rule", "list").out.lines().count() > 2;
                });
        Called beside = call("rule", "list", "--json");
        assertThat(beside.code).as(beside.err).isZero();
        assertThat(beside.out.lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(
                                new ObjectMapper().readTree(line).get("rule").asText())
                        .isNotEmpty());
        String rule = new ObjectMapper()
                .readTree(beside.out.lines().findFirst().orElseThrow())
                .get("rule")
                .asText();
        assertThat(call("silence", rule, "--for", "1h").code).isZero();
        assertThat(instance.isAlive()).isTrue();
        assertThat(folder.resolve("data/warehouse/postgres/postmaster.pid")).exists();

        instance.stop();
        Called after = call("silence", "--list");
        assertThat(after.code).as(after.err).isZero();
        assertThat(after.out).startsWith(rule + "._silence").hasLineCount(1);
        assertThat(folder.resolve("data/warehouse/postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void aRuleIsCheckedWithoutAnyServer() throws Exception {
        Path rule = folder.resolve("routes/alerts/error-burst.yaml");
        Files.writeString(rule, Files.readString(rule).replaceFirst("num_events: *\\S+", "num_events: many"));
        Called refused = call("rule", "test", rule.toString());
        assertThat(refused.code).as(refused.err).isEqualTo(1);
        assertThat(refused.out)
                .startsWith("refused: routes/alerts/error-burst.yaml:")
                .contains("num_events");
        Called usage = call("rule", "try");
        assertThat(usage.code).isEqualTo(2);
        assertThat(usage.out).isEmpty();
        Called help = call("--help");
        assertThat(help.code).isZero();
        assertThat(help.out).contains("rule", "silence");
    }

    private Map<String, String> settings() {
        return Map.of("warehouse.embedded.port", String.valueOf(database));
    }

    private Called call(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(SeraiProcess.quickJava());
        settings().forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(SeraiProcess.ofJar(JAR));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS))
                .as("ended: " + command)
                .isTrue();
        return new Called(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
