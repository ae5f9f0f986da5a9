package serai.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.ElasticsearchNode;
import serai.demo.ProductLogs;
import serai.demo.SeraiProcess;
import serai.testing.Rounds;
import serai.testing.TestDatabase;
import serai.testing.TestElasticsearch;
import serai.watch.elastalert.ElastAlertState;

/**
 * {@code kill -9} of the process that takes over what an ElastAlert left, in the middle of its commit and just behind
 * it: nothing is half imported, and what waited, what had failed and what had not been queried is reported once.
 */
class KilledStateImportIT {

    private static final String INDEX = "killed-take-over";
    private static final String STATE = "killed_take_over_state";
    private static final int RULES = 20;
    private static final int KILLS = Rounds.of(2, 30);
    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir
    Path root;

    private final ElasticsearchNode node = TestElasticsearch.node();
    private final List<SeraiProcess> children = new ArrayList<>();
    private final Random random = new Random(20261123);
    private final Instant stopped = Instant.now().minusSeconds(300).truncatedTo(ChronoUnit.SECONDS);

    @AfterEach
    void killChildren() throws Exception {
        for (SeraiProcess child : children) {
            child.kill();
        }
        for (String index : List.of(INDEX, STATE, STATE + "_status", STATE + "_silence")) {
            node.deleteIndex(index);
        }
    }

    private SeraiProcess start(TestDatabase database) throws Exception {
        Map<String, String> settings = new HashMap<>(database.properties());
        settings.put("watch.elasticsearch", node.hostAddress());
        settings.put("watch.run-every", "1s");
        // nothing takes messages: what matters here is what is queued
        settings.put("watch.slack-webhook", "http://127.0.0.1:9/services/T0/B0/none");
        settings.put("watch.writeback-index", STATE);
        Path project = root.resolve("project");
        RunningWatch.copyFiles(project);
        SeraiProcess child = SeraiProcess.start(project, settings);
        children.add(child);
        return child;
    }

    /**
     * Each rule ran until 'stopped', has a group of three that waits, and one that failed; the first one is silenced as
     * a whole.
     */
    private void leaveWhatElastAlertLeaves() throws Exception {
        node.createIndex(INDEX, ProductLogs.MAPPING);
        for (String kind : List.of("alert", "status", "silence")) {
            try (InputStream mapping = ElastAlertState.class.getResourceAsStream(kind + ".json")) {
                node.createIndex(
                        kind.equals("alert") ? STATE : STATE + "_" + kind,
                        "{\"mappings\": " + new String(mapping.readAllBytes(), StandardCharsets.UTF_8) + "}");
            }
        }
        for (int i = 0; i < RULES; i++) {
            String rule = "rule-" + i;
            RunningWatch.writeRule(
                    root.resolve("project"),
                    rule + ".yaml",
                    "name: " + rule + "\ntype: any\nindex: " + INDEX
                            + "\nrealert: {minutes: 0}\nbuffer_time: {minutes: 10}\nalert: slack\nalert_text: \"{0}\"\nalert_text_args: [_id]\n"
                            + "alert_text_type: alert_text_only\n");
            node.index(
                    STATE + "_status",
                    List.of(Map.of(
                            "rule_name",
                            rule,
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
            node.index(
                    STATE,
                    List.of(
                            alert(rule, "first", Map.of("_id", rule + "-first")),
                            alert(rule, "second", Map.of("_id", rule + "-second", "aggregate_id", rule + "-first")),
                            alert(rule, "third", Map.of("_id", rule + "-third", "aggregate_id", rule + "-first")),
                            alert(rule, "failed", Map.of("_id", rule + "-failed", "alert_exception", "no network"))));
        }
        node.index(
                STATE + "_silence",
                List.of(Map.of(
                        "rule_name",
                        "rule-0._silence",
                        "until",
                        Instant.now().plusSeconds(3_600).toString(),
                        "exponent",
                        0,
                        "@timestamp",
                        stopped.toString())));
        // ElastAlert had noted the alert that failed, but not that its run had ended: it is found again
        for (String id : List.of("failed", "missed")) {
            node.index(
                    INDEX,
                    List.of(Map.of(
                            "_id",
                            id,
                            "@timestamp",
                            stopped.plusSeconds(30).toString(),
                            "level",
                            "error",
                            "service",
                            "api",
                            "message",
                            id)));
        }
    }

    private Map<String, Object> alert(String rule, String match, Map<String, Object> others) {
        Instant at = stopped.plusSeconds(30);
        Map<String, Object> alert = new LinkedHashMap<>(Map.of(
                "rule_name",
                rule,
                "alert_sent",
                false,
                "alert_time",
                at.toString(),
                "@timestamp",
                at.toString(),
                "match_body",
                Map.of("@timestamp", at.toString(), "_id", match, "_index", INDEX)));
        alert.putAll(others);
        return alert;
    }

    @Test
    void alertsThatElastAlertLeftAreSentOnceHoweverOftenTheProcessIsKilled() throws Exception {
        Files.createDirectories(root.resolve("project"));
        leaveWhatElastAlertLeaves();
        try (TestDatabase database = new TestDatabase()) {
            database.execute(
                    "create function slow() returns trigger language plpgsql as $$begin perform pg_sleep(0.05); return new; end$$");
            database.execute(
                    "create trigger slow after insert on meta.elastalert for each row execute function slow()");
            for (int kill = 0; kill < KILLS; kill++) {
                SeraiProcess child = start(database);
                await().atMost(LONG)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> count(
                                        database,
                                        "pg_stat_activity where state <> 'idle' and query like 'insert into meta.elastalert%'"
                                                + " and datname = current_database()")
                                > 0);
                int pause = random.nextInt(600);
                await().pollDelay(Duration.ofMillis(pause)).until(() -> true);
                child.kill();
                assertThat(count(database, "meta.elastalert")).isZero();
                assertThat(count(database, "meta.pending_alerts")
                                + count(database, "meta.notified")
                                + count(database, "meta.silences")
                                + count(database, "meta.outbox")
                                + count(database, "meta.rules where ends_at is not null"))
                        .isZero();
            }
            database.execute("drop trigger slow on meta.elastalert");
            SeraiProcess taker = start(database);
            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> count(database, "meta.elastalert") == RULES);
            taker.kill();

            start(database);
            await().atMost(LONG).until(() -> count(database, "meta.outbox") >= 3 * RULES - 1);
            long runs = runs(database);
            await().atMost(LONG).until(() -> runs(database) > runs + 2 * RULES);
            assertThat(rows(database, "rule <> 'rule-0'"))
                    .hasSize(3 * (RULES - 1))
                    .allMatch(row -> row.matches("rule-\\d+: (first second third|failed|missed)"))
                    .doesNotHaveDuplicates();
            assertThat(rows(database, "rule = 'rule-0'"))
                    .containsExactlyInAnyOrder("rule-0: first second third", "rule-0: failed");
            assertThat(count(database, "meta.elastalert")).isEqualTo(RULES);
        }
    }

    private static List<String> rows(TestDatabase database, String rules) {
        String all = database.value("select string_agg(rule || ': ' || btrim(regexp_replace(regexp_replace("
                + "payload #>> '{attachments,0,text}', '-{40}', ' ', 'g'), '\\s+', ' ', 'g')), ';') from meta.outbox where "
                + rules);
        return List.of(all.split(";"));
    }

    private static long count(TestDatabase database, String from) {
        return Long.parseLong(database.value("select count(*) from " + from));
    }

    private static long runs(TestDatabase database) {
        return Long.parseLong(database.value("select coalesce(sum(runs), 0) from meta.rules"));
    }
}
