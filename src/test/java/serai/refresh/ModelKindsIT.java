package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.warehouse.Writer;

/**
 * Each kind of model on small landing tables. The time is 10:00 UTC on 31 March 2026, two days into London's summer.
 */
class ModelKindsIT {

    private static final LocalDate D28 = LocalDate.of(2026, 3, 28);
    private static final LocalDate D29 = LocalDate.of(2026, 3, 29);
    private static final LocalDate D30 = LocalDate.of(2026, 3, 30);
    private static final LocalDate D31 = LocalDate.of(2026, 3, 31);
    private static final String FACT = """
            -- @kind    recalc
            -- @grain   user_id, date_key
            -- @reads   landing.logins
            -- @window  date_key by day from landing.logins.login_at zone Europe/London
            -- @about   One row per user and day in London.
            select user_id, (login_at at time zone 'Europe/London')::date as date_key, count(*) as logins
            from logins where login_at >= :from and login_at < :to group by 1, 2
            """;
    private static final String SNAPSHOT = """
            -- @kind    once
            -- @grain   date_key
            -- @reads   landing.logins, landing.users
            -- @window  date_key by day from landing.logins.login_at
            -- @about   One row per day: how many accounts there were, and logins of the day.
            select (:from at time zone 'UTC')::date + n as date_key, (select count(*) from users) as accounts,
              (select count(*) from logins
               where login_at >= :from + n * interval '1 day' and login_at < :from + (n + 1) * interval '1 day') as logins
            from generate_series(0, extract(day from :to - :from)::int - 1) as n
            """;
    private static final String PER_DAY = """
            -- @kind    recalc
            -- @grain   date_key
            -- @reads   fact
            -- @window  date_key by day from fact.date_key
            -- @about   One row per day.
            select date_key, sum(logins)::bigint as logins from fact
            where date_key >= (:from at time zone 'UTC')::date and date_key < (:to at time zone 'UTC')::date group by 1
            """;
    private final RefreshFixture fixture = new RefreshFixture();

    @BeforeEach
    void land() throws Exception {
        fixture.load("landing.logins", List.of(D28, D30), """
                insert into landing.logins values ('2026-03-28 23:30Z', 'a'), ('2026-03-29 00:30Z', 'a'), ('2026-03-29 22:59:59Z', 'a'),
                  ('2026-03-29 23:00Z', 'a'), ('2026-03-30 12:00Z', 'b')""");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aDayOfAModelIsADayOfItsZoneAlsoWhenTheClocksGoForward() throws Exception {
        edit("sql/facts/fact.sql", FACT);
        fixture.refresh.run();
        assertThat(fact()).containsExactly("a|2026-03-28|1", "a|2026-03-29|2", "a|2026-03-30|1", "b|2026-03-30|1");
        assertThat(
                        fixture.one(
                                "select covered_to at time zone 'UTC', rows, status from meta.model_state where model = 'fact'"))
                .isEqualTo("2026-03-31 10:00:00|4|ok");
    }

    @Test
    void aDateOfAZoneInTheEastIsCalculatedFromTheBeginningOfItsDayThere() throws Exception {
        edit("sql/facts/days.sql", """
                -- @kind    recalc
                -- @grain   date_key
                -- @reads   landing.web_sessions
                -- @window  date_key by day from landing.web_sessions.session_date zone Asia/Tokyo
                -- @about   One row per day in Tokyo.
                select session_date as date_key, sum(sessions)::bigint as sessions from web_sessions
                where session_date >= (:from at time zone 'Asia/Tokyo')::date
                  and session_date < (:to at time zone 'Asia/Tokyo')::date group by 1
                """);
        // 03:00 in Tokyo on the first of April
        fixture.now = Instant.parse("2026-03-31T18:00:00Z");
        fixture.load("landing.web_sessions", List.of(D30, D31, D31.plusDays(1)), """
                insert into landing.web_sessions (session_date, sessions) values ('2026-03-31', 2), ('2026-04-01', 1)""");
        fixture.refresh.run();
        assertThat(fixture.rows("select date_key, sessions from star.days order by 1"))
                .containsExactly("2026-03-31|2", "2026-04-01|1");
        assertThat(fixture.one("select covered_to at time zone 'UTC' from meta.model_state where model = 'days'"))
                .isEqualTo("2026-03-31 18:00:00");
    }

    @Test
    void theFirstDayOfADateColumnIsThatDateInAnyZone() throws Exception {
        edit("sql/facts/days.sql", """
                -- @kind    once
                -- @from    2026-03-29
                -- @fill    yes
                -- @grain   date_key
                -- @reads   landing.web_sessions
                -- @window  date_key by day from landing.web_sessions.session_date zone America/New_York
                -- @about   One row per day in New York.
                select d::date as date_key, (select count(*) from web_sessions where session_date = d) as rows
                from generate_series((:from at time zone 'America/New_York')::date::timestamp,
                  (:to at time zone 'America/New_York')::date - 1, interval '1 day') as d
                """);
        fixture.load("landing.web_sessions", List.of(D29), """
                insert into landing.web_sessions (session_date, sessions) values ('2026-03-29', 2)""");
        fixture.complete("landing.web_sessions", "2026-03-31T09:00Z");
        fixture.refresh.run();
        assertThat(fixture.rows("select date_key, rows from star.days order by 1"))
                .containsExactly("2026-03-29|1", "2026-03-30|0");
    }

    @Test
    void aModelIsCompleteUpToWhatItsInputsWereWhenItWasLastRefreshed() throws Exception {
        fixture.execute("insert into meta.completeness values ('landing.logins', 'logins', '2026-03-31T09:00Z')");
        edit("sql/facts/fact.sql", FACT, "sql/facts/per_day.sql", PER_DAY);
        fixture.refresh.run();
        assertThat(completeTo("fact")).isEqualTo("2026-03-31 09:00:00");
        assertThat(completeTo("per_day")).isEqualTo("2026-03-31 09:00:00");

        fixture.execute("update meta.completeness set complete_to = '2026-03-31T09:30Z'");
        fixture.load("landing.logins", List.of(D28));
        assertThat(completeTo("fact")).isEqualTo("2026-03-31 09:00:00");
        fixture.refresh.run();
        assertThat(completeTo("per_day")).isEqualTo("2026-03-31 09:30:00");
    }

    private String completeTo(String model) {
        return fixture.one("select complete_to at time zone 'UTC' from meta.model_state where model = '" + model + "'");
    }

    @Test
    void lateChangedAndDeletedInputIsRecalculatedAndOtherRowsAreNotTouched() throws Exception {
        edit("sql/facts/fact.sql", FACT);
        fixture.refresh.run();
        String untouched = fixture.one("select xmin from star.fact where user_id = 'b'");
        // 23:30 in UTC on the 29th is the 30th in London: one dirty UTC day, two days of the zone
        fixture.load(
                "landing.logins",
                List.of(D28, D29),
                "delete from landing.logins where login_at < '2026-03-29'",
                "insert into landing.logins values ('2026-03-29 10:00Z', 'late'), ('2026-03-29 23:30Z', 'a')",
                "update landing.logins set user_id = 'c' where login_at = '2026-03-29 00:30Z'");
        fixture.refresh.run();
        assertThat(fact())
                .containsExactly(
                        "a|2026-03-29|1", "a|2026-03-30|2", "b|2026-03-30|1", "c|2026-03-29|1", "late|2026-03-29|1");
        assertThat(fixture.rows("select * from meta.dirty")).isEmpty();
        assertThat(fixture.rows("select * from meta.model_dirty")).isEmpty();
        assertThat(fixture.one("select count(*) from meta.runs where source = 'refresh:fact' and status <> 'ok'"))
                .isEqualTo("0");
        fixture.load("landing.logins", List.of(D28), "select 1");
        String after = fixture.one("select xmin from star.fact where user_id = 'b'");
        assertThat(after).isNotEqualTo(untouched);
        fixture.refresh.run();
        assertThat(fixture.one("select xmin from star.fact where user_id = 'b'"))
                .as("a dirty day with equal rows")
                .isEqualTo(after);
    }

    @Test
    void aRunAfterMissedOnesCalculatesTheMissedDaysAndToday() throws Exception {
        edit("sql/facts/fact.sql", FACT);
        fixture.refresh.run();
        fixture.now = Instant.parse("2026-04-03T06:00:00Z");
        fixture.execute("insert into landing.logins values"
                + " ('2026-03-31 11:00Z', 'x'), ('2026-04-01 11:00Z', 'x'), ('2026-04-03 05:00Z', 'x')");
        fixture.refresh.run();
        assertThat(fixture.rows("select date_key from star.fact where user_id = 'x' order by 1"))
                .containsExactly("2026-03-31", "2026-04-01", "2026-04-03");
    }

    @Test
    void aRunTakesThePresentDayThenTheOldestAndLeavesTheRestDirty() throws Exception {
        try (RefreshFixture small = new RefreshFixture(fixture.database, 3)) {
            small.edit("sql/facts/fact.sql", FACT);
            assertThat(small.refresh.runOnce()).isTrue();
            assertThat(fixture.rows("select distinct date_key from star.fact order by 1"))
                    .containsExactly("2026-03-28", "2026-03-29");
            assertThat(small.refresh.runOnce()).isFalse();
            assertThat(fixture.rows("select distinct date_key from star.fact order by 1"))
                    .containsExactly("2026-03-28", "2026-03-29", "2026-03-30");
            fixture.load("landing.logins", List.of(D28, D29, D30), "update landing.logins set user_id = 'z'");
            assertThat(small.refresh.runOnce()).isTrue();
            assertThat(fixture.one("select count(*) from meta.model_dirty"))
                    .as("the 30th waits")
                    .isEqualTo("1");
            assertThat(fixture.one("select count(*) from star.fact where user_id <> 'z'"))
                    .isEqualTo("2");
            small.refresh.run();
            assertThat(fact()).containsExactly("z|2026-03-28|1", "z|2026-03-29|2", "z|2026-03-30|2");
        }
    }

    @Test
    void aFactThatReadsAFactIsRecalculatedAfterIt() throws Exception {
        edit("sql/facts/fact.sql", FACT, "sql/facts/per_day.sql", PER_DAY);
        fixture.refresh.run();
        assertThat(fixture.rows("select * from star.per_day order by 1"))
                .containsExactly("2026-03-28|1", "2026-03-29|2", "2026-03-30|2");
        fixture.load("landing.logins", List.of(D28), "insert into landing.logins values ('2026-03-28 01:00Z', 'q')");
        fixture.refresh.run();
        assertThat(fixture.rows("select * from star.per_day order by 1"))
                .containsExactly("2026-03-28|2", "2026-03-29|2", "2026-03-30|2");
    }

    @Test
    void daysBeforeThoseOfKeepAreDeletedWhereItSaysDrop() throws Exception {
        edit("sql/facts/fact.sql", FACT.replace("Europe/London\n", "Europe/London keep 3d drop\n"));
        fixture.refresh.run();
        assertThat(fixture.rows("select distinct date_key from star.fact order by 1"))
                .containsExactly("2026-03-29", "2026-03-30");
        fixture.now = Instant.parse("2026-04-01T06:00:00Z");
        fixture.load(
                "landing.logins",
                List.of(D28, D31),
                "insert into landing.logins values ('2026-03-28 01:00Z', 'q'), ('2026-03-31 01:00Z', 'q')");
        fixture.refresh.run();
        assertThat(fixture.rows("select distinct date_key from star.fact order by 1"))
                .containsExactly("2026-03-30", "2026-03-31");
        assertThat(fixture.rows("select * from meta.model_dirty")).isEmpty();
    }

    @Test
    void aOnceIsWrittenForDaysThatAreOverAndNeverAgain() throws Exception {
        fixture.complete("landing.logins", "2026-03-31T09:00Z");
        fixture.complete("landing.users", "2026-03-31T09:00Z");
        fixture.execute("insert into landing.users (user_id, created_at) values ('a', now()), ('b', now())");
        edit("sql/facts/snapshot.sql", "-- @from 2026-03-28\n-- @fill yes\n" + SNAPSHOT);
        fixture.refresh.run();
        assertThat(fixture.rows("select * from star.snapshot order by 1"))
                .containsExactly("2026-03-28|2|1", "2026-03-29|2|3", "2026-03-30|2|1");
        List<String> versions = fixture.rows("select xmin, ctid from star.snapshot");
        fixture.execute("delete from landing.users where user_id = 'a'");
        fixture.load("landing.logins", List.of(D29), "delete from landing.logins where user_id = 'a'");
        fixture.refresh.run();
        assertThat(fixture.rows("select xmin, ctid from star.snapshot")).isEqualTo(versions);
        // a day missed is filled, today is not over
        fixture.now = Instant.parse("2026-04-02T00:00:00Z");
        fixture.complete("landing.logins", "2026-04-02T00:00Z");
        fixture.complete("landing.users", "2026-04-02T00:00Z");
        fixture.refresh.run();
        assertThat(fixture.rows("select * from star.snapshot order by 1"))
                .containsExactly(
                        "2026-03-28|2|1", "2026-03-29|2|3", "2026-03-30|2|1", "2026-03-31|1|0", "2026-04-01|1|0");
        assertThatThrownBy(() -> fixture.refresh.rebuild("snapshot")).hasMessageContaining("cannot be rebuilt");
    }

    @Test
    void onlyTheRowsOfATableThatDifferAreWrittenAndItsGrainIsUnique() throws Exception {
        edit(
                "sql/dims/dim.sql",
                "-- @kind table\n-- @grain user_id\n-- @reads logins\n-- @about One row per user.\n"
                        + "select user_id, count(*) as logins from logins group by 1");
        fixture.refresh.run();
        String oid = fixture.one("select 'star.dim'::regclass::oid");
        List<String> versions = fixture.rows("select user_id, ctid, xmin from star.dim order by 1");
        fixture.refresh.run();
        assertThat(fixture.rows("select user_id, ctid, xmin from star.dim order by 1"))
                .isEqualTo(versions);
        fixture.execute("insert into landing.logins values (now(), 'new')");
        fixture.refresh.run();
        assertThat(fixture.rows("select user_id, ctid, xmin from star.dim where user_id < 'new' order by 1"))
                .isEqualTo(versions);
        assertThat(fixture.one("select 'star.dim'::regclass::oid")).isEqualTo(oid);
        assertThat(fixture.one(
                        "select rows_read, rows_inserted, rows_updated, rows_deleted from meta.runs where source = 'refresh:dim'"
                                + " order by run_id desc limit 1"))
                .isEqualTo("3|1|0|0");
        assertThat(fixture.rows("select * from star.dim order by 1")).containsExactly("a|4", "b|1", "new|1");
        assertThat(fixture.rows("select indexname from pg_indexes where tablename = 'dim'"))
                .containsExactly("dim_grain");
        assertThatThrownBy(() -> fixture.execute("insert into star.dim values ('a', 1)"))
                .hasMessageContaining("dim_grain");
        assertThat(fixture.one("select obj_description('star.dim'::regclass)")).isEqualTo("One row per user.");
    }

    @Test
    void columnsMayHaveAnyName() throws Exception {
        String names = "1 as n, 2 as t, 3 as s, 4 as rows, 5 as hash, 6 as unit, 7 as key, 8 as day, 9 as c, 10 as v";
        edit(
                "sql/dims/dim.sql",
                "-- @kind table\n-- @grain id\n-- @reads logins\n-- @about One row per user.\n"
                        + "select user_id as id, " + names + ", count(*) as values from logins group by 1",
                "sql/facts/fact.sql",
                """
                -- @kind    recalc
                -- @grain   id
                -- @reads   landing.logins, dim
                -- @window  day by day from landing.logins.login_at
                -- @about   One row per login and day.
                select login_at::text || user_id as id, (login_at at time zone 'UTC')::date as day, n, t, s, rows, hash,
                  unit, key, c, v, values
                from logins join dim on dim.id = user_id where login_at >= :from and login_at < :to
                """);
        fixture.refresh.run();
        fixture.load(
                "landing.logins",
                List.of(D29),
                "insert into landing.logins values ('2026-03-29 15:00Z', 'b')",
                "delete from landing.logins where user_id = 'a' and login_at < '2026-03-29'");
        fixture.refresh.run();
        assertThat(fixture.rows("select model, status, error from meta.model_state order by 1"))
                .containsExactly("dim|ok|null", "fact|ok|null");
        assertThat(fixture.rows("select id, values from star.dim order by 1")).containsExactly("a|3", "b|2");
        assertThat(fixture.one("select min(values) || ' ' || max(values) from star.fact where id like '%b'"))
                .isEqualTo("2 2");
    }

    @Test
    void aTableWhoseRowsAreLockedIsHeldAndWrittenAtTheNextRun() throws Exception {
        edit(
                "sql/dims/dim.sql",
                "-- @kind table\n-- @grain user_id\n-- @reads logins\n-- @about x\n"
                        + "select user_id, count(*) as logins from logins group by 1",
                "sql/reports/rpt.sql",
                "-- @kind view\n-- @reads dim\n-- @about x\nselect * from dim");
        fixture.refresh.run();
        fixture.execute("insert into landing.logins values (now(), 'new'), (now(), 'a')");
        try (Connection reader = fixture.warehouse.dataSource().getConnection();
                Statement s = reader.createStatement()) {
            reader.setAutoCommit(false);
            s.execute("select * from star.dim for share");
            fixture.refresh.run();
            assertThat(fixture.rows("select model, status from meta.model_state order by 1"))
                    .containsExactly("dim|held", "rpt|blocked");
            assertThat(fixture.one("select error from meta.model_state where model = 'dim'"))
                    .contains("reader", "tried again");
            assertThat(fixture.one("select status from meta.runs order by run_id desc limit 1"))
                    .isEqualTo("held");
            reader.rollback();
            reader.setAutoCommit(true);
        }
        fixture.refresh.run();
        assertThat(fixture.rows("select model, status from meta.model_state order by 1"))
                .containsExactly("dim|ok", "rpt|ok");
        assertThat(fixture.one("select count(*) from report.rpt")).isEqualTo("3");
    }

    @Test
    void aModelWithSeveralRowsOfOneGrainFailsWithoutQuotingValues() throws Exception {
        edit(
                "sql/facts/fact.sql",
                FACT.replace("@grain   user_id, date_key", "@grain   user_id"),
                "sql/reports/rpt.sql",
                "-- @kind view\n-- @reads fact\n-- @about x\nselect * from fact",
                "sql/reports/other.sql",
                "-- @kind view\n-- @reads logins\n-- @about x\nselect * from logins");
        fixture.refresh.run();
        assertThat(fixture.rows("select model, status, error from meta.model_state order by 1"))
                .containsExactly(
                        "fact|failed|The SELECT gives several rows for the same (user_id): group by it, or fix @grain.",
                        "other|ok|null",
                        "rpt|blocked|It waits for fact, which could not be refreshed.");
        assertThat(
                        fixture.one(
                                "select status, error from meta.runs where source = 'refresh:fact' order by run_id desc limit 1"))
                .isEqualTo("failed|The SELECT gives several rows for the same (user_id): group by it, or fix @grain.");
    }

    @Test
    void aModelThatGivesOtherDaysThanAskedForFails() throws Exception {
        edit("sql/facts/fact.sql", FACT.replace("'Europe/London')::date", "'Europe/London')::date + 5"));
        fixture.refresh.run();
        assertThat(fixture.one("select status, error from meta.model_state where model = 'fact'"))
                .startsWith("failed|The SELECT gave 4 rows with date_key 2026-04-02");
    }

    @Test
    void aSecondRefreshSkipsWhileOneIsRunning() throws Exception {
        edit("sql/facts/fact.sql", FACT);
        try (Writer other = fixture.warehouse.writer("refresh")) {
            fixture.refresh.run();
            assertThat(other.source()).isEqualTo("refresh");
            assertThat(fixture.one("select to_regclass('star.fact')")).isNull();
        }
        fixture.refresh.run();
        assertThat(fact()).hasSize(4);
    }

    @Test
    void aModelWhoseFileReturnsIsRecalculatedAsAWhole() throws Exception {
        edit("sql/facts/fact.sql", FACT);
        fixture.refresh.run();
        edit("sql/facts/fact.sql", null);
        fixture.load("landing.logins", List.of(D28, D29, D30), "update landing.logins set user_id = 'z'");
        fixture.refresh.run();
        assertThat(fixture.one("select active from meta.model_state")).isEqualTo("f");
        edit("sql/facts/fact.sql", FACT);
        fixture.refresh.run();
        assertThat(fact()).containsExactly("z|2026-03-28|1", "z|2026-03-29|2", "z|2026-03-30|2");
        assertThat(fixture.one("select active, status from meta.model_state")).isEqualTo("t|ok");
    }

    @Test
    void aSeedIsReplacedWhenItsFileChanges() throws Exception {
        edit(
                "sql/seeds/seed_a.csv",
                "k,v\n1,one\n2,\n",
                "sql/dims/d.sql",
                "-- @kind table\n-- @grain k\n-- @reads seed_a\n-- @about x\nselect k::int as k, v from seed_a");
        fixture.refresh.run();
        assertThat(fixture.rows("select * from star.d order by 1")).containsExactly("1|one", "2|null");
        String oid = fixture.one("select 'staging.seed_a'::regclass::oid");
        fixture.refresh.run();
        assertThat(fixture.one("select 'staging.seed_a'::regclass::oid")).isEqualTo(oid);
        edit("sql/seeds/seed_a.csv", "k,v,w\n3,drei,x\n");
        fixture.refresh.run();
        assertThat(fixture.rows("select * from star.d order by 1")).containsExactly("3|drei");
        assertThat(fixture.rows("select * from staging.seed_a")).containsExactly("3|drei|x");
    }

    @Test
    void theRunIdIsThatOfTheRunInMetaRuns() throws Exception {
        edit(
                "sql/dims/d.sql",
                "-- @kind table\n-- @grain k\n-- @about x\nselect 1 as k, :run_id as run_id, :now as at");
        fixture.refresh.run();
        assertThat(
                        fixture.one(
                                "select at at time zone 'UTC', (select source from meta.runs r where r.run_id = d.run_id) from star.d d"))
                .isEqualTo("2026-03-31 10:00:00|refresh");
    }

    @Test
    void enumsAndDomainsOfAnySchemaAreColumnTypesOfAllKinds() throws Exception {
        fixture.execute("create type landing.device as enum ('phone', 'desk')");
        fixture.execute("create domain public.login_id as text");
        String columns = "user_id::login_id as user_id, 'phone'::device as device, array['desk'::device] as devices";
        edit(
                "sql/facts/typed.sql",
                FACT.replace("select user_id,", "select " + columns + ",")
                        .replace("group by 1, 2", "group by user_id, 4"),
                "sql/dims/typed_table.sql",
                "-- @kind table\n-- @grain user_id\n-- @reads logins\n-- @about x\nselect distinct " + columns
                        + " from logins",
                "sql/reports/typed_view.sql",
                "-- @kind view\n-- @reads typed\n-- @about x\nselect device from typed");
        fixture.refresh.run();
        fixture.execute("insert into landing.logins values ('2026-03-31 09:00Z', 'new')");
        edit();
        fixture.refresh.run();
        assertThat(fixture.rows("select model, status, rows, error from meta.model_state order by 1"))
                .containsExactly("typed|ok|5|null", "typed_table|ok|3|null", "typed_view|ok|null|null");
        assertThat(fixture.one("select device, devices from star.typed_table limit 1"))
                .isEqualTo("phone|{desk}");
    }

    @Test
    void aTableWithTheLongestNameIsRefreshedAgain() throws Exception {
        String name = "d".repeat(55);
        edit(
                "sql/dims/" + name + ".sql",
                "-- @kind table\n-- @grain user_id\n-- @reads logins\n-- @about x\n"
                        + "select user_id, count(*) as logins from logins group by 1");
        for (String user : List.of("x", "y", "z")) {
            fixture.execute("insert into landing.logins values (now(), '" + user + "')");
            fixture.refresh.run();
        }
        assertThat(fixture.one("select rows, status from meta.model_state")).isEqualTo("5|ok");
    }

    private List<String> fact() throws Exception {
        return fixture.rows("select * from star.fact order by 1, 2");
    }

    private void edit(String... pathsAndTexts) {
        assertThat(fixture.edit(pathsAndTexts)).isEmpty();
    }
}
