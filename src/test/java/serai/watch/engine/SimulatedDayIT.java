package serai.watch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import serai.testing.Rounds;
import serai.testing.TestDatabase;
import serai.warehouse.Warehouse;
import serai.watch.alert.AlertDecider;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Enhancement;
import serai.watch.query.MemoryIndex;
import serai.watch.query.Search;
import serai.watch.run.RuleRun;

/**
 * A day of 24 hours by a simulated clock, on the real engine and a real warehouse: Elasticsearch fails for minutes up
 * to an hour, the process stops at random moments and starts again later, rule files are edited, documents come late.
 * The expected alerts are calculated from the documents alone, by the definition of each rule.
 */
class SimulatedDayIT {

    private static final Instant T0 = Instant.parse("2024-03-01T00:00:00Z");
    private static final int MINUTES = 24 * 60;
    private static final RuleRun.Bounds BOUNDS = new RuleRun.Bounds(10_000, 100, 100_000, Duration.ofDays(7));
    private static final String COMMON = "run_every: {minutes: 1}\nbuffer_time: {minutes: 15}\nrealert: {minutes: 0}\n";

    private final TestDatabase database = new TestDatabase();
    private final Warehouse warehouse = database.warehouse();
    private final MemoryIndex index = new MemoryIndex();
    private final List<Document> documents = new ArrayList<>();
    private volatile Instant now = T0;
    private volatile boolean outage;
    private int edits;
    private Engine engine;

    private record Document(String id, Instant time, String kind, String user) {}

    /** The clock of the simulation. */
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);

    @AfterEach
    void close() {
        if (engine != null) {
            engine.close();
        }
        database.close();
    }

    static LongStream seeds() {
        return LongStream.concat(LongStream.of(20240301), LongStream.range(1, Rounds.of(1, 8)));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyMatchIsAlertedOnceWhateverHappens(long seed) throws Exception {
        Random random = new Random(seed);
        write(random);
        start();
        int stoppedUntil = 0;
        int outageUntil = 0;
        for (int minute = 1; minute <= MINUTES + 60; minute++) {
            now = T0.plus(Duration.ofMinutes(minute)).plusMillis(random.nextInt(3_000));
            synchronized (index) {
                index.at(now);
            }
            boolean over = minute > MINUTES;
            if (!over && minute > outageUntil && random.nextInt(180) == 0) {
                outageUntil = minute + 1 + random.nextInt(60);
            }
            outage = minute <= outageUntil && !over;
            if (engine == null && (minute > stoppedUntil || over)) {
                start();
            }
            if (engine != null) {
                if (!over && random.nextInt(120) == 0) {
                    // these runs may be anywhere between their queries and their commit
                    engine.startDueRuns();
                    stop();
                    stoppedUntil = minute + random.nextInt(40);
                } else {
                    if (random.nextInt(100) == 0) {
                        edits++;
                        engine.setRules(rules());
                    }
                    runDueRules();
                }
            }
        }
        soon().until(() -> alerted("grouped-errors").size() >= ids("error").size());
        assertThat(alerted("errors")).containsExactlyInAnyOrderElementsOf(ids("error"));
        assertThat(alerted("grouped-errors")).containsExactlyInAnyOrderElementsOf(ids("error"));
        assertThat(alerted("listed"))
                .containsExactlyInAnyOrderElementsOf(documents.stream()
                        .filter(d -> d.user.equals("mallory"))
                        .map(Document::id)
                        .toList());
        assertThat(alerted("logins")).containsExactlyInAnyOrderElementsOf(bursts());
        assertThat(alerted("newcomers")).containsExactlyInAnyOrderElementsOf(firstOfEachUser());
        assertThat(documents.size()).isGreaterThan(1_500);
    }

    /**
     * Every minute some documents; of errors and payments one in ten comes up to ten minutes late. Logins come in time,
     * in bursts.
     */
    private void write(Random random) {
        for (int minute = 0; minute < MINUTES; minute++) {
            Instant start = T0.plus(Duration.ofMinutes(minute));
            if (random.nextInt(3) == 0) {
                add(random, start, "error", "u" + random.nextInt(5), true);
            }
            if (random.nextInt(10) == 0) {
                add(random, start, "payment", random.nextInt(20) == 0 ? "mallory" : "u" + random.nextInt(5), true);
            }
            int logins = random.nextInt(30) == 0 ? 6 : random.nextInt(2);
            String user = "u" + random.nextInt(5);
            for (int i = 0; i < logins; i++) {
                add(random, start, "login", user, false);
            }
            if (random.nextInt(60) == 0) {
                add(random, start, "signup", "new" + minute, false);
            }
        }
        documents.sort((a, b) -> a.time.compareTo(b.time));
    }

    private void add(Random random, Instant start, String kind, String user, boolean mayBeLate) {
        Instant time = start.plusMillis(random.nextInt(60_000));
        String id = kind + "-" + documents.size();
        long delay = mayBeLate && random.nextInt(10) == 0 ? random.nextInt(600_000) : 0;
        documents.add(new Document(id, time, kind, user));
        index.add(
                new Search.Hit("logs", id, Map.of("@timestamp", time.toString(), "kind", kind, "user", user)),
                time.plusMillis(delay));
    }

    private Map<String, AlertRule> rules() {
        Map<String, AlertRule> rules = new TreeMap<>();
        add(rules, "errors", "type: any\nfilter: [{term: {kind: error}}]");
        add(rules, "grouped-errors", "type: any\nfilter: [{term: {kind: error}}]\naggregation: {minutes: 30}");
        add(rules, "listed", "type: blacklist\ncompare_key: user\nblacklist: [mallory]\nfilter_by_list: false");
        add(
                rules,
                "logins",
                "type: frequency\nnum_events: 5\ntimeframe: {minutes: 2}\nquery_key: user\nfilter: [{term: {kind: login}}]");
        add(
                rules,
                "newcomers",
                "type: new_term\nfields: user\nuse_keyword_postfix: false\nfilter: [{term: {kind: signup}}]");
        return rules;
    }

    /** An edit of what does not change the meaning of a rule. */
    private void add(Map<String, AlertRule> rules, String name, String lines) {
        rules.put(name, TestRules.alertRule(name, COMMON + lines, "description: edit " + edits));
    }

    private void start() {
        Search search = request -> {
            synchronized (index) {
                return outage
                        ? CompletableFuture.failedFuture(new Search.FailedException("out of order", null))
                        : index.ask(request);
            }
        };
        engine = new Engine(
                warehouse,
                search,
                new AlertDecider(List.of(), Enhancement.BUILT_IN),
                new Engine.Limits(BOUNDS, 1_000, Duration.ofDays(7), 0.1),
                () -> false,
                RunRecorder.NONE,
                clock);
        engine.setRules(rules());
        Engine started = engine;
        soon().until(() -> {
            started.startDueRuns();
            return started.isLeading();
        });
    }

    private void stop() {
        engine.close();
        engine = null;
    }

    /** Runs the rules that are due, and waits for their commit. */
    private void runDueRules() {
        Engine ticking = engine;
        soon().until(() -> {
            ticking.startDueRuns();
            return ticking.runsUnderWay() == 0;
        });
    }

    private static org.awaitility.core.ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(2))
                .pollDelay(Duration.ZERO);
    }

    private List<String> ids(String kind) {
        return documents.stream()
                .filter(d -> d.kind.equals(kind))
                .map(Document::id)
                .toList();
    }

    private List<String> firstOfEachUser() {
        Map<String, String> first = new HashMap<>();
        documents.stream().filter(d -> d.kind.equals("signup")).forEach(d -> first.putIfAbsent(d.user, d.id));
        return List.copyOf(first.values());
    }

    /** The fifth login of a user within two minutes; the count starts again after it. */
    private List<String> bursts() {
        Map<String, Deque<Instant>> windows = new HashMap<>();
        List<String> bursts = new ArrayList<>();
        for (Document login : documents) {
            if (login.kind.equals("login")) {
                Deque<Instant> window = windows.computeIfAbsent(login.user, user -> new ArrayDeque<>());
                window.addLast(login.time);
                while (!window.getFirst().isAfter(login.time.minus(Duration.ofMinutes(2)))) {
                    window.removeFirst();
                }
                if (window.size() == 5) {
                    bursts.add(login.id);
                    window.clear();
                }
            }
        }
        return bursts;
    }

    /** The documents that the rule's messages name. */
    private List<String> alerted(String rule) throws Exception {
        String texts = "select payload #>> '{attachments,0,text}' from meta.outbox where rule = '" + rule + "'";
        return database.rows(texts).stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith(rule + " "))
                .map(line -> line.substring(rule.length() + 1))
                .toList();
    }
}
