package serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import serai.demo.ElasticsearchNode;
import serai.demo.ProductLogs;
import serai.demo.SlackDouble;
import serai.testing.ProjectFolder;
import serai.testing.TestDatabase;
import serai.testing.TestElasticsearch;
import serai.watch.RunningWatch;

/** {@code rule list}, {@code enable}, {@code disable} and {@code silence} beside rules that run. */
class OperatorCommandsIT {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path root;

    private final ElasticsearchNode elasticsearch = TestElasticsearch.node();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private TestDatabase database;
    private SlackDouble slack;
    private RunningWatch watch;
    private String index;

    @BeforeEach
    void start(TestInfo test) throws Exception {
        database = new TestDatabase();
        slack = SlackDouble.start();
        index = "operator-" + test.getTestMethod().orElseThrow().getName().toLowerCase(java.util.Locale.ROOT);
        elasticsearch.createIndex(index, ProductLogs.MAPPING);
        ProjectFolder.copyTo(root);
        Files.delete(root.resolve("routes/alerts/error-burst.yaml"));
        Files.delete(root.resolve("routes/alerts/payment-failures.yaml"));
        Files.writeString(
                root.resolve("application.properties"),
                Files.readString(Path.of("application.properties")) + "\nwarehouse.url = " + database.url()
                        + "\nwarehouse.user = postgres\n");
        RunningWatch.writeRule(root, "any.yaml", """
                name: Any error
                type: any
                index: %s
                query_key: service
                realert_key: errors
                realert: {seconds: 0}
                alert: slack
                alert_text: "{0}"
                alert_text_args: [message]
                alert_text_type: alert_text_only
                """.formatted(index));
        watch = RunningWatch.start(
                root,
                database,
                "watch.elasticsearch",
                elasticsearch.hostAddress(),
                "watch.slack-webhook",
                slack.webhook("ops"),
                "watch.run-every",
                "1s",
                "watch.time-zone",
                "UTC");
        await().atMost(SOON).until(() -> watch.value("select 'x' from meta.rules where runs > 0") != null);
    }

    @AfterEach
    void stop() throws Exception {
        watch.close();
        slack.close();
        database.close();
        elasticsearch.deleteIndex(index);
    }

    private int call(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Commands.run(root, new PrintWriter(out), new PrintWriter(err), arguments);
    }

    private void log(String message, String service) throws Exception {
        elasticsearch.index(
                index,
                List.of(Map.of(
                        "_id",
                        message,
                        "@timestamp",
                        Instant.now().toString(),
                        "level",
                        "error",
                        "service",
                        service,
                        "message",
                        message)));
    }

    private List<String> texts() {
        return new ArrayList<>(slack.messages().stream()
                .map(m -> m.payload().at("/attachments/0/text").asText().strip())
                .toList());
    }

    private void awaitMatches(int count) {
        await().atMost(SOON).until(() -> String.valueOf(count).equals(watch.value("select matches from meta.rules")));
    }

    @Test
    void listShowsEachRuleWithItsLastRun() throws Exception {
        assertThat(call("rule", "list")).as(err::toString).isZero();
        assertThat(out.toString()).contains("RULE", "Any error", "any", "ok");
        assertThat(call("rule", "list", "--json")).isZero();
        JsonNode rule = JSON.readTree(out.toString());
        assertThat(rule.get("rule").asText()).isEqualTo("Any error");
        assertThat(rule.get("file").asText()).isEqualTo("routes/alerts/any.yaml");
        assertThat(Instant.parse(rule.get("last_run").asText()))
                .isAfter(Instant.now().minusSeconds(60));
        assertThat(rule.get("lag_ms").isNumber()).isTrue();
    }

    @Test
    void aDisabledRuleDoesNotRunUntilItIsEnabledAndMissesNothing() throws Exception {
        assertThat(call("rule", "disable", "Any error")).as(err::toString).isZero();
        await().atMost(SOON).until(() -> "disabled".equals(watch.value("select status from meta.rules")));
        log("while off", "web");
        assertThat(call("rule", "list")).isZero();
        assertThat(out.toString()).contains("disabled");
        String runs = watch.value("select runs from meta.rules");
        await().during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(6))
                .until(() -> runs.equals(watch.value("select runs from meta.rules")));
        assertThat(call("rule", "enable", "Any error", "--json")).isZero();
        assertThat(JSON.readTree(out.toString()).get("disabled").asBoolean()).isFalse();
        await().atMost(SOON).untilAsserted(() -> assertThat(texts()).containsExactly("while off"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRuleThatIsDisabledWhileItRunsStaysDisabledWhenTheRunEnds(boolean runFails) throws Exception {
        database.execute("create table landing.orders as select now() as at, 1 as amount");
        Files.writeString(root.resolve("sql/checks/orders.sql"), "select at, amount from landing.orders");
        watch.writeRule(
                "orders.yaml",
                "name: Orders\ntype: any\nsource: warehouse\nquery: sql/checks/orders.sql\nalert: slack\n");
        await().atMost(SOON).until(() -> ordersRow("last_run_at") != null);
        String lastRun;
        try (Connection lock = database.connect()) {
            lock.setAutoCommit(false);
            lock.createStatement().execute("lock table landing.orders in access exclusive mode");
            await().atMost(SOON).until(() -> heldQuery() != null);
            lastRun = ordersRow("last_run_at");
            assertThat(call("rule", "disable", "Orders")).as(err::toString).isZero();
            await().atMost(SOON).until(() -> "disabled".equals(ordersRow("status")));
            if (runFails) {
                database.value("select pg_terminate_backend(?::int)", heldQuery());
            }
        }
        await().atMost(SOON).until(() -> !lastRun.equals(ordersRow("last_run_at")));
        assertThat(ordersRow("status")).isEqualTo("disabled");
    }

    private String heldQuery() {
        return database.value("select min(pid) from pg_stat_activity where datname = current_database()"
                + " and wait_event_type = 'Lock' and query like '%orders%'");
    }

    private String ordersRow(String column) {
        return database.value("select " + column + " from meta.rules where rule = 'Orders'");
    }

    @Test
    void aSilencedRuleSendsNothingUntilTheSilenceIsLifted() throws Exception {
        assertThat(call("silence", "Any error", "--for", "2h"))
                .as(err::toString)
                .isZero();
        log("silenced", "web");
        awaitMatches(1);
        assertThat(call("silence", "--list", "--json")).isZero();
        JsonNode silence = JSON.readTree(out.toString()
                .lines()
                .filter(l -> l.contains("_silence"))
                .findFirst()
                .orElseThrow());
        assertThat(silence.get("key").asText()).isEqualTo("Any error._silence");
        assertThat(Duration.between(
                        Instant.now(), Instant.parse(silence.get("until").asText())))
                .isBetween(Duration.ofMinutes(119), Duration.ofMinutes(120));
        assertThat(call("rule", "list")).isZero();
        assertThat(out.toString())
                .contains("silenced until " + silence.get("until").asText());
        assertThat(call("silence", "--lift", "Any error._silence")).isZero();
        assertThat(call("silence", "--lift", "Any error._silence")).isEqualTo(1);
        assertThat(err.toString()).contains("There is no active silence");
        log("spoken", "web");
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(texts()).singleElement().asString().startsWith("spoken"));
    }

    @Test
    void allSeveritiesOfARuleAreSilencedAndLiftedByItsName() throws Exception {
        watch.value(
                "insert into meta.rules (rule, file, type) values ('Load [low]', 'l.yaml', 'any'), ('Load [high]', 'l.yaml', 'any'),"
                        + " ('Loads', 'm.yaml', 'any') returning rule");
        assertThat(call("silence", "Load", "--for", "2h")).as(err::toString).isZero();
        assertThat(out.toString().lines()).hasSize(2);
        assertThat(call("silence", "Loads", "--for", "2h")).isZero();
        assertThat(call("silence", "--lift", "Load", "--json"))
                .as(err::toString)
                .isZero();
        assertThat(JSON.readTree(out.toString()).get("lifted").asInt()).isEqualTo(2);
        assertThat(watch.value("select string_agg(rule, ',') from meta.silences where until > now()"))
                .isEqualTo("Loads");
    }

    @Test
    void aRuleThatIsSilencedStillShowsItsTrouble() throws Exception {
        watch.value(
                "insert into meta.rules (rule, file, type, error) values ('Ill', 'l.yaml', 'any', 'no server') returning rule");
        assertThat(call("silence", "Ill", "--for", "2h")).as(err::toString).isZero();
        assertThat(call("rule", "list")).isZero();
        assertThat(out.toString()).containsPattern("Ill .* silenced until \\S+ no server");
    }

    @Test
    void aKeyOfARuleWithoutKeysIsNotSilenced() throws Exception {
        RunningWatch.writeRule(root, "keyless.yaml", "name: Keyless\ntype: any\nindex: x\nalert: slack\n");
        watch.value(
                "insert into meta.rules (rule, file, type) values ('Keyless', 'routes/alerts/keyless.yaml', 'any') returning rule");
        assertThat(call("silence", "Keyless", "--for", "2h", "--key", "web")).isEqualTo(1);
        assertThat(err.toString()).contains("has no query_key");
    }

    @Test
    void oneKeyIsSilencedByTheKeyThatTheRuleRealertsBy() throws Exception {
        assertThat(call("silence", "Any error", "--for", "1d12h", "--key", "web"))
                .as(err::toString)
                .isZero();
        assertThat(out.toString()).startsWith("errors.web is silent until");
        log("of web", "web");
        log("of api", "api");
        awaitMatches(2);
        await().atMost(SOON).untilAsserted(() -> assertThat(texts()).containsExactly("of api"));
    }

    @Test
    void aKeyThatIsTooLongToBeKeptWholeIsSilencedAndLiftedAllTheSame() throws Exception {
        String host = "h".repeat(400);
        assertThat(call("silence", "Any error", "--for", "2h", "--key", host))
                .as(err::toString)
                .isZero();
        log("of host", host);
        log("of api", "api");
        awaitMatches(2);
        await().atMost(SOON).untilAsserted(() -> assertThat(texts()).containsExactly("of api"));
        assertThat(call("silence", "--lift", "errors." + host))
                .as(err::toString)
                .isZero();
    }

    @Test
    void aMissingSourceIsANegativeAnswerAndAWrongArgumentIsAnError() throws Exception {
        assertThat(call("rule", "disable", "Some error")).isEqualTo(1);
        assertThat(err.toString()).contains("There is no rule 'Some error'. There are: Any error.");
        assertThat(call("silence", "Any error")).isEqualTo(2);
        assertThat(err.toString()).contains("give a time: --for 2h");
        assertThat(call("silence", "Any error", "--for", "soon")).isEqualTo(2);
        assertThat(err.toString()).contains("write one such as 30m, 2h or 1d12h");
        assertThat(call("silence", "--list", "--for", "2h")).isEqualTo(2);
        assertThat(call("silence")).isEqualTo(2);
    }

    @Test
    void aMessageThatWasGivenUpIsSentAgainByOutboxRetry() throws Exception {
        log("of api", "api");
        await().atMost(SOON).untilAsserted(() -> assertThat(texts()).containsExactly("of api"));
        String id = database.value("update meta.outbox set status = 'failed' returning message_id");

        database.execute("update meta.outbox set refused_at = now(), status = 'pending',"
                + " not_before = now() + interval '1 h'");
        assertThat(call("rule", "list", "--json")).isZero();
        JsonNode listed = JSON.readTree(out.toString());
        assertThat(listed.get("status").asText() + listed.get("refused_messages"))
                .isEqualTo("warning1");
        database.execute("update meta.outbox set status = 'failed'");

        assertThat(call("outbox", "retry", "0")).as(err::toString).isEqualTo(1);
        assertThat(err.toString()).contains("No such message was given up.");
        assertThat(call("outbox", "retry", id)).as(err::toString).isZero();
        await().atMost(SOON).untilAsserted(() -> assertThat(texts()).containsExactly("of api", "of api"));

        database.execute("update meta.outbox set status = 'failed'");
        assertThat(call("outbox", "retry", "--rule", "Any error"))
                .as(err::toString)
                .isZero();
        await().atMost(SOON).untilAsserted(() -> assertThat(texts()).hasSize(3));
    }

    @Test
    void withoutAWarehouseNothingIsMade() throws Exception {
        Files.writeString(root.resolve("application.properties"), Files.readString(Path.of("application.properties")));
        assertThat(call("rule", "list")).isEqualTo(3);
        assertThat(err.toString())
                .contains("There is no warehouse in")
                .contains("start Serai once, or set warehouse.url")
                .hasLineCount(1);
        assertThat(root.resolve("data/warehouse")).doesNotExist();
    }
}
