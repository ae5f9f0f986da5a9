package serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.ElasticsearchNode;
import serai.demo.ProductLogs;
import serai.demo.SlackDouble;
import serai.testing.ProjectFolder;
import serai.testing.TestDatabase;
import serai.testing.TestElasticsearch;

/** {@code rule test} and {@code rule backtest} against a real Elasticsearch and a real PostgreSQL. */
class RuleCommandsIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INDEX = "rule-commands";
    private static final Instant DAY = Instant.parse("2024-03-01T00:00:00Z");
    private static final ElasticsearchNode NODE = TestElasticsearch.node();
    private static TestDatabase database;

    @TempDir
    Path root;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void data() throws Exception {
        NODE.createIndex(INDEX, ProductLogs.MAPPING);
        List<Map<String, Object>> documents = new ArrayList<>();
        // a burst of 12 at 06:30 and at 18:00, and an event an hour
        for (int i = 0; i < 12; i++) {
            documents.add(document("a" + i, DAY.plusSeconds(23_400 + i * 5), "billing"));
            documents.add(document("b" + i, DAY.plusSeconds(64_800 + i * 5), "search"));
        }
        for (int i = 0; i < 24; i++) {
            documents.add(document("c" + i, DAY.plusSeconds(i * 3_600 + 100), "web"));
            documents.add(document("now" + i, Instant.now().minusSeconds(30 + i), "web"));
        }
        NODE.index(INDEX, documents);
        NODE.refresh();
        database = new TestDatabase();
        database.execute("""
                    create table landing.sales as select day, case when day = date '2024-03-05' then 3 else 100 end as amount
                    from generate_series(date '2024-03-01', date '2024-03-10', interval '1 day') day""");
    }

    private static Map<String, Object> document(String id, Instant at, String service) {
        return Map.of(
                "_id",
                id,
                "@timestamp",
                at.toString(),
                "level",
                "error",
                "service",
                service,
                "message",
                "failed " + id);
    }

    @AfterAll
    static void clean() throws Exception {
        NODE.deleteIndex(INDEX);
        database.close();
    }

    @BeforeEach
    void project() throws Exception {
        ProjectFolder.copyTo(root);
        settings("watch.elasticsearch = " + NODE.hostAddress());
    }

    private void settings(String more) throws Exception {
        Files.writeString(
                root.resolve("application.properties"),
                Files.readString(Path.of("application.properties"))
                        + "\nwatch.time-zone = UTC\nwatch.slack-webhook = http://127.0.0.1:1/services/secret-word\nwarehouse.url = "
                        + database.url()
                        + "\nwarehouse.user = postgres\n" + more + "\n");
    }

    private Path rule(String yaml) throws Exception {
        return Files.writeString(root.resolve("routes/alerts/tried.yaml"), yaml);
    }

    private int call(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        int code = Commands.run(root, new PrintWriter(out), new PrintWriter(err), arguments);
        assertThat(out + "" + err).doesNotContain("secret-word");
        return code;
    }

    private List<JsonNode> lines() throws Exception {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private static final String BURST = """
            name: Burst
            type: frequency
            index: rule-commands
            num_events: 10
            timeframe: {minutes: 5}
            query_key: service
            filter: [{term: {level: error}}]
            realert: {minutes: 30}
            alert: slack
            alert_text: "{0} failed {1} times"
            alert_text_args: [service, num_hits]
            alert_text_type: alert_text_only
            """;

    @Test
    void aTestRunsTheRuleOverItsLastTimeframeAndShowsTheMessage() throws Exception {
        Path file = rule(BURST);
        assertThat(call("rule", "test", file.toString())).as(err::toString).isZero();
        assertThat(out.toString())
                .contains(
                        "accepted: routes/alerts/tried.yaml: Burst (frequency)", "to slack:", "web failed", "1 alerts")
                .contains("24 hits");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aBacktestTellsEachAlertWithTheTimeOfItsRun() throws Exception {
        Path file = rule(BURST);
        assertThat(call("rule", "backtest", file.toString(), "--from", "2024-03-01", "--to", "2024-03-02", "--json"))
                .as(err::toString)
                .isZero();
        List<JsonNode> lines = lines();
        assertThat(lines.get(0).get("accepted").asBoolean()).isTrue();
        assertThat(lines)
                .extracting(line -> line.path("alert_at").asText())
                .containsSubsequence("2024-03-01T06:31:00Z", "2024-03-01T18:01:00Z");
        assertThat(lines.get(1).at("/messages/0/payload").toString()).contains("billing failed");
        JsonNode summary = lines.get(lines.size() - 1);
        assertThat(summary.get("runs").asInt()).isEqualTo(1440);
        assertThat(summary.get("hits").asInt()).isEqualTo(48);
        assertThat(summary.get("alerts").asInt()).isEqualTo(2);
    }

    @Test
    void theMessagesAreSentWhenTheyAreAskedFor() throws Exception {
        try (SlackDouble slack = SlackDouble.start()) {
            Path file = rule(BURST + "slack_webhook_url: " + slack.webhook("ops") + "\n");
            assertThat(call("rule", "test", file.toString(), "--from", "2024-03-01", "--to", "2024-03-02"))
                    .as(err::toString)
                    .isZero();
            assertThat(slack.messages()).isEmpty();
            assertThat(call("rule", "test", file.toString(), "--from", "2024-03-01", "--to", "2024-03-02", "--alert"))
                    .as(err::toString)
                    .isZero();
            assertThat(slack.messages()).hasSize(2);
            assertThat(out.toString()).contains("sent to slack").doesNotContain(slack.webhook("ops"));
        }
        assertThat(call("rule", "test", rule(BURST).toString(), "--alert")).isEqualTo(3);
        assertThat(out.toString()).contains("not sent to slack: Slack did not answer");
    }

    @Test
    void aRuleThatIsRefusedIsANoWithItsLineAndMend() throws Exception {
        Path file = rule(BURST.replace("num_events: 10", "num_events: many"));
        assertThat(call("rule", "test", file.toString())).isEqualTo(1);
        assertThat(out.toString()).startsWith("refused: routes/alerts/tried.yaml:4: num_events");
        assertThat(call("rule", "test", file.toString(), "--json")).isEqualTo(1);
        assertThat(lines()).singleElement().satisfies(line -> {
            assertThat(line.get("accepted").asBoolean()).isFalse();
            assertThat(line.get("line").asInt()).isEqualTo(4);
            assertThat(line.get("field").asText()).isEqualTo("num_events");
        });
    }

    @Test
    void aCommandThatCannotBeDoneChangesNothing() throws Exception {
        settings("watch.elasticsearch = 127.0.0.1:1");
        Path file = rule(BURST);
        assertThat(call("rule", "test", file.toString())).isEqualTo(3);
        assertThat(err.toString()).contains("127.0.0.1:1").hasLineCount(1);
    }

    @Test
    void documentsOfAFileDoWithoutAServer() throws Exception {
        settings("watch.elasticsearch = 127.0.0.1:1");
        Path file = rule(BURST);
        StringBuilder documents = new StringBuilder("[");
        for (int i = 0; i < 11; i++) {
            documents
                    .append(i == 0 ? "" : ",")
                    .append("{\"@timestamp\": \"2024-03-01T12:00:")
                    .append(10 + i)
                    .append("Z\", \"service\": \"x\"}");
        }
        Path data = Files.writeString(root.resolve("docs.json"), documents + "]");
        assertThat(call("rule", "test", file.toString(), "--data", data.toString()))
                .as(err::toString)
                .isZero();
        assertThat(out.toString()).contains("x failed 11 times", "11 hits, 1 matches, 1 alerts");
        Files.writeString(data, "{}");
        assertThat(call("rule", "test", file.toString(), "--data", data.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("must hold a JSON list of documents");
    }

    @Test
    void aRuleOverTheWarehouseIsTriedOverItsHistory() throws Exception {
        Path file = rule("""
                name: Sales
                type: metric_aggregation
                source: warehouse
                query: sql/checks/sales.sql
                timestamp_field: day
                metric_agg_key: amount
                metric_agg_type: sum
                min_threshold: 50
                buffer_time: {days: 1}
                run_every: {hours: 6}
                realert: {days: 2}
                alert: slack
                """);
        Files.createDirectories(root.resolve("sql/checks"));
        Files.writeString(root.resolve("sql/checks/sales.sql"), "select day,\n  amount\nfrom landing.sales");
        assertThat(call("rule", "backtest", file.toString(), "--from", "2024-03-02", "--to", "2024-03-09", "--json"))
                .as(err::toString)
                .isZero();
        assertThat(lines())
                .extracting(line -> line.path("alert_at").asText())
                .filteredOn(at -> !at.isEmpty())
                .containsExactly("2024-03-05T00:00:00Z");
        Files.writeString(root.resolve("sql/checks/sales.sql"), "select day,\n  amont\nfrom landing.sales");
        assertThat(call("rule", "test", file.toString())).isEqualTo(1);
        assertThat(out.toString())
                .contains(
                        "refused: routes/alerts/tried.yaml:4: query: sql/checks/sales.sql:2: column \"amont\" does not exist");
    }

    @Test
    void wrongUsageIsSaidWithTheUsage() throws Exception {
        Path file = rule(BURST);
        assertThat(call("rule", "test", root.resolve("none.yaml").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("There is no file");
        assertThat(call("rule", "backtest", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("--from");
        assertThat(call("rule", "backtest", file.toString(), "--from", "yesterday"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("write one such as 2026-03-01");
        assertThat(call("rule", "test", file.toString(), "--days", "0")).isEqualTo(2);
        assertThat(call("rule")).isEqualTo(2);
        assertThat(call("rules")).isEqualTo(2);
        assertThat(err.toString()).contains("'rules'", "Did you mean: serai rule");
    }
}
