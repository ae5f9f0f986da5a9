package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterProperty;
import org.awaitility.core.ConditionFactory;
import serai.testing.Rounds;
import serai.testing.Waiting;

/**
 * The law of models, through months in which everything happens: late, repeated, corrected and deleted rows, missed and
 * killed refreshes, models that come, go and change, and rebuilds beside loads.
 */
class ModelLawsPropertyIT {

    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
    private static final String PEOPLE = """
            -- @kind    table
            -- @grain   person
            -- @reads   landing.people
            -- @about   One row per person.
            select person, coalesce(plan, '?') as plan, since, gone from people""";
    private static final String EVENTS = """
            -- @kind    view
            -- @reads   landing.events
            -- @about   One row per event.
            select id, at, person, amount from events""";
    private static final String TOTALS = """
            -- @kind    table
            -- @grain   person
            -- @reads   stg_events
            -- @about   One row per person.
            select person, count(*) as events, sum(amount) as amount from stg_events group by 1""";
    private static final String PRESENT = """
            -- @kind    recalc
            -- @grain   day
            -- @reads   stg_events, dim_people
            -- @window  day by day from stg_events.at
            -- @late    dirty, dim_people by since..gone
            -- @about   One row per day with events: the people who were there.
            select day, count(*) as people
            from (select distinct (at at time zone 'UTC')::date as day from stg_events where at >= :from and at < :to) d
              join dim_people on since <= day and (gone is null or gone >= day) group by 1""";
    private static final String ACTIVE = """
            -- @kind    recalc
            -- @grain   day
            -- @reads   landing.events
            -- @window  day by day from landing.events.at
            -- @late    reach 3d
            -- @about   One row per day with people who were active on it or in the three days before.
            select d::date as day, count(distinct person) as people
            from generate_series(:from, :to - interval '1 day', interval '1 day') as d
              join events on at >= d - interval '3 days' and at < d + interval '1 day' group by 1""";
    private static final String ON_A_FACT = """
            -- @kind    recalc
            -- @grain   month
            -- @reads   fact_units
            -- @window  month by month from fact_units.day
            -- @late    lookback 2d
            -- @about   One row per month.
            select date_trunc('month', day::timestamp)::date as month, sum(events) as events, sum(amount) as amount
            from fact_units
            where day >= (:from at time zone 'UTC')::date and day < (:to at time zone 'UTC')::date group by 1""";
    private static final String EACH_EVENT = """
            -- @kind    recalc
            -- @grain   id
            -- @reads   stg_events, dim_people
            -- @window  day by day from stg_events.at zone Asia/Kolkata keep 30d drop
            -- @late    dim_people.person = stg_events.person
            -- @about   One row per event of the last 30 days.
            select id, (at at time zone 'Asia/Kolkata')::date as day, person, plan, amount
            from stg_events left join dim_people using (person) where at >= :from and at < :to""";
    private static final String HOURS = """
            -- @kind    recalc
            -- @grain   hour
            -- @reads   landing.events
            -- @window  hour by hour from landing.events.at zone Europe/London keep 2mo drop
            -- @about   One row per hour.
            select date_trunc('hour', at, 'Europe/London') as hour, count(*) as events from events
            where at >= :from and at < :to group by 1""";
    private static final List<String> UNITS = List.of("day", "week", "month");
    private static final List<String> ZONES = List.of("UTC", "Europe/London", "Asia/Kolkata", "America/New_York");
    private static final List<String> LATE = List.of("dirty", "dim_people.person = stg_events.person", "lookback 2d");
    private static final List<String> COMING =
            List.of("sql/dims/dim_totals.sql", "sql/facts/fact_active.sql", "sql/facts/fact_months.sql");

    private RefreshFixture fixture;
    private SplittableRandom random;
    private int nextId;
    private String unit;
    private String late;
    private String zone;
    private int factor;
    /** Models with rows of an older definition. */
    private final Set<String> edited = new TreeSet<>();

    private final List<String> history = new ArrayList<>();

    @AfterProperty
    void close() {
        if (fixture != null) {
            fixture.close();
        }
    }

    @Property(tries = 4, shrinking = ShrinkingMode.OFF)
    void theIncrementalAnswerIsThatFromScratch(@ForAll long seed) throws Exception {
        for (int round = 0; round < Rounds.of(1, 25); round++) {
            random = new SplittableRandom(seed + round);
            begin();
            for (int step = random.nextInt(15, 40); step > 0; step--) {
                step();
            }
            end();
        }
    }

    private void begin() {
        close();
        fixture = new RefreshFixture(random.nextInt(5, 60));
        fixture.now = Instant.parse("2026-03-10T10:00:00Z");
        edited.clear();
        history.clear();
        nextId = 1;
        unit = pick(UNITS);
        late = pick(LATE);
        zone = pick(ZONES);
        factor = 1;
        fixture.execute("""
                create table landing.events (id int primary key, at timestamptz, person text, amount int);
                create table landing.people (person text primary key, plan text, since date, gone date);
                insert into landing.events values (0, '2026-01-15 12:00Z', 'first', 1)""");
        edit("sql/staging/stg_events.sql", EVENTS, "sql/dims/dim_people.sql", PEOPLE);
        edit("sql/facts/fact_units.sql", units(), "sql/facts/fact_present.sql", PRESENT);
        edit("sql/facts/fact_each.sql", EACH_EVENT, "sql/facts/fact_hours.sql", HOURS);
    }

    private String pick(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String units() {
        return """
                -- @kind    recalc
                -- @grain   day, plan
                -- @reads   stg_events, dim_people
                -- @window  day by %1$s from stg_events.at zone %2$s
                -- @late    %3$s
                -- @about   One row per unit and plan.
                select date_trunc('%1$s', at at time zone '%2$s')::date as day, coalesce(plan, 'none') as plan,
                  count(*) as events, sum(amount) * %4$d as amount
                from stg_events left join dim_people using (person) where at >= :from and at < :to group by 1, 2
                """.formatted(unit, zone, late, factor);
    }

    private void step() throws Exception {
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> replaceWindow();
            case 3, 4 -> correctRows();
            case 5 -> deleteRows();
            case 6, 7 -> changePeople();
            case 8, 9 -> refresh();
            case 10, 11 -> pass();
            case 12 -> kill();
            case 13 -> comeOrGo();
            case 14 -> changeDefinition();
            default -> rebuildBesideLoads();
        }
    }

    /** Days of which a report has these rows now, also days that are long over. */
    private void replaceWindow() {
        Instant from = fixture.now.truncatedTo(ChronoUnit.DAYS).minus(random.nextInt(45), ChronoUnit.DAYS);
        Instant to = from.plus(random.nextInt(1, 4), ChronoUnit.DAYS);
        List<String> rows = new ArrayList<>();
        for (int n = random.nextInt(8); n > 0; n--) {
            Instant at =
                    from.plusSeconds(random.nextLong(Duration.between(from, to).toSeconds()));
            rows.add("(" + nextId++ + ", '" + at + "', " + person() + ", " + random.nextInt(100) + ")");
        }
        change(
                "landing.events",
                "delete from landing.events where id > 0 and at >= '" + from + "' and at < '" + to + "'",
                rows.isEmpty() ? "select 1" : "insert into landing.events values " + String.join(", ", rows));
    }

    /** Rows that come again by their keys, with another amount, person or time. */
    private void correctRows() {
        String some = " where id > 0 and id % " + random.nextInt(2, 6) + " = 0";
        String hours = "interval '" + random.nextInt(1, 400) + " hours'";
        change(
                "landing.events",
                "update landing.events set "
                        + switch (random.nextInt(4)) {
                            case 0 -> "amount = amount + 1";
                            case 1 -> "person = " + person();
                            case 2 -> "at = at - " + hours;
                            default -> "at = least(at + " + hours + ", '" + fixture.now + "')";
                        }
                        + some);
    }

    private void deleteRows() {
        change("landing.events", "delete from landing.events where id > 0 and id % 7 = " + random.nextInt(7));
    }

    private void changePeople() {
        String day = "'2026-02-01'::date + " + random.nextInt(60);
        change(
                "landing.people",
                switch (random.nextInt(3)) {
                    case 0 -> "delete from landing.people where person = " + person();
                    case 1 -> "update landing.people set gone = " + day + " where person = " + person();
                    default ->
                        "insert into landing.people values (" + person() + ", '" + pick(List.of("free", "pro")) + "', "
                                + day
                                + ", null) on conflict (person) do update set plan = excluded.plan, since = excluded.since";
                });
    }

    private String person() {
        return "'p" + random.nextInt(6) + "'";
    }

    private void change(String relation, String... statements) {
        history.add(String.join("; ", statements));
        // the pool may still have a connection that was killed: such a load fails as a whole, and is repeated
        patiently().ignoreExceptions().until(() -> {
            fixture.change(relation, statements);
            return true;
        });
    }

    private void refresh() {
        boolean once = random.nextBoolean();
        history.add(once ? "refresh once" : "refresh");
        patiently().ignoreExceptionsInstanceOf(SQLException.class).until(() -> {
            if (once) {
                fixture.refresh.runOnce();
            } else {
                fixture.refresh.runNow(RefreshTarget.all(null));
            }
            return true;
        });
    }

    /** Hours to weeks, in which no refresh runs. */
    private void pass() {
        fixture.now = fixture.now.plus(Duration.ofHours((long) Math.pow(random.nextInt(1, 19), 2)));
        history.add("now " + fixture.now);
    }

    private void kill() throws Exception {
        history.add("kill");
        CompletableFuture<Void> running = begin(() -> fixture.refresh.runNow(RefreshTarget.all(null)));
        LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(300)));
        fixture.execute("""
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid() and application_name like 'serai %'""");
        running.handle((ok, error) -> null).get(3, TimeUnit.MINUTES);
    }

    /** A refresh of many units takes long on a busy machine. */
    private static ConditionFactory patiently() {
        return Waiting.soon().atMost(Duration.ofMinutes(2));
    }

    private interface Action {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> begin(Action action) {
        return CompletableFuture.runAsync(() -> {
            try {
                action.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void comeOrGo() {
        String file = pick(COMING);
        String name = file.replaceAll(".*/|\\.sql", "");
        boolean there = fixture.files.graph().get(name) != null;
        history.add((there ? "without " : "with ") + name);
        edit(file, there ? null : List.of(TOTALS, ACTIVE, ON_A_FACT).get(COMING.indexOf(file)));
    }

    private void changeDefinition() {
        if (random.nextBoolean()) {
            factor++;
        } else {
            zone = pick(ZONES);
        }
        history.add("edit: zone " + zone + ", factor " + factor);
        edit("sql/facts/fact_units.sql", units());
        edited.add("fact_units");
    }

    private void rebuildBesideLoads() throws Exception {
        String model = pick(List.of("fact_units", "fact_present", "fact_each"));
        if (fixture.one("select to_regclass('star." + model + "')") == null) {
            // what a rebuild reads must have been built
            refresh();
        }
        history.add("rebuild " + model);
        CompletableFuture<Void> rebuild = begin(() -> rebuild(model));
        replaceWindow();
        changePeople();
        correctRows();
        rebuild.get(3, TimeUnit.MINUTES);
    }

    private void rebuild(String model) {
        // what was killed before gives its lease back when that expires
        patiently().ignoreExceptionsInstanceOf(SQLException.class).until(() -> {
            try {
                fixture.refresh.rebuild(model);
                return true;
            } catch (IllegalStateException e) {
                if (!e.getMessage().contains("a rebuild would lose")
                        && !e.getMessage().contains("has no table yet")) {
                    throw e;
                }
                // the rows of the first unit were corrected, and no refresh has run since then; or the first refresh
                // found the model in the hands of one that was killed
                fixture.refresh.run();
                return false;
            }
        });
        edited.remove(model);
    }

    private void end() {
        for (String model : List.copyOf(edited)) {
            rebuild(model);
        }
        patiently().ignoreExceptions().untilAsserted(() -> {
            fixture.refresh.runNow(RefreshTarget.all(null));
            assertThat(fixture.rows(
                            "select model, status, error from meta.model_state where active and status <> 'ok'"))
                    .isEmpty();
        });
        assertThat(new FromScratch(fixture, FIRST).differences())
                .as(() -> unit + " " + zone + " " + late + "\n" + String.join("\n", history))
                .isEmpty();
    }

    private void edit(String... files) {
        // the pool may still have a connection that was killed
        patiently()
                .untilAsserted(() ->
                        assertThat(fixture.edit(files)).as(history::toString).isEmpty());
    }
}
