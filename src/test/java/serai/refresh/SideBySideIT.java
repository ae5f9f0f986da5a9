package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.testing.Rounds;
import serai.testing.Waiting;
import serai.warehouse.Relation;
import serai.warehouse.RowRange;
import serai.warehouse.RowShare;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.WatchedRows;
import serai.warehouse.Writer;

/** Loaders and refreshes of the same days at the same time: none waits for the other, and no change is forgotten. */
class SideBySideIT {

    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
    private static final LocalDate LAST_DAY = LocalDate.of(2026, 3, 31);
    private static final int DAYS = 4;
    private static final Relation EVENTS = Relation.of("landing.events");
    private static final Relation PEOPLE = Relation.of("landing.people");
    private static final List<String> COLUMNS = List.of("id", "loader", "at", "person", "amount");

    /** Sessions that wait for one of another process. */
    private static final String WAITS = """
            select concat(w.wait_event, ': ', left(w.query, 200), ' waits for: ', left(b.query, 200)) as wait
            from pg_stat_activity w, unnest(pg_blocking_pids(w.pid)) as blocker join pg_stat_activity b on b.pid = blocker
            where w.datname = current_database() and w.application_name <> b.application_name""";

    private final RefreshFixture fixture = new RefreshFixture(3);
    /** Of another process, as it seems to the server: its sessions have another name. */
    private final Warehouse loaders = Warehouse.open(fixture.database.settings());

    private final Set<String> waits = new ConcurrentSkipListSet<>();
    private final AtomicInteger samples = new AtomicInteger();
    private volatile boolean done;

    @BeforeEach
    void models() {
        fixture.execute("""
                create table landing.events (id bigint primary key, loader text, at timestamptz, person text, amount int);
                create index on landing.events (at);
                create table landing.people (person text primary key, plan text)""");
        assertThat(fixture.edit(
                        "sql/dims/dim_people.sql",
                        """
                -- @kind    table
                -- @grain   person
                -- @reads   landing.people
                -- @about   One row per person.
                select person, plan from people""",
                        "sql/facts/fact_events.sql",
                        """
                -- @kind    recalc
                -- @grain   id
                -- @reads   landing.events, dim_people
                -- @window  day by day from landing.events.at
                -- @late    dim_people.person = landing.events.person
                -- @about   One row per event.
                select id, (at at time zone 'UTC')::date as day, person, plan, amount
                from events left join dim_people using (person) where at >= :from and at < :to""",
                        "sql/facts/fact_hours.sql",
                        """
                -- @kind    recalc
                -- @grain   hour, person
                -- @reads   landing.events
                -- @window  hour by hour from landing.events.at
                -- @about   One row per hour and person.
                select date_trunc('hour', at, 'UTC') as hour, person, count(*) as events, sum(amount) as amount
                from events where at >= :from and at < :to group by 1, 2""",
                        "sql/facts/fact_days.sql",
                        """
                -- @kind    recalc
                -- @grain   day, plan
                -- @reads   fact_events
                -- @window  day by day from fact_events.day
                -- @about   One row per day and plan.
                select day, coalesce(plan, 'none') as plan, count(*) as events, sum(amount) as amount from fact_events
                where day >= (:from at time zone 'UTC')::date and day < (:to at time zone 'UTC')::date group by 1, 2"""))
                .isEmpty();
    }

    @AfterEach
    void close() {
        done = true;
        loaders.close();
        fixture.close();
    }

    @Test
    void loadersAndRefreshesOfTheSameDaysDoNotWaitForEachOther() throws Exception {
        CompletableFuture<Void> sampling = begin(this::sample);
        seeAWait();
        List<CompletableFuture<Void>> loading = Stream.of("window-1", "window-2", "upsert-1", "upsert-2", "people")
                .map(loader -> begin(() -> load(loader)))
                .toList();
        CompletableFuture<Void> all = CompletableFuture.allOf(loading.toArray(CompletableFuture[]::new));
        int refreshes = 0;
        while (!all.isDone()) {
            fixture.refresh.runOnce();
            assertThat(fixture.rows("select model, status, error from meta.model_state where status <> 'ok'"))
                    .isEmpty();
            refreshes++;
        }
        all.get(60, TimeUnit.SECONDS);
        done = true;
        sampling.get(60, TimeUnit.SECONDS);
        assertThat(refreshes).as("refreshes beside loads").isPositive();
        assertThat(waits).isEmpty();
        fixture.execute("select pg_stat_force_next_flush()");
        assertThat(fixture.one("select deadlocks from pg_stat_database where datname = current_database()"))
                .isEqualTo("0");
        fixture.refresh.run();
        assertThat(new FromScratch(fixture, FIRST).differences()).isEmpty();
    }

    private interface Action {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> begin(Action action) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        action.run();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                task -> new Thread(task).start());
    }

    private void sample() throws SQLException, InterruptedException {
        try (Connection connection = fixture.database.connect()) {
            while (!done) {
                waits.addAll(Sql.on(connection).list(WAITS, row -> row.text("wait")));
                samples.incrementAndGet();
                TimeUnit.MILLISECONDS.sleep(3);
            }
        }
    }

    /** The sampling finds a wait when there is one. */
    private void seeAWait() throws Exception {
        fixture.execute("insert into landing.people values ('unknown', null)");
        AtomicReference<CompletableFuture<Void>> control = new AtomicReference<>();
        try (Writer one = loaders.writer("one")) {
            one.commitWithState(tx -> {
                tx.sql().execute("update landing.people set plan = 'free'");
                CompletableFuture<Void> waiting =
                        begin(() -> fixture.change("landing.people", "update landing.people set plan = 'pro'"));
                Waiting.soon().until(() -> !waits.isEmpty());
                control.set(waiting);
                return RunOutcome.ok();
            });
        }
        control.get().get(60, TimeUnit.SECONDS);
        int sampled = samples.get();
        Waiting.soon().until(() -> samples.get() > sampled + 1);
        waits.clear();
    }

    private void load(String loader) throws Exception {
        SplittableRandom random = new SplittableRandom(loader.hashCode());
        for (int load = 0; load < Rounds.of(40, 2_000); load++) {
            try (Writer writer = loaders.writer("load-" + loader)) {
                int number = load;
                writer.commitWithState(tx -> {
                    if (loader.startsWith("window")) {
                        replaceWindow(tx, loader, number, random);
                    } else if (loader.startsWith("upsert")) {
                        upsert(tx, loader, random);
                    } else {
                        changePerson(tx, random);
                    }
                    return RunOutcome.ok();
                });
            }
        }
    }

    /** Rows of new ids instead of those that the loader has in some days. */
    private static void replaceWindow(Transaction tx, String loader, int load, SplittableRandom random)
            throws SQLException {
        LocalDate from = LAST_DAY.minusDays(random.nextInt(DAYS));
        LocalDate to = from.plusDays(random.nextInt(1, 3));
        List<String> rows = new ArrayList<>();
        for (int n = random.nextInt(6); n > 0; n--) {
            Instant at = from.atStartOfDay()
                    .plusSeconds(random.nextLong(ChronoUnit.SECONDS.between(from.atStartOfDay(), to.atStartOfDay())))
                    .toInstant(ZoneOffset.UTC);
            long id = load * 20L + n * 2L + (loader.endsWith("1") ? 0 : 1);
            rows.add(row(id, loader, at, random));
        }
        RowRange range = RowRange.ofInstants(
                        "at",
                        from.atStartOfDay().toInstant(ZoneOffset.UTC),
                        to.atStartOfDay().toInstant(ZoneOffset.UTC),
                        ZoneOffset.UTC)
                .within(new RowShare("loader", List.of(loader)));
        WatchedRows watched = WatchedRows.before(tx.sql(), EVENTS, "at", range.condition(), range.parameters());
        tx.verbs().replaceRange(EVENTS, range, COLUMNS, select(rows));
        watched.record();
        tx.markDirty(EVENTS, from.datesUntil(to).toList());
    }

    /** Rows of known ids, which get another time, person and amount. */
    private static void upsert(Transaction tx, String loader, SplittableRandom random) throws SQLException {
        Set<Long> ids = new TreeSet<>();
        for (int n = 0; n < 4; n++) {
            // both have some of the same rows
            ids.add(-1L - random.nextInt(30));
        }
        List<String> rows = new ArrayList<>();
        for (long id : ids) {
            Instant at = LAST_DAY.minusDays(random.nextInt(DAYS))
                    .atTime(random.nextInt(24), 0)
                    .toInstant(ZoneOffset.UTC);
            rows.add(row(id, loader, at, random));
        }
        WatchedRows watched = WatchedRows.before(tx.sql(), EVENTS, "", "id = any (?::bigint[])", ids);
        tx.verbs().mergeOnKey(EVENTS, List.of("id"), COLUMNS, select(rows));
        watched.record();
    }

    private static void changePerson(Transaction tx, SplittableRandom random) throws SQLException {
        String person = "p" + random.nextInt(5);
        WatchedRows watched = WatchedRows.before(tx.sql(), PEOPLE, "", "person = ?", person);
        tx.verbs()
                .mergeOnKey(
                        PEOPLE,
                        List.of("person"),
                        List.of("person", "plan"),
                        "select '" + person + "', '" + (random.nextBoolean() ? "free" : "pro") + "'");
        watched.record();
    }

    private static String row(long id, String loader, Instant at, SplittableRandom random) {
        return "(" + id + "::bigint, '" + loader + "', '" + at + "'::timestamptz, 'p" + random.nextInt(5) + "', "
                + random.nextInt(100) + ")";
    }

    private static String select(List<String> rows) {
        return rows.isEmpty()
                ? "select 0::bigint, '', now(), '', 0 where false"
                : "select * from (values " + String.join(", ", rows) + ") v";
    }
}
