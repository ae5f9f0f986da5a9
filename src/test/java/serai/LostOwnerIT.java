package serai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import serai.demo.Card;
import serai.demo.CardReport;
import serai.demo.MetabaseDouble;
import serai.demo.SeraiProcess;
import serai.testing.Gate;
import serai.testing.HeldStatement;
import serai.testing.PostgresProxy;
import serai.testing.ProjectFolder;
import serai.testing.Rounds;
import serai.testing.TestDatabase;
import serai.testing.Waiting;

/**
 * Promise 3 with two real processes that load and refresh each second: the owner of a lease is killed or paused at each
 * moment of a load and of a refresh, and the other process takes over. The table is one whole version all the time, and
 * the model equals it.
 */
@TestInstance(Lifecycle.PER_CLASS)
class LostOwnerIT {

    /** With {@code -Plong} the default of the settings. */
    private static final String LEASE_TERM = Rounds.areAll() ? "10s" : "2s";

    /** From the loss of the owner to the first commit of the other process. */
    private static final Duration TAKE_OVER = Duration.ofSeconds(15);

    private static final int ROWS = 2_000;
    private static final String SOURCE = "load-versions";
    private static final String MODEL = "refresh:fact_versions";

    private enum Fault {
        KILLED,
        PAUSED,
        /** Killed, and its sessions stay open as they were. */
        KILLED_BEHIND_A_POOLER
    }

    /** Where the owner is when it is lost. Statements are recognised by a proxy before PostgreSQL. */
    private enum Moment {
        LEASE_OF_LOAD_TAKEN(SOURCE),
        REPORT_REQUESTED(SOURCE),
        REPORT_ARRIVES(SOURCE),
        REPORT_READ(SOURCE),
        ROWS_COPIED(SOURCE),
        COMMIT_OF_LOAD(SOURCE),
        LOAD_COMMITTED(SOURCE),
        LEASE_OF_LOAD_NOT_RELEASED(SOURCE),
        LEASE_OF_REFRESH_TAKEN(MODEL),
        ROWS_OF_MODEL_DELETED(MODEL),
        COMMIT_OF_MODEL(MODEL),
        MODEL_COMMITTED(MODEL),
        BETWEEN_MODELS(MODEL),
        LEASE_OF_REFRESH_NOT_RELEASED(MODEL);

        private final String source;

        Moment(String source) {
            this.source = source;
        }

        /** Null for a moment that the double of Metabase chooses. */
        HeldStatement statement() {
            return switch (this) {
                case LEASE_OF_LOAD_TAKEN -> HeldStatement.request("from meta.offsets where source", SOURCE);
                case REPORT_REQUESTED, REPORT_ARRIVES -> null;
                case REPORT_READ -> HeldStatement.request("from meta.window_days", "landing.versions");
                case ROWS_COPIED -> HeldStatement.requestAfter("hash_record_extended", "copy ");
                case COMMIT_OF_LOAD -> HeldStatement.commit("pg_current_xact_id", SOURCE, "copy ");
                case LOAD_COMMITTED -> HeldStatement.commitsAnswer("pg_current_xact_id", SOURCE, "copy ");
                case LEASE_OF_LOAD_NOT_RELEASED -> HeldStatement.request("set expires_at = '-infinity'", SOURCE);
                case LEASE_OF_REFRESH_TAKEN -> HeldStatement.request("from meta.offsets where source", "refresh\0");
                case ROWS_OF_MODEL_DELETED -> HeldStatement.request("insert into \"star\".\"fact_versions\"");
                case COMMIT_OF_MODEL -> HeldStatement.commit("insert into \"star\".\"fact_versions\"");
                case MODEL_COMMITTED -> HeldStatement.commitsAnswer("insert into \"star\".\"fact_versions\"");
                case BETWEEN_MODELS -> HeldStatement.request("update meta.leases set owner", MODEL);
                case LEASE_OF_REFRESH_NOT_RELEASED ->
                    HeldStatement.request("set expires_at = '-infinity'", "refresh\0");
            };
        }
    }

    /**
     * Each moment with a paused owner; a process that is killed has to start again, which takes as long as two pauses.
     */
    private static Stream<Arguments> cases() {
        Stream<Moment> killed = Rounds.areAll()
                ? Arrays.stream(Moment.values())
                : Stream.of(Moment.COMMIT_OF_LOAD, Moment.LOAD_COMMITTED, Moment.COMMIT_OF_MODEL);
        Stream<Moment> behindAPooler = Rounds.areAll()
                ? Stream.of(Moment.REPORT_ARRIVES, Moment.ROWS_COPIED, Moment.ROWS_OF_MODEL_DELETED)
                : Stream.of(Moment.ROWS_COPIED);
        return Stream.of(
                        Arrays.stream(Moment.values()).map(moment -> Arguments.of(Fault.PAUSED, moment)),
                        killed.map(moment -> Arguments.of(Fault.KILLED, moment)),
                        behindAPooler.map(moment -> Arguments.of(Fault.KILLED_BEHIND_A_POOLER, moment)))
                .flatMap(cases -> cases);
    }

    private final TestDatabase database = new TestDatabase();
    private final AtomicInteger version = new AtomicInteger();
    /** At which the next reply stops: before it begins, or in the middle. */
    private final AtomicReference<Gate> request = new AtomicReference<>(open());

    private final AtomicReference<Gate> middle = new AtomicReference<>(open());
    private final Map<String, Long> takeOvers = new TreeMap<>();
    private final SeraiProcess[] processes = new SeraiProcess[2];
    private final int[] starts = new int[2];
    private Path root;
    private PostgresProxy proxy;
    private MetabaseDouble metabase;
    private Gate gate;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        root = folder;
        database.execute("create table landing.versions (day date not null, k int not null, version int)");
        proxy = new PostgresProxy(database);
        metabase = MetabaseDouble.start().card(Card.between(31, "Versions", parameters -> next()));
        start(0);
        start(1);
    }

    @AfterAll
    void stop() throws Exception {
        assertModelIsUpToDate();
        for (SeraiProcess process : processes) {
            process.kill();
        }
        metabase.close();
        proxy.close();
        database.close();
        takeOvers.forEach((name, millis) -> System.out.println("take-over, " + name + ": " + millis + " ms"));
        System.out.println("longest take-over with lease.term=" + LEASE_TERM + ": "
                + takeOvers.values().stream().mapToLong(Long::longValue).max().orElse(0) + " ms");
    }

    @AfterEach
    void repair() throws Exception {
        proxy.hold(null);
        proxy.leaveSessions(false);
        gate.open();
        request.set(open());
        middle.set(open());
        for (int i = 0; i < processes.length; i++) {
            if (processes[i].isAlive()) {
                signal(processes[i], "CONT");
            } else {
                start(i);
            }
        }
    }

    private static Gate open() {
        Gate gate = new Gate();
        gate.open();
        return gate;
    }

    private CardReport next() {
        int v = version.incrementAndGet();
        request.get().pass();
        Gate half = middle.get();
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        return CardReport.of(
                List.of("Day", "K", "Version"),
                IntStream.range(0, ROWS + v)
                        .mapToObj(i -> {
                            if (i == ROWS / 2) {
                                half.pass();
                            }
                            return List.<Object>of(today.minusDays(i % 3), i, v);
                        })
                        .iterator());
    }

    private void start(int number) throws Exception {
        Path folder = Files.createDirectories(root.resolve("process-" + number));
        ProjectFolder.copyTo(
                        folder,
                        "routes/_errors.camel.yaml",
                        "routes/kamelets/{metabase-report,replace-window}.kamelet.yaml",
                        "routes/refresh/*")
                .write("routes/load/load-versions.camel.yaml", """
                        - route:
                            id: load-versions
                            from:
                              uri: kamelet:metabase-report
                              parameters: { card: 31, cron: "0/1 * * * * ?", lookback: 72h }
                              steps:
                                - to:
                                    uri: kamelet:replace-window
                                    parameters: { table: landing.versions, window: day, caps: "0" }
                        """)
                .write("sql/staging/stg_versions.sql", """
                        -- @kind    view
                        -- @reads   landing.versions
                        -- @owner   test
                        -- @about   All rows.
                        select day, k, version from landing.versions
                        """)
                .write("sql/facts/fact_versions.sql", """
                        -- @kind    recalc
                        -- @grain   date_key, version
                        -- @reads   stg_versions
                        -- @window  date_key by day from stg_versions.day
                        -- @late    dirty
                        -- @owner   test
                        -- @about   Rows of each version.
                        select day as date_key, version, count(*) as rows
                        from stg_versions where day >= :from and day < :to group by 1, 2
                        """);
        Map<String, String> settings = new HashMap<>();
        settings.putAll(Map.of(
                "warehouse.url",
                proxy.through(database.url()),
                "warehouse.user",
                "postgres",
                "lease.term",
                LEASE_TERM,
                "metabase.url",
                metabase.url(),
                "metabase.api-key",
                MetabaseDouble.API_KEY));
        settings.putAll(Map.of(
                "load.retry", "1s",
                "load.compression", "false",
                "edits.every", "1h",
                "refresh.cron", "0/1 * * * * ?"));
        processes[number] = SeraiProcess.start(folder, settings);
        starts[number]++;
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void theOtherProcessTakesOverAndNothingIsLostOrDoubled(Fault fault, Moment moment) throws Exception {
        untilBothRun();
        SeraiProcess owner = ownerAt(moment);
        long before = database.number("select max(run_id) from meta.runs");
        long begun = System.nanoTime();
        lose(owner, fault);
        untilRun(moment.source, before);
        Duration takeOver = Duration.ofNanos(System.nanoTime() - begun);
        takeOvers.put(fault + " " + moment, takeOver.toMillis());
        assertThat(takeOver).isLessThan(TAKE_OVER);
        assertWhole("after the take-over");
        gate.open();
        if (fault == Fault.PAUSED) {
            int logged = owner.log().length();
            signal(owner, "CONT");
            Waiting.soon().until(() -> owner.log().length() > logged + 200);
        }
        assertWhole("at the end");
    }

    private void untilBothRun() {
        Waiting.soon().until(() -> {
            for (int i = 0; i < processes.length; i++) {
                processes[i].requireAlive();
                if (processes[i].log().split("Serai runs with", -1).length <= starts[i]) {
                    return false;
                }
            }
            return database.value("select 'x' from meta.runs where source = ? and status = 'ok' limit 1", MODEL)
                    != null;
        });
    }

    /** Waits until a process has come to the moment, where it stops, and returns it. */
    private SeraiProcess ownerAt(Moment moment) throws Exception {
        HeldStatement statement = moment.statement();
        gate = statement == null ? new Gate() : statement.gate();
        if (statement == null) {
            (moment == Moment.REPORT_REQUESTED ? request : middle).set(gate);
        } else {
            proxy.hold(statement);
        }
        gate.awaitReached();
        request.set(open());
        middle.set(open());
        // not by the lease where a statement is held: it may expire, and the other process take it, before this reads
        // it
        String application = statement == null
                ? "serai " + database.value("select owner from meta.leases where source = ?", SOURCE)
                : database.value(
                        "select application_name from pg_stat_activity where client_port = ?", proxy.portOfHeld());
        long pid = Long.parseLong(application.replaceAll("serai (\\d+)-.*", "$1"));
        return Arrays.stream(processes)
                .filter(process -> process.pid() == pid)
                .findFirst()
                .orElseThrow();
    }

    private void lose(SeraiProcess owner, Fault fault) throws Exception {
        switch (fault) {
            case PAUSED -> signal(owner, "STOP");
            case KILLED -> {
                owner.kill();
                // what it had sent arrives
                gate.open();
            }
            case KILLED_BEHIND_A_POOLER -> {
                proxy.leaveSessions(true);
                owner.kill();
            }
        }
    }

    private static void signal(SeraiProcess process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private void untilRun(String source, long after) throws IOException {
        try {
            awaitRun(source, after);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(state(), e);
        }
    }

    /** What a reader of a failure needs to know. */
    private String state() throws IOException {
        StringBuilder state = new StringBuilder("No run succeeded.\n");
        for (String sql : List.of(
                "select * from meta.leases",
                "select run_id, source, status, started_at, finished_at, error from meta.runs order by run_id desc limit 12",
                "select pid, application_name, state, wait_event, pg_blocking_pids(pid), xact_start, left(query, 200)"
                        + " from pg_stat_activity where datname = current_database()")) {
            database.rows(sql).forEach(row -> state.append(row).append('\n'));
        }
        for (SeraiProcess process : processes) {
            String log = process.log();
            state.append("process ").append(process.pid()).append(":\n");
            state.append(log.substring(Math.max(0, log.length() - 6_000))).append('\n');
        }
        return state.toString();
    }

    private void awaitRun(String source, long after) {
        Waiting.soon()
                .until(() -> database.value(
                                "select 'x' from meta.runs where source = ? and run_id > ? and status = 'ok' limit 1",
                                source,
                                after)
                        != null);
    }

    private void assertWhole(String when) {
        // one statement, one snapshot: the table is the one version of the newest run that succeeded
        assertThat(database.value("""
                        select count(distinct version) || ' ' || count(*) - count(distinct k) || ' '
                          || count(*) - max(version) || ' ' || count(*) - (select rows_inserted from meta.runs
                            where source = 'load-versions' and status = 'ok' order by run_id desc limit 1)
                        from landing.versions""")).as(when).isEqualTo("1 0 " + ROWS + " 0");
        assertThat(database.rows("""
                        select a.run_id, b.run_id from meta.runs a join meta.runs b on a.source = b.source
                          and a.run_id < b.run_id and a.status = 'ok' and b.status = 'ok'
                        where b.started_at < a.finished_at
                          or a.source = 'load-versions' and a.rows_inserted >= b.rows_inserted"""))
                .as("two writers, or an older report after a newer one, " + when)
                .isEmpty();
        // a day that the model does not have yet is marked
        assertThat(database.rows("""
                        select * from (
                          select coalesce(date_key, day) as day from star.fact_versions full join (
                            select day, version, count(*) as rows from landing.versions group by 1, 2) as l
                          on date_key = day and fact_versions.version = l.version and fact_versions.rows = l.rows
                          where date_key is null or day is null) as differing
                        where day not in (select day from meta.dirty where relation = 'landing.versions'
                          union all select (unit at time zone 'UTC')::date from meta.model_dirty where model = 'fact_versions')"""))
                .as("days of the model that differ and are not marked, " + when)
                .isEmpty();
    }

    private void assertModelIsUpToDate() {
        // no other report comes meanwhile
        request.set(new Gate());
        Waiting.soon()
                .untilAsserted(() -> assertThat(
                                database.rows("select date_key, version, rows from star.fact_versions order by 1, 2"))
                        .isEqualTo(database.rows("select day, version, count(*) from landing.versions"
                                + " group by day, version order by 1, 2")));
    }
}
