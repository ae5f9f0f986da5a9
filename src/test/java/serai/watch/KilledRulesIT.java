package serai.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.ElasticsearchNode;
import serai.demo.ProductLogs;
import serai.demo.SeraiProcess;
import serai.testing.Rounds;
import serai.testing.TestDatabase;
import serai.testing.TestElasticsearch;

/**
 * {@code kill -9} of the process that runs the rules, in the middle of its commits, while another stands by: each
 * document of each rule becomes one alert, and each three documents of a window one.
 */
class KilledRulesIT {

    private static final String INDEX = "killed-rules";
    private static final int EACH = 30;
    private static final int KILLS = Rounds.of(3, 30);
    private static final Duration LONG = Duration.ofSeconds(120);

    @TempDir
    Path root;

    private final List<SeraiProcess> children = new ArrayList<>();
    private final Random random = new Random(20261123);

    @AfterEach
    void killChildren() throws Exception {
        for (SeraiProcess child : children) {
            child.kill();
        }
        TestElasticsearch.node().deleteIndex(INDEX);
    }

    private SeraiProcess start(TestDatabase database) throws Exception {
        Map<String, String> settings = new HashMap<>(database.properties());
        settings.put("watch.elasticsearch", TestElasticsearch.node().hostAddress());
        settings.put("watch.run-every", "1s");
        // nothing takes messages: what matters here is what is queued
        settings.put("watch.slack-webhook", "http://127.0.0.1:9/services/T0/B0/none");
        Path project = root.resolve("project");
        RunningWatch.copyFiles(project);
        SeraiProcess child = SeraiProcess.start(project, settings);
        children.add(child);
        return child;
    }

    private void rules() throws Exception {
        String common = "index: " + INDEX + "\nrealert: {minutes: 0}\nbuffer_time: {minutes: 10}\nalert: slack\n"
                + "alert_text: \"{0}\"\nalert_text_args: [_id]\nalert_text_type: alert_text_only\n";
        for (int i = 0; i < EACH; i++) {
            RunningWatch.writeRule(
                    root.resolve("project"), "each-" + i + ".yaml", "name: each-" + i + "\ntype: any\n" + common);
            RunningWatch.writeRule(
                    root.resolve("project"),
                    "three-" + i + ".yaml",
                    "name: three-" + i
                            + "\ntype: frequency\nnum_events: 3\ntimeframe: {minutes: 10}\nquery_key: service\n"
                            + common);
        }
    }

    @Test
    void everyAlertIsQueuedOnceHoweverOftenTheProcessIsKilled() throws Exception {
        ElasticsearchNode node = TestElasticsearch.node();
        node.createIndex(INDEX, ProductLogs.MAPPING);
        Files.createDirectories(root.resolve("project"));
        rules();
        try (TestDatabase database = new TestDatabase()) {
            List<SeraiProcess> alive = new ArrayList<>(List.of(start(database), start(database)));
            await().atMost(LONG).until(() -> runs(database) > 0);
            Map<String, Integer> services = new TreeMap<>();
            int documents = 0;
            for (int kill = 0; kill < KILLS; kill++) {
                long before = runs(database);
                for (int i = 0; i < 10; i++) {
                    String service = "s" + random.nextInt(3);
                    services.merge(service, 1, Integer::sum);
                    node.index(
                            INDEX,
                            List.of(Map.of(
                                    "_id",
                                    "d" + documents++,
                                    "@timestamp",
                                    Instant.now().toString(),
                                    "level",
                                    "error",
                                    "service",
                                    service,
                                    "message",
                                    "failed")));
                    await().pollDelay(Duration.ofMillis(random.nextInt(150))).until(() -> true);
                }
                await().atMost(LONG).until(() -> runs(database) > before);
                alive.remove(random.nextInt(alive.size())).kill();
                alive.add(start(database));
            }
            int expected = EACH
                    * (documents
                            + services.values().stream().mapToInt(n -> n / 3).sum());
            await().atMost(LONG).until(() -> queued(database) >= expected);
            long after = runs(database);
            await().atMost(LONG).until(() -> runs(database) > after + 3 * 2 * EACH);
            assertThat(queued(database)).isEqualTo(expected);
            assertThat(perRule(database, "each-%")).hasSize(EACH).containsOnly(documents + " of " + documents);
        }
    }

    private static long runs(TestDatabase database) {
        return Long.parseLong(database.value("select coalesce(sum(runs), 0) from meta.rules"));
    }

    private static long queued(TestDatabase database) {
        return Long.parseLong(database.value("select count(*) from meta.outbox"));
    }

    /** Messages and different messages of each rule. */
    private static List<String> perRule(TestDatabase database, String rules) throws Exception {
        return database.rows(
                "select count(distinct payload #>> '{attachments,0,text}') || ' of ' || count(*) from meta.outbox"
                        + " where rule like ? group by rule",
                rules);
    }
}
