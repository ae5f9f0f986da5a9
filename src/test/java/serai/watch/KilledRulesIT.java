package serai.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.Rounds;
import serai.demo.ElasticsearchNode;
import serai.demo.ProductLogs;
import serai.demo.SharedElasticsearch;
import serai.warehouse.TestWarehouse;
import serai.warehouse.Warehouse;

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

    private final List<Process> children = new ArrayList<>();
    private final Random random = new Random(20261123);

    @AfterEach
    void killChildren() throws Exception {
        children.forEach(Process::destroyForcibly);
        SharedElasticsearch.node().deleteIndex(INDEX);
    }

    private Process start(String url) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RulesChild.class.getName(),
                        root.resolve("project").toString(),
                        url,
                        SharedElasticsearch.node().hostAddress())
                .redirectErrorStream(true)
                .redirectOutput(
                        root.resolve("child-" + children.size() + ".log").toFile())
                .start();
        children.add(child);
        return child;
    }

    private static void kill(Process child) throws InterruptedException {
        child.destroyForcibly();
        assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
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
        ElasticsearchNode node = SharedElasticsearch.node();
        node.createIndex(INDEX, ProductLogs.MAPPING);
        Files.createDirectories(root.resolve("project"));
        rules();
        String url = TestWarehouse.newDatabase();
        try (Warehouse warehouse = Warehouse.open(TestWarehouse.settings(url))) {
            List<Process> alive = new ArrayList<>(List.of(start(url), start(url)));
            await().atMost(LONG).until(() -> runs(warehouse) > 0);
            Map<String, Integer> services = new TreeMap<>();
            int documents = 0;
            for (int kill = 0; kill < KILLS; kill++) {
                long before = runs(warehouse);
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
                await().atMost(LONG).until(() -> runs(warehouse) > before);
                kill(alive.remove(random.nextInt(alive.size())));
                alive.add(start(url));
            }
            int expected = EACH
                    * (documents
                            + services.values().stream().mapToInt(n -> n / 3).sum());
            await().atMost(LONG).until(() -> queued(warehouse) >= expected);
            long after = runs(warehouse);
            await().atMost(LONG).until(() -> runs(warehouse) > after + 3 * 2 * EACH);
            assertThat(queued(warehouse)).isEqualTo(expected);
            assertThat(perRule(warehouse, "each-%")).hasSize(EACH).containsOnly(documents + " of " + documents);
        }
    }

    private static long runs(Warehouse warehouse) {
        return Long.parseLong(RunningWatch.value(warehouse, "select coalesce(sum(runs), 0) from meta.rules"));
    }

    private static long queued(Warehouse warehouse) {
        return Long.parseLong(RunningWatch.value(warehouse, "select count(*) from meta.outbox"));
    }

    /** Messages and different messages of each rule. */
    private static List<String> perRule(Warehouse warehouse, String rules) throws Exception {
        List<String> counts = new ArrayList<>();
        try (Connection c = warehouse.dataSource().getConnection();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery(
                        "select count(distinct payload #>> '{attachments,0,text}') || ' of ' || count(*) from meta.outbox where rule like '"
                                + rules + "' group by rule")) {
            while (r.next()) {
                counts.add(r.getString(1));
            }
        }
        return counts;
    }
}
