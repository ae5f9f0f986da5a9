package serai.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
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
import serai.demo.ElasticsearchNode;
import serai.demo.ProductLogs;
import serai.demo.SlackDouble;
import serai.testing.TestDatabase;
import serai.testing.TestElasticsearch;
import serai.warehouse.Warehouse;

/** Rules over the warehouse, over other rules' matches, and with severities, from their files to Slack. */
class SourcesEndToEndIT {

    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path root;

    private final ElasticsearchNode elasticsearch = TestElasticsearch.node();
    private TestDatabase database;
    private Warehouse warehouse;
    private SlackDouble slack;
    private RunningWatch watch;
    private String index;

    @BeforeEach
    void prepare(TestInfo test) throws Exception {
        database = new TestDatabase();
        warehouse = database.warehouse();
        slack = SlackDouble.start();
        index = "sources-" + test.getTestMethod().orElseThrow().getName().toLowerCase(java.util.Locale.ROOT);
        elasticsearch.createIndex(index, ProductLogs.MAPPING);
    }

    @AfterEach
    void stop() throws Exception {
        watch.close();
        slack.close();
        database.close();
        elasticsearch.deleteIndex(index);
    }

    private void start() throws Exception {
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
    }

    private void log(String service, int count) throws Exception {
        Instant now = Instant.now();
        List<Map<String, Object>> burst = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            burst.add(Map.of(
                    "_id",
                    service + now + i,
                    "@timestamp",
                    now.toString(),
                    "level",
                    "error",
                    "service",
                    service,
                    "message",
                    "failed"));
        }
        elasticsearch.index(index, burst);
    }

    private List<String> titles() {
        return slack.messages().stream()
                .map(m -> m.payload().at("/attachments/0/title").asText())
                .toList();
    }

    private static String rule(String name, String more) {
        return "name: " + name + "\nalert: slack\nalert_text_type: alert_text_only\nalert_text: said\n" + more;
    }

    @Test
    void aFigureOfTheWarehouseIsWatchedAndAnEditOfItsQueryTakesEffect() throws Exception {
        database.execute("create table landing.orders as select now() as at, 100 as amount");
        Path checks = Files.createDirectories(root.resolve("sql/checks"));
        Files.writeString(checks.resolve("orders.sql"), "select at, amount from landing.orders");
        RunningWatch.writeRule(root, "orders.yaml", rule("Few orders", """
                type: metric_aggregation
                source: warehouse
                query: sql/checks/orders.sql
                metric_agg_key: amount
                metric_agg_type: sum
                min_threshold: 50
                buffer_time: {minutes: 10}
                """));
        start();
        await().atMost(SOON)
                .until(() -> "ok"
                        .equals(watch.value("select status from meta.rules where rule = 'Few orders' and runs > 1")));
        assertThat(titles()).isEmpty();
        Files.writeString(checks.resolve("orders.sql"), "select at, amount / 10 as amount from landing.orders");
        await().atMost(SOON).untilAsserted(() -> assertThat(titles()).containsExactly("Few orders"));
        Files.writeString(checks.resolve("orders.sql"), "select at,\n amont from landing.orders");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(watch.value("select reason from meta.edits where status = 'refused'"))
                        .contains("sql/checks/orders.sql:2: column \"amont\" does not exist"));
    }

    @Test
    void aRuleOverMatchesFindsThoseOfSeveralRulesTogether() throws Exception {
        for (String service : List.of("billing", "search")) {
            RunningWatch.writeRule(
                    root,
                    service + ".yaml",
                    rule(
                            service,
                            "type: any\nindex: " + index + "\nquery_key: level\nrealert: {hours: 1}\n"
                                    + "filter: [{term: {service: " + service + "}}]\n"));
        }
        RunningWatch.writeRule(root, "both.yaml", rule("Both", """
                type: cardinality
                source: matches
                rules: [billing, search]
                cardinality_field: rule
                max_cardinality: 1
                query_key: key
                timeframe: {minutes: 5}
                """));
        start();
        log("billing", 1);
        await().atMost(SOON).untilAsserted(() -> assertThat(titles()).containsExactly("billing"));
        log("search", 1);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(titles()).containsExactlyInAnyOrder("billing", "search", "Both"));
        log("search", 1);
        await().atMost(SOON)
                .until(() -> "1"
                        .equals(watch.value(
                                "select count(*) from meta.matches where rule = 'search' and not notified")));
        assertThat(watch.value("select string_agg(distinct key, ',') from meta.matches where not correlated"))
                .isEqualTo("error");
        assertThat(watch.value("select count(*) from meta.matches where rule = 'Both' and correlated and notified"))
                .isEqualTo("1");
    }

    @Test
    void onlyTheHighestSeverityIsSentAndItIsNamed() throws Exception {
        RunningWatch.writeRule(root, "errors.yaml", """
                name: Errors
                type: frequency
                index: %s
                timeframe: {minutes: 5}
                realert: {hours: 1}
                alert: slack
                alert_subject: "{0} is {1}"
                alert_subject_args: [service, severity]
                query_key: service
                severities:
                  warning: {num_events: 3, slack_msg_color: warning}
                  critical: {num_events: 6}
                """.formatted(index));
        start();
        await().atMost(SOON)
                .until(() -> "2"
                        .equals(watch.value(
                                "select count(*) from meta.rules where rule like 'Errors [%]' and runs > 0")));
        log("billing", 7);
        await().atMost(SOON).untilAsserted(() -> assertThat(titles()).contains("billing is critical"));
        log("search", 4);
        await().atMost(SOON).untilAsserted(() -> assertThat(titles()).contains("search is warning"));
        assertThat(titles().stream().filter(t -> t.equals("billing is critical")))
                .hasSize(1);
        assertThat(watch.value("select string_agg(matches::text, ', ' order by rule) from meta.rules"))
                .as("critical, warning")
                .isEqualTo("1, 1");
    }
}
