package serai.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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

/** Rule files to Slack: a real Elasticsearch, a real PostgreSQL, the project's own routes, Slack's double over HTTP. */
class EndToEndIT {

    private static final Duration SOON = Duration.ofSeconds(30);

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
        index = "road-" + test.getTestMethod().orElseThrow().getName().toLowerCase(java.util.Locale.ROOT);
        elasticsearch.createIndex(index, ProductLogs.MAPPING);
    }

    @AfterEach
    void stop() throws Exception {
        if (watch != null) {
            watch.close();
        }
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

    private void log(String id, String service) throws Exception {
        elasticsearch.index(
                index,
                List.of(Map.of(
                        "_id",
                        id,
                        "@timestamp",
                        Instant.now().toString(),
                        "level",
                        "error",
                        "service",
                        service,
                        "message",
                        "failed " + id)));
    }

    private String rule(String name, String... more) {
        return "name: " + name + "\nindex: " + index
                + "\nalert: slack\nalert_text: \"{0}\"\nalert_text_args: [message]\n"
                + "alert_text_type: alert_text_only\n" + String.join("\n", more) + "\n";
    }

    private List<String> texts() {
        return slack.messages().stream()
                .map(m -> m.payload().at("/attachments/0/text").asText().strip())
                .toList();
    }

    private void awaitTexts(String... expected) {
        await().atMost(SOON).untilAsserted(() -> assertThat(texts()).containsExactly(expected));
    }

    @Test
    void slackGetsOneMessageForEachDocument() throws Exception {
        RunningWatch.writeRule(root, "each.yaml", rule("each", "type: any", "realert: {minutes: 0}"));
        start();
        log("1", "api");
        awaitTexts("failed 1");
        log("2", "api");
        awaitTexts("failed 1", "failed 2");
        String lastRun = watch.value("select last_run_at from meta.rules where rule = 'each'");
        await().atMost(SOON).until(() -> !lastRun.equals(watch.value("select max(last_run_at) from meta.rules")));
        assertThat(texts()).containsExactly("failed 1", "failed 2");
        assertThat(watch.value("select status || ' ' || hits || ' ' || matches || ' ' || active from meta.rules"))
                .isEqualTo("ok 2 2 true");
        assertThat(watch.value("select count(*) from meta.outbox where status = 'sent'"))
                .isEqualTo("2");
    }

    @Test
    void eachServiceIsCountedAndSilencedByItself() throws Exception {
        RunningWatch.writeRule(
                root,
                "burst.yaml",
                rule(
                        "burst",
                        "type: frequency",
                        "num_events: 3",
                        "timeframe: {minutes: 5}",
                        "query_key: service",
                        "realert: {minutes: 10}",
                        "filter: [{term: {level: error}}]"));
        start();
        for (int i = 0; i < 7; i++) {
            log("api" + i, "api");
        }
        log("notes", "notes");
        await().atMost(SOON).until(() -> texts().size() == 1);
        assertThat(texts().get(0)).startsWith("failed api");
        for (int i = 0; i < 3; i++) {
            log("billing" + i, "billing");
        }
        await().atMost(SOON).until(() -> texts().size() == 2);
        assertThat(texts().get(1)).isEqualTo("failed billing2");
        assertThat(watch.value(
                        "select count(*) from meta.silences where silence_key in ('burst.api', 'burst.billing')"))
                .isEqualTo("2");
    }

    @Test
    void documentsAreCountedWithoutBeingFetched() throws Exception {
        RunningWatch.writeRule(
                root,
                "terms.yaml",
                "name: terms\nindex: " + index + "\nalert: slack\ntype: frequency\nnum_events: 4\n"
                        + "timeframe: {minutes: 5}\nquery_delay: {seconds: 2}\nuse_terms_query: true\nquery_key: service\n"
                        + "alert_text: \"{0}\"\nalert_text_args: [service]\n"
                        + "alert_text_type: alert_text_only\n");
        RunningWatch.writeRule(
                root,
                "count.yaml",
                "name: count\nindex: " + index + "\nalert: slack\ntype: frequency\nnum_events: 5\n"
                        + "timeframe: {minutes: 5}\nquery_delay: {seconds: 2}\nuse_count_query: true\nalert_text: all\n"
                        + "alert_text_type: alert_text_only\n");
        start();
        for (int i = 0; i < 4; i++) {
            log("a" + i, "api");
        }
        log("b", "notes");
        await().atMost(SOON).untilAsserted(() -> assertThat(texts()).containsExactlyInAnyOrder("api", "all"));
    }

    @Test
    void allDocumentsOfOneInstantAreRead() throws Exception {
        RunningWatch.writeRule(
                root,
                "page.yaml",
                rule("page", "type: frequency", "num_events: 250", "timeframe: {minutes: 5}", "max_query_size: 20"));
        Instant at = Instant.now();
        List<Map<String, Object>> documents = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            documents.add(Map.of("_id", "d" + i, "@timestamp", at.toString(), "message", "failed"));
        }
        elasticsearch.index(index, documents);
        start();
        awaitTexts("failed");
        assertThat(watch.value("select hits from meta.rules")).isEqualTo("250");
    }

    @Test
    void aHalfWindowSurvivesARestart() throws Exception {
        String rule = rule("half", "type: frequency", "num_events: 4", "timeframe: {minutes: 5}");
        RunningWatch.writeRule(root, "half.yaml", rule);
        start();
        log("1", "api");
        log("2", "api");
        await().atMost(SOON).until(() -> "2".equals(watch.value("select hits from meta.rules")));
        watch.close();
        log("3", "api");
        log("4", "api");
        start();
        awaitTexts("failed 4");
    }

    @Test
    void anEditKeepsTheStateAndABrokenOneIsRefused() throws Exception {
        RunningWatch.writeRule(root, "edit.yaml", rule("edit", "type: any", "realert: {minutes: 0}"));
        start();
        log("1", "api");
        awaitTexts("failed 1");
        watch.writeRule("edit.yaml", rule("edit", "type: any", "realert: {minutes: 0}", "num_evnts: [") + "\n");
        await().atMost(SOON)
                .until(() ->
                        "refused".equals(watch.value("select status from meta.edits where file like '%edit.yaml'")));
        assertThat(watch.value("select line from meta.edits where file like '%edit.yaml'"))
                .isNotNull();
        log("2", "api");
        awaitTexts("failed 1", "failed 2");
        watch.writeRule(
                "edit.yaml", rule("edit", "type: any", "realert: {minutes: 0}", "slack_username_override: changed"));
        await().atMost(SOON)
                .until(() ->
                        "accepted".equals(watch.value("select status from meta.edits where file like '%edit.yaml'")));
        log("3", "api");
        awaitTexts("failed 1", "failed 2", "failed 3");
        assertThat(slack.messages().get(2).payload().get("username").asText()).isEqualTo("changed");
    }

    @Test
    void aRuleIsInactiveWhenItsFileIsDeleted() throws Exception {
        RunningWatch.writeRule(root, "gone.yaml", rule("gone", "type: any"));
        start();
        // the row of a rule that never ran is deleted
        await().atMost(SOON)
                .until(() -> "true"
                        .equals(watch.value("select active::text from meta.rules where last_run_at > '-infinity'")));
        watch.removeRule("gone.yaml");
        await().atMost(SOON).until(() -> "false".equals(watch.value("select active::text from meta.rules")));
        log("1", "api");
        assertThat(watch.value("select hits from meta.rules")).isEqualTo("0");
    }

    @Test
    void aSecondRuleOfTheSameNameIsRefusedAndTheFirstRuns() throws Exception {
        RunningWatch.writeRule(root, "a.yaml", rule("twice", "type: any"));
        RunningWatch.writeRule(root, "b.yaml", rule("twice", "type: any"));
        start();
        await().atMost(SOON)
                .until(() -> "refused".equals(watch.value("select status from meta.edits where file like '%b.yaml'")));
        await().atMost(SOON).until(() -> "routes/alerts/a.yaml".equals(watch.value("select file from meta.rules")));
    }

    @Test
    void theReasonOfAFailedQueryIsStoredAndItsTimeIsCoveredLater() throws Exception {
        RunningWatch.writeRule(root, "bad.yaml", rule("bad", "type: any", "filter: [{no_such_query: {a: 1}}]"));
        start();
        await().atMost(SOON).until(() -> "failed".equals(watch.value("select status from meta.rules")));
        assertThat(watch.value("select error from meta.rules")).contains("no_such_query");
        log("1", "api");
        watch.writeRule("bad.yaml", rule("bad", "type: any", "filter: [{term: {level: error}}]"));
        awaitTexts("failed 1");
        assertThat(watch.value("select status from meta.rules")).isEqualTo("ok");
    }

    @Test
    void aDocumentWithoutATimeIsRejected() throws Exception {
        RunningWatch.writeRule(
                root,
                "odd.yaml",
                rule(
                        "odd",
                        "type: any",
                        "realert: {minutes: 0}",
                        "timestamp_field: \"@timestamp\"",
                        "timestamp_type: unix"));
        elasticsearch.deleteIndex(index);
        elasticsearch.createIndex(index, "{\"mappings\":{\"properties\":{\"@timestamp\":{\"type\":\"long\"}}}}");
        long now = Instant.now().getEpochSecond();
        elasticsearch.index(
                index,
                List.of(
                        Map.of("_id", "1", "@timestamp", List.of(now), "message", "odd"),
                        Map.of("_id", "2", "@timestamp", now, "message", "fine")));
        start();
        awaitTexts("fine");
        assertThat(watch.value("select reason from meta.rejects")).contains("@timestamp");
        assertThat(watch.value("select count(*) from meta.rejects")).isEqualTo("1");
        assertThat(watch.value("select status || ' ' || rejected || ' of ' || rejected_of from meta.rules"))
                .isEqualTo("failed 1 of 2");
    }

    @Test
    void theWarehouseDoesNotHoldTheWebhook() throws Exception {
        RunningWatch.writeRule(
                root, "secret.yaml", rule("secret", "type: any", "slack_webhook_url: " + slack.webhook("secret")));
        start();
        log("1", "api");
        awaitTexts("failed 1");
        String path = slack.webhook("secret").replaceFirst("http://[^/]+", "");
        assertThat(watch.value("select coalesce(string_agg(o::text, ''), '') from meta.outbox o"))
                .isNotEmpty()
                .doesNotContain(path);
        assertThat(watch.value("select string_agg(r::text, '') from meta.rules r"))
                .doesNotContain(path);
    }
}
