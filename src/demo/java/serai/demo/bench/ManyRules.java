package serai.demo.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import serai.demo.ElasticsearchNode;
import serai.demo.EmbeddedPassword;
import serai.demo.SeraiProcess;
import serai.demo.SlackDouble;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;
import serai.warehouse.WarehouseSettings;

/**
 * 100, 1,000 and 5,000 rules every 10 s, each over its own service's errors and telling its own Slack channel, against
 * a real Elasticsearch node and against the same node when each answer takes half a second. Then 100 rules that each
 * look at the same 1,000 documents, for the bytes. Arguments: {@code seconds of each stage:numbers of rules:seconds
 * before it is measured}, such as {@code 20:100,1000:30}; the JVM compiles what it runs for a minute or two. Processor
 * time is measured while nothing is found, then five documents a second are found for as long.
 *
 * <p>The peer's figures are those of the project's issue: ElastAlert 2.31 measured on a machine like this one.
 */
final class ManyRules {

    private static final double PEER_CPU_MILLIS = 4.3;
    private static final double PEER_SKIPPED_OF_1200 = 362;
    private static final double PEER_MEGABYTES = 852;
    private static final int PEER_SECONDS = 75;
    private static final int EVERY = 10;
    private static final int DOCUMENTS = 1000;
    private static final String MAPPING = """
            {"settings":{"number_of_shards":1,"number_of_replicas":0},"mappings":{"properties":{
              "@timestamp":{"type":"date"},"service":{"type":"keyword"},"level":{"type":"keyword"},
              "message":{"type":"text"},"n":{"type":"integer"}}}}""";

    private final Path folder = Path.of("target", "bench", "rules").toAbsolutePath();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Random random = new Random(20240301);
    private int port;
    private ProcessHandle postgres;
    private ElasticsearchNode node;
    private double idleMegabytes;
    private double idleCpu;
    private int warmUp;

    /** What a stage looks like. */
    private record Stage(String name, int rules, Duration held, int seconds, String indexed, boolean shared) {}

    /** What is counted at the beginning and at the end of a stage. */
    private record Counts(
            double seconds,
            long runs,
            long merged,
            long failed,
            double cpu,
            double postgresCpu,
            double elasticsearchCpu,
            long sent,
            long received,
            double requests,
            double questions) {}

    private static final Counts NOTHING = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    void run(String arguments) throws Exception {
        String[] words = arguments.isEmpty() ? new String[] {"60"} : arguments.split(":");
        int seconds = Integer.parseInt(words[0]);
        String listed = words.length < 2 ? "100,1000,5000" : words[1];
        int[] numbers =
                Arrays.stream(listed.split(",")).mapToInt(Integer::parseInt).toArray();
        warmUp = words.length < 3 ? 120 : Integer.parseInt(words[2]);
        FileUtils.deleteDirectory(folder.toFile());
        project();
        port = SeraiProcess.freePort();
        WarehouseSettings settings = new WarehouseSettings(
                "", "", "", folder.resolve("warehouse"), port, 3, Duration.ofSeconds(15), folder.resolve("sql/schema"));
        try (Warehouse warehouse = Warehouse.open(settings);
                ElasticsearchNode elasticsearch = ElasticsearchNode.start(folder.resolve("node"))) {
            node = elasticsearch;
            postgres = postmaster(warehouse);
            stage(new Stage("idle", 0, Duration.ZERO, Math.min(20, seconds), "none", false), warehouse);
            for (int rules : numbers) {
                stage(new Stage(rules + "-rules", rules, Duration.ZERO, seconds, "logs-" + rules, false), warehouse);
            }
            for (int rules : numbers) {
                stage(
                        new Stage(
                                rules + "-rules-slow", rules, Duration.ofMillis(500), seconds, "slow-" + rules, false),
                        warehouse);
            }
            stage(new Stage("shared-documents", 100, Duration.ZERO, PEER_SECONDS, "shared", true), warehouse);
        }
    }

    private static ProcessHandle postmaster(Warehouse warehouse) throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            long backend = value(c, "select pg_backend_pid()");
            return ProcessHandle.of(backend).flatMap(ProcessHandle::parent).orElseThrow();
        }
    }

    private void project() throws IOException {
        for (String part : List.of("sql/schema", "routes/kamelets", "routes/watch", "routes/show")) {
            FileUtils.copyDirectory(Path.of(part).toFile(), folder.resolve(part).toFile());
        }
        Files.copy(Path.of("application.properties"), folder.resolve("application.properties"));
        Files.copy(Path.of("routes/_errors.camel.yaml"), folder.resolve("routes/_errors.camel.yaml"));
    }

    private void stage(Stage stage, Warehouse warehouse) throws Exception {
        System.out.printf(
                "%s: %d rules, answers after %d ms, %d s%n",
                stage.name, stage.rules, stage.held.toMillis(), stage.seconds);
        String database = "bench_" + stage.name.replace('-', '_');
        try (Connection c = warehouse.dataSource().getConnection()) {
            Sql.on(c).execute("create database " + database);
        }
        node.createIndex(stage.indexed, MAPPING);
        FileUtils.deleteDirectory(folder.resolve("routes/alerts").toFile());
        try (SlackDouble slack = SlackDouble.start();
                Relay relay = new Relay(node.url(), stage.held)) {
            rules(stage, slack);
            if (stage.shared) {
                node.index(stage.indexed, documents());
            }
            String url = "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
            try (SeraiProcess serai = Bench.startJar(
                            folder,
                            Map.of(
                                    "warehouse.url",
                                    url,
                                    "warehouse.user",
                                    "postgres",
                                    "warehouse.password",
                                    EmbeddedPassword.of(folder.resolve("warehouse")),
                                    "watch.elasticsearch",
                                    relay.hostAddress(),
                                    "camel.main.shutdownTimeout",
                                    "5"));
                    Connection c = connection(url, serai)) {
                measure(stage, serai, c, relay, slack);
            }
        }
        node.deleteIndex(stage.indexed);
    }

    private Connection connection(String url, SeraiProcess serai) throws Exception {
        while (true) {
            serai.requireAlive();
            TimeUnit.MILLISECONDS.sleep(200);
            Connection c = java.sql.DriverManager.getConnection(
                    url, "postgres", EmbeddedPassword.of(folder.resolve("warehouse")));
            try {
                value(c, "select count(runs) from meta.rules");
                return c;
            } catch (SQLException e) {
                c.close();
            }
        }
    }

    private void rules(Stage stage, SlackDouble slack) throws IOException {
        Path alerts = Files.createDirectories(folder.resolve("routes/alerts"));
        for (int i = 0; i < stage.rules; i++) {
            String looksFor = stage.shared
                    ? "type: frequency\nnum_events: 1000000\ntimeframe: {minutes: 10}\n"
                            + "filter: [{term: {level: error}}]\n"
                    : "type: any\nrealert: {minutes: 0}\nfilter: [{term: {level: error}}, {term: {service: service-" + i
                            + "}}]\n";
            Files.writeString(
                    alerts.resolve("rule-" + i + ".yaml"),
                    "name: rule-" + i + "\nindex: " + stage.indexed + "\n" + looksFor
                            + "run_every: {seconds: " + EVERY
                            + "}\nbuffer_time: {minutes: 10}\nalert: slack\nslack_webhook_url: "
                            + slack.webhook("rule-" + i)
                            + "\nalert_text: \"{0}\"\nalert_text_args: [n]\nalert_text_type: alert_text_only\n");
        }
    }

    /** Documents of about 1 kB, as logs are, of the last minutes. */
    private List<Map<String, Object>> documents() {
        return IntStream.range(0, DOCUMENTS)
                .mapToObj(i -> document("any", i, Instant.now().minusMillis(random.nextInt(300_000))))
                .toList();
    }

    private Map<String, Object> document(String service, int n, Instant at) {
        return Map.of(
                "@timestamp",
                at.toString(),
                "level",
                "error",
                "service",
                service,
                "n",
                n,
                "message",
                "failed at line " + random.nextInt(1000) + " " + "stack of calls ".repeat(50));
    }

    private void measure(Stage stage, SeraiProcess serai, Connection c, Relay relay, SlackDouble slack)
            throws Exception {
        long begun = System.nanoTime();
        while (value(c, "select count(*) from meta.rules where runs > 0") < stage.rules) {
            serai.requireAlive();
            TimeUnit.MILLISECONDS.sleep(200);
            if (System.nanoTime() - begun > TimeUnit.MINUTES.toNanos(3)) {
                System.out.printf(
                        "after 3 minutes %d of %d rules have run%n",
                        value(c, "select count(*) from meta.rules where runs > 0"), stage.rules);
                break;
            }
        }
        double untilAll = (System.nanoTime() - begun) / 1e9;
        if (!stage.shared) {
            TimeUnit.SECONDS.sleep(warmUp);
        }
        double started = System.nanoTime() / 1e9;
        Counts before = stage.shared ? NOTHING : counts(serai, c, relay);
        TimeUnit.SECONDS.sleep(stage.seconds);
        Counts after = counts(serai, c, relay);
        double resident = Processes.residentMegabytes(serai.pid(), "VmRSS");
        if (stage.rules == 0) {
            idleMegabytes = resident;
            idleCpu = (after.cpu - before.cpu) / stage.seconds;
            Bench.figure("rules.idle.memory", resident, "MB");
            Bench.figure("rules.idle.cpu", idleCpu * 1000, "ms/s");
            return;
        }
        report(
                stage,
                before,
                after,
                stage.shared ? after.seconds - started + untilAll : after.seconds - before.seconds,
                resident);
        if (!stage.shared) {
            delays(stage, serai, slack);
        }
    }

    private void delays(Stage stage, SeraiProcess serai, SlackDouble slack) throws Exception {
        double cpu = Processes.cpuSeconds(serai.pid());
        Map<Integer, Instant> searchable = probes(stage);
        List<Double> delays = delays(searchable, slack);
        if (delays.isEmpty()) {
            throw new IllegalStateException("No alert arrived:\n" + serai.log());
        }
        figure(stage, "delay-p50", delays.get(delays.size() / 2), "s");
        figure(
                stage,
                "delay-p99",
                delays.get((int) Math.min(delays.size() - 1, Math.round(delays.size() * 0.99))),
                "s");
        figure(stage, "alerts", delays.size(), "alerts");
        figure(stage, "alerts-undelivered", searchable.size() - delays.size(), "alerts");
        figure(stage, "cpu-while-alerting", (Processes.cpuSeconds(serai.pid()) - cpu) / stage.seconds * 1000, "ms/s");
    }

    /** Five documents a second, each for a rule of its own as far as there are enough. */
    private Map<Integer, Instant> probes(Stage stage) throws Exception {
        Map<Integer, Instant> searchable = new HashMap<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(stage.seconds);
        for (int n = 0; System.nanoTime() < end; n++) {
            int rule = (int) ((n * 7919L) % stage.rules);
            node.index(stage.indexed, List.of(document("service-" + rule, n, Instant.now())));
            searchable.put(n, Instant.now());
            TimeUnit.MILLISECONDS.sleep(200);
        }
        return searchable;
    }

    private static List<Double> delays(Map<Integer, Instant> searchable, SlackDouble slack)
            throws InterruptedException {
        Map<Integer, Double> delays = new HashMap<>();
        for (int i = 0; i < 60 && delays.size() < searchable.size(); i++) {
            TimeUnit.MILLISECONDS.sleep(500);
            for (SlackDouble.Post post : slack.messages()) {
                int n = Integer.parseInt(
                        post.payload().at("/attachments/0/text").asText().strip());
                if (searchable.containsKey(n)) {
                    delays.putIfAbsent(
                            n, Duration.between(searchable.get(n), post.at()).toMillis() / 1000.0);
                }
            }
        }
        return new ArrayList<>(delays.values().stream().sorted().toList());
    }

    private void report(Stage stage, Counts before, Counts after, double seconds, double resident) {
        long runs = after.runs - before.runs;
        long merged = after.merged - before.merged;
        double due = stage.rules * seconds / EVERY;
        figure(stage, "runs-due", due, "runs");
        figure(stage, "runs-done", runs, "runs");
        figure(stage, "runs-merged-into-the-next", merged, "runs");
        figure(stage, "runs-failed", after.failed - before.failed, "runs");
        if (stage.name.equals("100-rules-slow")) {
            figure(stage, "peer-runs-skipped", PEER_SKIPPED_OF_1200 / 1200 * 100, "percent");
        }
        figure(stage, "requests", after.requests - before.requests, "requests");
        figure(stage, "questions", after.questions - before.questions, "questions");
        double megabytes = (after.sent - before.sent + after.received - before.received) / 1e6;
        figure(stage, "sent", (after.sent - before.sent) / 1e6, "MB");
        figure(stage, "received", (after.received - before.received) / 1e6, "MB");
        if (stage.shared) {
            figure(stage, "peer-received", PEER_MEGABYTES, "MB");
            figure(stage, "bytes-ratio", megabytes / PEER_MEGABYTES, "x");
            // counted from the very start, so the processor's time is that of starting
            return;
        }
        double cpu = (after.cpu - before.cpu) * 1000 / Math.max(1, runs);
        figure(stage, "cpu-a-run", cpu, "ms");
        figure(stage, "cpu-above-idle-a-run", cpu - idleCpu * seconds * 1000 / Math.max(1, runs), "ms");
        figure(stage, "peer-cpu-a-run", PEER_CPU_MILLIS, "ms");
        figure(stage, "cpu-ratio", cpu / PEER_CPU_MILLIS, "x");
        figure(stage, "postgres-cpu-a-run", (after.postgresCpu - before.postgresCpu) * 1000 / Math.max(1, runs), "ms");
        figure(
                stage,
                "elasticsearch-cpu-a-run",
                (after.elasticsearchCpu - before.elasticsearchCpu) * 1000 / Math.max(1, runs),
                "ms");
        figure(stage, "memory-above-idle", resident - idleMegabytes, "MB");
    }

    private static void figure(Stage stage, String name, double value, String unit) {
        Bench.figure("rules." + stage.name + "." + name, value, unit);
    }

    private Counts counts(SeraiProcess serai, Connection c, Relay relay) throws Exception {
        serai.requireAlive();
        String metrics = client.send(
                        HttpRequest.newBuilder(URI.create(serai.management() + "/observe/metrics"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        return new Counts(
                System.nanoTime() / 1e9,
                value(c, "select coalesce(sum(runs), 0) from meta.rules"),
                value(c, "select coalesce(sum(merged_runs), 0) from meta.rules"),
                (long) metric(metrics, "serai_watch_runs_failed_total"),
                Processes.cpuSeconds(serai.pid()),
                Processes.familyCpuSeconds(postgres),
                Processes.cpuSeconds(node.pid()),
                relay.sent.sum(),
                relay.received.sum(),
                metric(metrics, "serai_watch_search_requests_total"),
                metric(metrics, "serai_watch_search_questions_total"));
    }

    private static double metric(String metrics, String name) {
        try (Stream<String> lines = metrics.lines()) {
            return lines.filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    private static long value(Connection c, String sql) throws SQLException {
        return Sql.on(c).first(sql, row -> row.result().getLong(1)).orElseThrow();
    }
}
