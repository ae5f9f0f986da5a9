package serai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.Card;
import serai.demo.CardReport;
import serai.demo.MetabaseDouble;
import serai.demo.SeraiProcess;
import serai.testing.ProjectFolder;
import serai.testing.Rounds;
import serai.testing.TestDatabase;
import serai.testing.Waiting;

/**
 * Promise 3 with two real processes that load and refresh each second: the owner of a lease is paused (SIGSTOP) at a
 * random moment, the other process takes over, and the paused one goes on (SIGCONT). The table is one whole version all
 * the time, and the model equals it.
 */
class PausedInstanceIT {

    private static final int PAUSES = Rounds.of(4, 20);
    private static final int ROWS = 5_000;
    /** The default of the settings: from the pause to the first commit of the other process. */
    private static final Duration TAKE_OVER = Duration.ofSeconds(15);

    @TempDir
    Path root;

    private final TestDatabase database = new TestDatabase();
    private final AtomicInteger version = new AtomicInteger();
    /** The report stays as it is, so that the model can catch up with the table. */
    private final AtomicBoolean held = new AtomicBoolean();

    private MetabaseDouble metabase;

    @BeforeEach
    void prepare() throws Exception {
        database.execute("create table landing.versions (day date not null, k int not null, version int)");
        metabase = MetabaseDouble.start().card(Card.between(31, "Versions", parameters -> next()));
    }

    @AfterEach
    void close() throws Exception {
        metabase.close();
        database.close();
    }

    private CardReport next() {
        int v = held.get() ? version.get() : version.incrementAndGet();
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        return CardReport.of(
                List.of("Day", "K", "Version"),
                IntStream.range(0, ROWS + v)
                        .mapToObj(i -> List.<Object>of(today.minusDays(i % 3), i, v))
                        .iterator());
    }

    private SeraiProcess start(String name) throws Exception {
        Path folder = Files.createDirectories(root.resolve(name));
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
        Map<String, String> settings = new HashMap<>(database.properties());
        settings.putAll(
                Map.of("metabase.url", metabase.url(), "metabase.api-key", MetabaseDouble.API_KEY, "load.retry", "1s"));
        settings.putAll(Map.of("refresh.cron", "0/1 * * * * ?", "lease.term", "10s"));
        return SeraiProcess.start(folder, settings);
    }

    @Test
    void aPausedOwnerIsReplacedAndCannotWriteWhenItGoesOn() throws Exception {
        Random random = new Random(20261130);
        long longest = 0;
        try (SeraiProcess one = start("one");
                SeraiProcess two = start("two")) {
            untilLoadedBy(one, two);
            for (int pause = 0; pause < PAUSES; pause++) {
                String source = pause % 2 == 0 ? "load-versions" : "refresh";
                SeraiProcess owner = owner(source, one, two);
                LockSupport.parkNanos(random.nextInt(300) * 1_000_000L);
                long begun = System.nanoTime();
                signal(owner, "STOP");
                try {
                    long before = database.number("select max(run_id) from meta.runs where status = 'ok'");
                    // a load and a refresh, whichever of their leases the paused process has
                    for (String kind : List.of("metabase-report", "refresh")) {
                        Waiting.soon()
                                .until(() -> database.value(
                                                "select 'x' from meta.runs where kind = ? and run_id > ?"
                                                        + " and status = 'ok' limit 1",
                                                kind,
                                                before)
                                        != null);
                    }
                    longest = Math.max(longest, System.nanoTime() - begun);
                } finally {
                    signal(owner, "CONT");
                }
                assertOneVersion("after pause " + pause);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
                assertOneVersion("after process " + pause + " went on");
                one.requireAlive();
                two.requireAlive();
            }
        }
        assertThat(Duration.ofNanos(longest)).as("the longest take-over").isLessThan(TAKE_OVER);
        System.out.println("longest take-over: " + TimeUnit.NANOSECONDS.toMillis(longest) + " ms");
    }

    private void untilLoadedBy(SeraiProcess... processes) {
        Waiting.soon().until(() -> {
            for (SeraiProcess process : processes) {
                process.requireAlive();
            }
            return database.value("select 'x' from meta.runs where kind = 'refresh' and status = 'ok' limit 1") != null
                    && processes[1].log().contains("Serai runs with");
        });
    }

    /** The process that has a lease now. */
    private SeraiProcess owner(String source, SeraiProcess... processes) {
        String pid = Waiting.soon()
                .until(
                        () -> database.value(
                                "select split_part(owner, '-', 1) from meta.leases"
                                        + " where source = ? and expires_at > clock_timestamp()",
                                source),
                        owner -> owner != null);
        return processes[0].pid() == Long.parseLong(pid) ? processes[0] : processes[1];
    }

    private static void signal(SeraiProcess process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private void assertOneVersion(String when) {
        // one statement, one snapshot
        assertThat(database.value("""
                        select count(distinct version) || ' ' || count(*) - count(distinct k) || ' '
                          || count(*) - max(version) || ' '
                          || (select count(*) from meta.runs a join meta.runs b on a.source = b.source
                              and a.run_id < b.run_id and a.status = 'ok' and b.status = 'ok'
                              and b.started_at < a.finished_at)
                        from landing.versions""")).as(when).isEqualTo("1 0 " + ROWS + " 0");
        assertModelCatchesUp(when);
    }

    /** Compares only while the report stands still: a mark that was lost leaves a difference that stays. */
    private void assertModelCatchesUp(String when) {
        held.set(true);
        try {
            Waiting.soon()
                    .untilAsserted(() ->
                            assertThat(database.value("""
                                select coalesce(string_agg(date_key || ':' || version || ':' || rows, ' ' order by date_key, version), '')
                                  = (select string_agg(d, ' ' order by d) from (
                                      select day || ':' || version || ':' || count(*) as d
                                      from landing.versions group by day, version) as x)
                                from star.fact_versions""")).as("model " + when).isEqualTo("t"));
        } finally {
            held.set(false);
        }
    }
}
