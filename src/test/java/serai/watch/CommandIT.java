package serai.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.testing.TestDatabase;
import serai.warehouse.Warehouse;
import serai.watch.alert.AlertRule;

/** Commands that are really started. */
class CommandIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path root;

    private TestDatabase database;
    private Warehouse warehouse;
    private RunningWatch watch;

    @BeforeEach
    void prepare() throws Exception {
        database = new TestDatabase();
        warehouse = database.warehouse();
    }

    @AfterEach
    void stop() throws Exception {
        if (watch != null) {
            watch.close();
        }
        database.close();
    }

    private void tell(String options, String text) throws Exception {
        QueuedAlerts.write(root, "command", "alert: command\n" + options);
        watch = RunningWatch.start(root, database, "watch.elasticsearch", "127.0.0.1:9");
        AlertRule rule = QueuedAlerts.rule("command", "alert: command\n" + options);
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match(text));
    }

    private void awaitStatus(String status) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(watch.value("select status from meta.outbox"))
                        .isEqualTo(status));
    }

    @Test
    void aProgramIsStartedWithValuesAndMatches() throws Exception {
        Path script =
                Files.writeString(root.resolve("command.sh"), "printf '%s|' \"$@\" > \"$0.args\"\ncat > \"$0.in\"\n");
        tell(
                "command: [/bin/sh, \"" + script
                        + "\", \"%(text)s\", \"{_id}\", \"{nothing}\"]\npipe_match_json: true\n",
                "a b; $(id)");
        awaitStatus("sent");
        assertThat(Files.readString(root.resolve("command.sh.args")))
                .isEqualTo("a b; $(id)|a b; $(id)|<MISSING VALUE>|");
        assertThat(new ObjectMapper()
                        .readTree(root.resolve("command.sh.in").toFile())
                        .at("/0/text")
                        .asText())
                .isEqualTo("a b; $(id)");
    }

    @Test
    void noShellParsesAValue() throws Exception {
        Path out = root.resolve("out");
        String evil = "x'; touch " + root.resolve("evil1") + "; \"$(touch " + root.resolve("evil2") + ")\" `touch "
                + root.resolve("evil3") + "`";
        tell(
                "command: \"printf '%%s\\n' %(text)s '%(text)s' \\\"%(text)s\\\" \\\"$(printf '%%s' '{text}')\\\" > "
                        + out + "\"\n",
                evil);
        awaitStatus("sent");
        assertThat(Files.readString(out)).isEqualTo((evil + "\n").repeat(4));
        assertThat(root.resolve("evil1")).doesNotExist();
        assertThat(root.resolve("evil2")).doesNotExist();
        assertThat(root.resolve("evil3")).doesNotExist();
    }

    @Test
    void aCommandIsTriedAgainWhenTheRuleTreatsItsExitCodeAsAFailure() throws Exception {
        Path flag = root.resolve("flag");
        tell(
                "command: [/bin/sh, -c, \"test -e " + flag + " || {{ touch " + flag
                        + "; exit 3; }}\"]\nfail_on_non_zero_exit: true\n",
                "x");
        awaitStatus("sent");
        assertThat(watch.value("select attempts from meta.outbox")).isEqualTo("2");
    }

    @Test
    void aCommandThatTakesTooLongIsEnded() throws Exception {
        tell("command: [sleep, \"300\"]\ncommand_timeout: 1\n", "x");
        awaitStatus("failed");
        assertThat(watch.value("select error from meta.outbox")).contains("longer than 1 s");
    }

    @Test
    void theReasonDoesNotQuoteACommandThatCannotBeStarted() throws Exception {
        tell("command: [/no/such/program, --token, s3cret]\n", "x");
        await().atMost(SOON).until(() -> watch.value("select error from meta.outbox") != null);
        assertThat(watch.value("select o::text from meta.outbox o"))
                .contains("could not be started")
                .doesNotContain("s3cret", "no/such");
    }
}
