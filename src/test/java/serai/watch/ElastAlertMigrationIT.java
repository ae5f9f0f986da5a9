package serai.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.ElasticsearchNode;
import serai.demo.ProductLogs;
import serai.demo.SlackDouble;
import serai.testing.TestDatabase;
import serai.testing.TestElasticsearch;
import serai.warehouse.Warehouse;
import serai.watch.elastalert.ElastAlertState;

/** An ElastAlert folder with its config.yaml and its state, as it stands, on real servers. */
class ElastAlertMigrationIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String INDEX = "moving-over";
    private static final String STATE = "moving_over_state";

    @TempDir
    Path folder;

    private final ElasticsearchNode elasticsearch = TestElasticsearch.node();
    private Path root;
    private TestDatabase database;
    private Warehouse warehouse;
    private SlackDouble slack;
    private RunningWatch watch;

    @BeforeEach
    void layOutElastAlert() throws Exception {
        root = Files.createDirectories(folder.resolve("serai"));
        database = new TestDatabase();
        warehouse = database.warehouse();
        slack = SlackDouble.start();
        elasticsearch.createIndex(INDEX, ProductLogs.MAPPING);
        for (String kind : List.of("alert", "status", "silence", "error")) {
            try (InputStream mapping = ElastAlertState.class.getResourceAsStream(kind + ".json")) {
                elasticsearch.createIndex(
                        kind.equals("alert") ? STATE : STATE + "_" + kind,
                        "{\"mappings\": " + new String(mapping.readAllBytes(), StandardCharsets.UTF_8) + "}");
            }
        }
        Path elastalert = Files.createDirectories(folder.resolve("elastalert/rules/team"));
        String[] address = elasticsearch.hostAddress().split(":");
        Files.writeString(
                folder.resolve("elastalert/config.yaml"),
                "es_host: " + address[0] + "\nes_port: " + address[1]
                        + "\nrules_folder: " + folder.resolve("elastalert/rules")
                        + "\nrun_every: {seconds: 1}\nbuffer_time: {minutes: 15}\n"
                        + "writeback_index: " + STATE + "\nalert_time_limit: {days: 2}\nmax_threads: 20\n"
                        + "slack_webhook_url: " + slack.webhook("ops") + "\n");
        Files.writeString(
                elastalert.resolve("base.inc"),
                "index: " + INDEX + "\nalert: slack\nalert_text: \"{0}\"\n"
                        + "alert_text_args: [message]\nalert_text_type: alert_text_only\nrealert: {minutes: 0}\n");
        Files.writeString(elastalert.resolve("each.yaml"), "import: base.inc\nname: each\ntype: any\n");
        Files.writeString(
                elastalert.resolve("python.yaml"),
                "import: base.inc\nname: python\ntype: elastalert_modules.mine.Rule\n");
    }

    @AfterEach
    void stop() throws Exception {
        if (watch != null) {
            watch.close();
        }
        slack.close();
        database.close();
        for (String index :
                List.of(INDEX, STATE, STATE + "_status", STATE + "_silence", STATE + "_error", STATE + "_past")) {
            elasticsearch.deleteIndex(index);
        }
    }

    private void start(String written) throws Exception {
        watch = RunningWatch.start(
                root,
                database,
                "watch.elasticsearch",
                "127.0.0.1:1",
                "watch.elastalert-config",
                folder.resolve("elastalert/config.yaml").toString(),
                "watch.write-elastalert-state",
                written);
    }

    private void log(String id, Instant at) throws Exception {
        elasticsearch.index(
                INDEX,
                List.of(Map.of(
                        "_id",
                        id,
                        "@timestamp",
                        at.toString(),
                        "level",
                        "error",
                        "service",
                        "api",
                        "message",
                        "failed " + id)));
    }

    private List<String> texts() {
        return slack.messages().stream()
                .map(m -> m.payload().at("/attachments/0/text").asText().strip())
                .toList();
    }

    @Test
    void seraiContinuesWhereElastAlertStopped() throws Exception {
        Instant stopped = Instant.now().minusSeconds(300);
        elasticsearch.index(
                STATE + "_status",
                List.of(Map.of(
                        "rule_name",
                        "each",
                        "endtime",
                        stopped.toString(),
                        "starttime",
                        stopped.minusSeconds(60).toString(),
                        "hits",
                        0,
                        "matches",
                        0,
                        "@timestamp",
                        stopped.toString())));
        elasticsearch.index(
                STATE,
                List.of(Map.of(
                        "rule_name",
                        "each",
                        "alert_sent",
                        false,
                        "alert_time",
                        stopped.toString(),
                        "@timestamp",
                        stopped.toString(),
                        "match_body",
                        Map.of("@timestamp", stopped.toString(), "message", "failed while Slack was down"))));
        log("alerted before", stopped.minusSeconds(30));
        log("missed", stopped.plusSeconds(30));

        start("false");
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(texts()).containsExactlyInAnyOrder("failed missed", "failed while Slack was down"));
        log("new", Instant.now());
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(texts())
                        .containsExactlyInAnyOrder("failed missed", "failed while Slack was down", "failed new"));
        assertThat(
                        watch.value(
                                "select string_agg(status || ' ' || reason, '') from meta.edits where file like '%python.yaml'"))
                .contains("refused")
                .contains("names a Python class");
        assertThat(watch.value("select count(*) from meta.elastalert_documents"))
                .isEqualTo("0");
    }

    @Test
    void silencesOfElastAlertStayActive() throws Exception {
        elasticsearch.index(
                STATE + "_silence",
                List.of(Map.of(
                        "rule_name",
                        "each._silence",
                        "until",
                        Instant.now().plusSeconds(3_600).toString(),
                        "exponent",
                        0,
                        "@timestamp",
                        Instant.now().toString())));
        log("silenced", Instant.now().minusSeconds(10));
        start("false");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(watch.value("select matches from meta.rules where rule = 'each'"))
                        .isEqualTo("1"));
        assertThat(watch.value("select count(*) from meta.outbox")).isEqualTo("0");
    }

    @Test
    void stateIsWrittenToTheIndicesOfElastAlert() throws Exception {
        start("true");
        log("1", Instant.now());
        await().atMost(SOON).untilAsserted(() -> assertThat(texts()).containsExactly("failed 1"));
        await().atMost(SOON).untilAsserted(() -> {
            elasticsearch.refresh();
            JsonNode alert = elasticsearch
                    .send("GET", "/" + STATE + "/_search?q=rule_name:each", null)
                    .at("/hits/hits");
            assertThat(alert).hasSize(1);
            assertThat(alert.at("/0/_source/alert_sent").asBoolean()).isTrue();
            assertThat(alert.at("/0/_source/match_body/message").asText()).isEqualTo("failed 1");
            JsonNode statuses = elasticsearch
                    .send("GET", "/" + STATE + "_status/_search?q=matches:1", null)
                    .at("/hits/hits");
            assertThat(statuses).hasSize(1);
            assertThat(statuses.at("/0/_source/hits").asInt()).isEqualTo(1);
        });
    }

    @Test
    void aRuleIsReadAgainWhenAFileThatItImportsIsEdited() throws Exception {
        start("false");
        log("1", Instant.now());
        await().atMost(SOON).untilAsserted(() -> assertThat(texts()).containsExactly("failed 1"));
        Path base = folder.resolve("elastalert/rules/team/base.inc");
        Files.writeString(base, Files.readString(base).replace("\"{0}\"", "\"edited: {0}\""));
        await().atMost(SOON).untilAsserted(() -> {
            log(String.valueOf(System.nanoTime()), Instant.now());
            assertThat(texts()).last().asString().startsWith("edited: failed");
        });
    }

    @Test
    void aWrongConfigurationStopsTheStart() throws Exception {
        Files.writeString(folder.resolve("elastalert/config.yaml"), "es_host: x\nrun_every: 5\n");
        assertThatThrownBy(() -> start("false"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("config.yaml:2: run_every");
        Files.delete(folder.resolve("elastalert/config.yaml"));
        assertThatThrownBy(() -> start("false"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("watch.elastalert-config");
    }
}
