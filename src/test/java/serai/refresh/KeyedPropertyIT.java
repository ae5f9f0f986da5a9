package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import serai.testing.Waiting;

/** The incremental answer equals the answer from scratch, for the kinds that are calculated by key. */
class KeyedPropertyIT {

    private static final String TOUCHED = " in (select %1$s from %2$s where at >= :from and at < :to)";
    private static final Map<String, String> MODELS = Map.of(
            "dim_user",
            """
            -- @kind    upsert
            -- @grain   user_id
            -- @reads   stg_events
            -- @window  first_day by day from stg_events.at zone Asia/Tokyo
            -- @about   One row per user.
            select user_id, (min(at) at time zone 'Asia/Tokyo')::date as first_day, count(*) as events,
              sum(amount) as amount, (array_agg(page order by at desc, page))[1] as last_page
            from stg_events where user_id""" + TOUCHED.formatted("user_id", "stg_events") + " group by 1",
            "dim_user_page",
            """
            -- @kind    upsert
            -- @grain   user_id, page
            -- @reads   landing.events, landing.pages
            -- @window  by hour from events.at
            -- @late    pages.page = events.page, lookback 2d
            -- @about   One row per user and page.
            select user_id, page, max(title) as title, max(at) as last_at from events join pages using (page)
            where (user_id, page)""" + TOUCHED.formatted("user_id, page", "events") + " group by 1, 2",
            "dim_page",
            """
            -- @kind    upsert
            -- @grain   page
            -- @reads   dim_user_page
            -- @window  by month from dim_user_page.last_at
            -- @about   One row per page.
            select page, count(*) as users, max(last_at) as last_at, max(title) as title from dim_user_page
            where page in (select page from dim_user_page where last_at >= :from and last_at < :to) group by 1
            """,
            "dim_plan",
            """
            -- @kind    scd2
            -- @grain   user_id
            -- @reads   landing.changes
            -- @about   One row per user and version.
            select user_id, plan, note, at as valid_from, position, seq, gone as is_deleted from changes
            """,
            "fact_plan",
            """
            -- @kind    recalc
            -- @grain   day, plan
            -- @reads   dim_plan
            -- @window  day by day from dim_plan.valid_from
            -- @about   One row per day and plan.
            select (valid_from at time zone 'UTC')::date as day, coalesce(plan, '?') as plan, count(*) as versions, count(valid_to) as closed
            from dim_plan where valid_from >= :from and valid_from < :to group by 1, 2
            """);
    private static final List<String> LATE_MODELS = List.of("dim_page", "fact_plan", "dim_user");

    private RefreshFixture fixture;
    private WatchedLoad events;
    private WatchedLoad pages;
    private WatchedLoad changes;

    @BeforeTry
    void open() {
        fixture = new RefreshFixture(5);
        events = new WatchedLoad(fixture, "landing.events", "loaded_at");
        pages = new WatchedLoad(fixture, "landing.pages", "");
        changes = new WatchedLoad(fixture, "landing.changes", "");
        fixture.execute("create table landing.events"
                + " (user_id text, at timestamptz, page text, amount numeric, loaded_at timestamptz)");
        fixture.execute("create table landing.pages (page text, title text)");
        fixture.execute("create table landing.changes"
                + " (user_id text, at timestamptz, position bigint, seq int, plan text, note json, gone boolean)");
        assertThat(fixture.edit("sql/staging/stg_events.sql", """
                        -- @kind   view
                        -- @reads  landing.events
                        -- @about  One row per event.
                        select user_id, at, page, amount from events where amount is not null""")).isEmpty();
        MODELS.keySet().stream().filter(model -> !LATE_MODELS.contains(model)).forEach(this::add);
    }

    @AfterTry
    void close() {
        fixture.close();
    }

    private void add(String model) {
        assertThat(fixture.edit(path(model), MODELS.get(model))).isEmpty();
    }

    private static String path(String model) {
        return "sql/" + (model.startsWith("fact") ? "facts/" : "dims/") + model + ".sql";
    }

    /** Each number is an event: a load with that seed, a refresh, a killed one, a new model, or time that passes. */
    @Property(tries = 8, shrinking = ShrinkingMode.OFF)
    void incrementalEqualsFromScratch(@ForAll("steps") List<Integer> steps) throws Exception {
        List<String> missing = new ArrayList<>(LATE_MODELS);
        for (int step : steps) {
            SplittableRandom random = new SplittableRandom(step);
            switch (Math.floorMod(step, 10)) {
                case 0, 1, 2 -> refreshOnce();
                case 3 -> killed(random.nextLong(TimeUnit.MILLISECONDS.toNanos(300)));
                case 4 -> {
                    fixture.now = fixture.now.plus(Duration.ofHours(random.nextInt(100)));
                    if (!missing.isEmpty()) {
                        String model = missing.remove(0);
                        Waiting.soon().ignoreExceptions().untilAsserted(() -> add(model));
                    }
                }
                // the pool may still have a connection that was killed: such a load fails, and is repeated
                default -> Waiting.soon().ignoreExceptions().untilAsserted(() -> load(new SplittableRandom(step)));
            }
        }
        missing.forEach(model -> Waiting.soon().ignoreExceptions().untilAsserted(() -> add(model)));
        Waiting.soon().ignoreExceptions().untilAsserted(() -> {
            fixture.refresh.runNow(RefreshTarget.all(null));
            assertThat(fixture.rows("select model, error from meta.model_state where status <> 'ok'"))
                    .isEmpty();
        });
        Map<String, List<String>> incremental = tables();
        assertThat(fixture.rows("select * from meta.model_dirty_keys")).isEmpty();
        MODELS.keySet().stream().filter(model -> !model.equals("fact_plan")).forEach(this::assertRebuildChangesNothing);
        fixture.execute("drop table star." + String.join(", star.", MODELS.keySet()));
        fixture.execute("truncate meta.model_state, meta.model_dirty, meta.dirty, meta.dirty_keys, meta.watches");
        fixture.refresh.runNow(RefreshTarget.all(null));
        assertThat(tables()).isEqualTo(incremental);
    }

    /** It may fail by a connection of the pool that was killed before, as any refresh may. */
    private void refreshOnce() {
        try {
            fixture.refresh.runOnce();
        } catch (Exception e) {
            assertThat(e).isNotInstanceOf(RuntimeException.class);
        }
    }

    private void assertRebuildChangesNothing(String model) {
        try {
            fixture.refresh.rebuild(model);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        assertThat(fixture.rows(
                        "select rows_inserted, rows_updated, rows_deleted from meta.runs where source = 'refresh:"
                                + model + "' order by run_id desc limit 1"))
                .as(model)
                .containsExactly("0|0|0");
    }

    private Map<String, List<String>> tables() {
        Map<String, List<String>> tables = new TreeMap<>();
        MODELS.keySet()
                .forEach(model -> tables.put(
                        model,
                        fixture.rows("select t::text from star." + model + " t order by t::text collate \"C\"")));
        return tables;
    }

    private void load(SplittableRandom random) throws Exception {
        switch (random.nextInt(6)) {
            case 0 ->
                pages.run(
                        "delete from landing.pages where page = " + page(random),
                        random.nextBoolean()
                                ? "select"
                                : "insert into landing.pages values (" + page(random) + ", 't" + random.nextInt(3)
                                        + "')");
            case 1 ->
                events.run("delete from landing.events where user_id = " + user(random) + " and at "
                        + (random.nextBoolean() ? "> " : "< ") + time(random));
            case 2 ->
                events.run("update landing.events set "
                        + (random.nextBoolean() ? "amount = null" : "user_id = " + user(random)) + " where page = "
                        + page(random) + " and at > " + time(random));
            case 3, 4 ->
                changes.run(
                        random.nextInt(4) > 0
                                ? "select"
                                : "delete from landing.changes where position = " + random.nextInt(4),
                        "insert into landing.changes values "
                                + rows(
                                        random,
                                        () -> "(" + user(random) + ", " + time(random)
                                                + ", " + random.nextInt(4) + ", " + random.nextInt(2) + ", "
                                                + pick(random, "'free'", "'pro'", "null") + ", "
                                                + pick(random, "'{}'", "'{ }'") + ", "
                                                + pick(random, "true", "false", "false", "null") + ")"));
            default -> {
                String copy = random.nextBoolean()
                        ? "select"
                        : "insert into landing.events select * from landing.events where at > " + time(random);
                events.run(
                        copy,
                        "insert into landing.events values "
                                + rows(
                                        random,
                                        () -> "(" + user(random) + ", " + time(random) + ", " + page(random) + ", "
                                                + random.nextInt(9) + ", '2026-03-30')"));
            }
        }
    }

    private interface Row {
        String values();
    }

    private static String rows(SplittableRandom random, Row row) {
        List<String> rows = new ArrayList<>();
        for (int n = 1 + random.nextInt(6); n > 0; n--) {
            rows.add(row.values());
        }
        return String.join(", ", rows);
    }

    private static String user(SplittableRandom random) {
        return "'u" + random.nextInt(5) + "'";
    }

    private static String page(SplittableRandom random) {
        return "'p" + random.nextInt(4) + "'";
    }

    /** In a month, or sometimes years away; few enough that changes of one instant happen. */
    private static String time(SplittableRandom random) {
        Instant start = Instant.parse("2026-03-01T00:00:00Z");
        Instant time = start.plus(Duration.ofHours(7L * random.nextInt(100)));
        return "'" + (random.nextInt(12) == 0 ? time.plus(Duration.ofDays(random.nextInt(2000) - 1000)) : time) + "'";
    }

    private static String pick(SplittableRandom random, String... values) {
        return values[random.nextInt(values.length)];
    }

    private void killed(long nanos) throws Exception {
        CompletableFuture<Void> tick = CompletableFuture.runAsync(() -> {
            try {
                fixture.refresh.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        LockSupport.parkNanos(nanos);
        fixture.execute("""
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid() and application_name like 'serai %'""");
        tick.handle((ok, error) -> null).get(60, TimeUnit.SECONDS);
    }

    @Provide
    Arbitrary<List<Integer>> steps() {
        return Arbitraries.integers().list().ofMinSize(10).ofMaxSize(40);
    }
}
