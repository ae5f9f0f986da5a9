package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.WatchedRows;
import serai.warehouse.Writer;

/** How changes of inputs that do not date the rows reach a model. The time is 10:00 UTC on 31 March 2026. */
class ModelInputsIT {

    private static final String PEOPLE = """
            -- @kind    table
            -- @grain   user_id
            -- @reads   landing.users
            -- @about   One row per user.
            select user_id, max(country) as country, max(locale) as locale, min(created_at)::date as signup_date,
              null::date as gone_date
            from users group by 1
            """;
    private static final String DATES = """
            -- @kind    table
            -- @grain   date_key
            -- @about   One row per day.
            select d::date as date_key from generate_series('2026-03-01'::date, '2026-04-30'::date, interval '1 day') as d
            """;
    private final RefreshFixture fixture = new RefreshFixture(31);

    @BeforeEach
    void land() throws Exception {
        fixture.load("landing.logins", List.of(LocalDate.of(2026, 3, 29)), """
                insert into landing.logins values ('2026-03-02 23:30Z', 'a'), ('2026-03-05 10:00Z', 'b'),
                  ('2026-03-29 00:30Z', 'a'), ('2026-03-31 09:00Z', 'b')""");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static String joined(String late) {
        return """
                -- @kind    recalc
                -- @grain   day, country
                -- @reads   landing.logins, dim_people
                -- @window  day by day from landing.logins.login_at
                -- @late    %s
                -- @about   One row per day and country.
                select (login_at at time zone 'UTC')::date as day, coalesce(country, '?') as country, count(*) as logins
                from logins left join dim_people using (user_id)
                where login_at >= :from and login_at < :to group by 1, 2
                """.formatted(late);
    }

    private void edit(String... files) {
        assertThat(fixture.edit(files)).isEmpty();
    }

    private List<String> fact() {
        return fixture.rows("select * from star.fact order by 1, 2");
    }

    private void user(String id, String country, String locale, String created) throws Exception {
        fixture.execute("delete from landing.users where user_id = '" + id + "'");
        fixture.execute("insert into landing.users (user_id, country, locale, created_at) values ('" + id + "', '"
                + country + "', '" + locale + "', '" + created + "')");
    }

    @Test
    void aDimensionThatArrivesAfterItsFactsOrChangesReachesOldUnits() throws Exception {
        edit("sql/dims/dim_people.sql", PEOPLE, "sql/facts/fact.sql", joined("dirty"));
        fixture.refresh.run();
        assertThat(fact()).contains("2026-03-02|?|1", "2026-03-29|?|1");
        user("a", "GB", "en", "2026-01-01");
        fixture.refresh.run();
        assertThat(fact()).contains("2026-03-02|GB|1", "2026-03-05|?|1", "2026-03-29|GB|1");
    }

    @Test
    void whatReadsATableThatIsBeingCopiedKeepsItsRowsAndWaits() throws Exception {
        user("a", "GB", "en", "2026-01-01");
        edit("sql/dims/dim_people.sql", PEOPLE, "sql/facts/fact.sql", joined("dirty"));
        fixture.refresh.run();
        fixture.execute("insert into meta.replicated_tables (source, source_table, relation, state)"
                + " values ('load-app', 'public.users', 'landing.users', 'copying')");
        user("a", "FR", "en", "2026-01-01");
        fixture.refresh.run();
        assertThat(fixture.rows("select country from star.dim_people")).containsExactly("GB");
        assertThat(fixture.one("select status || ' ' || error from meta.model_state where model = 'dim_people'"))
                .startsWith("held It waits until landing.users is copied");
        assertThat(fixture.one("select status from meta.model_state where model = 'fact'"))
                .isEqualTo("ok");
        fixture.execute("update meta.replicated_tables set state = 'complete'");
        fixture.refresh.run();
        assertThat(fixture.rows("select country from star.dim_people")).containsExactly("FR");
        assertThat(fact()).contains("2026-03-02|FR|1");
    }

    @Test
    void aChangeOfAColumnThatTheModelDoesNotReadCalculatesNothing() throws Exception {
        user("a", "GB", "en", "2026-01-01");
        edit("sql/dims/dim_people.sql", PEOPLE, "sql/facts/fact.sql", joined("dirty"));
        fixture.refresh.run();
        user("a", "GB", "de", "2026-01-01");
        fixture.refresh.run();
        assertThat(fixture.one("select locale from star.dim_people")).isEqualTo("de");
        assertThat(fixture.rows("select * from meta.dirty_keys")).isEmpty();
        assertThat(fixture.one("select count(*) from meta.runs where source = 'refresh:dim_people'"))
                .isEqualTo("2");
    }

    @Test
    void aKeyOfAChangedRowCalculatesJustTheUnitsThatHaveIt() throws Exception {
        edit(
                "sql/dims/dim_people.sql",
                PEOPLE,
                "sql/facts/fact.sql",
                joined("dirty, dim_people.user_id = landing.logins.user_id"));
        fixture.refresh.run();
        fixture.execute("update landing.logins set user_id = 'c' where login_at < '2026-03-03'");
        user("a", "GB", "en", "2026-01-01");
        fixture.refresh.run();
        // the change by hand was not marked, and its day does not have the key any more
        assertThat(fact()).contains("2026-03-02|?|1", "2026-03-05|?|1", "2026-03-29|GB|1");
        fixture.execute("delete from landing.users");
        fixture.refresh.run();
        assertThat(fact()).contains("2026-03-29|?|1");
    }

    @Test
    void aFactLeavesWhatIsThereWhenItSaysWithoutTheDimension() throws Exception {
        assertThat(fixture.edit("sql/dims/dim_people.sql", PEOPLE, "sql/facts/fact.sql", joined("without dim_people")))
                .isEmpty();
        fixture.refresh.run();
        fixture.load("landing.users", List.of(), """
                insert into landing.users (user_id, created_at, country) values ('a', '2020-01-01', 'GB')""");
        fixture.refresh.run();
        assertThat(fact()).noneMatch(row -> row.contains("GB"));
        assertThat(fixture.edit("sql/facts/other.sql", joined("without dim_teams")))
                .singleElement()
                .asString()
                .contains("dim_teams, which is not in @reads");
    }

    @Test
    void aRangeOfAChangedRowCalculatesTheUnitsInIt() throws Exception {
        user("a", "GB", "en", "2026-03-20");
        edit("sql/dims/dim_people.sql", PEOPLE, "sql/dims/dim_dates.sql", DATES, "sql/facts/fact.sql", """
                -- @kind    recalc
                -- @grain   day, user_id
                -- @reads   dim_dates, dim_people
                -- @window  day by day from dim_dates.date_key
                -- @late    dim_people by signup_date..gone_date
                -- @about   One row per day after the signup of a user.
                select date_key as day, user_id from dim_dates join dim_people on signup_date <= date_key
                where date_key >= (:from at time zone 'UTC')::date and date_key < (:to at time zone 'UTC')::date
                """);
        fixture.refresh.run();
        assertThat(fact()).hasSize(12);
        user("a", "GB", "en", "2026-03-25");
        fixture.refresh.run();
        assertThat(fact()).hasSize(7);
        user("a", "GB", "en", "2026-03-22");
        fixture.refresh.run();
        assertThat(fact()).hasSize(10);
        assertThat(fixture.rows("select * from meta.model_dirty")).isEmpty();
    }

    @Test
    void aChangedKeyOrRangeOfAModelWhoseTableIsGoneCalculatesAllOfIt() throws Exception {
        user("a", "GB", "en", "2026-03-20");
        edit(
                "sql/dims/dim_people.sql",
                PEOPLE,
                "sql/dims/dim_dates.sql",
                DATES,
                "sql/facts/fact.sql",
                """
                -- @kind    recalc
                -- @grain   day, user_id
                -- @reads   dim_dates, dim_people
                -- @window  day by day from dim_dates.date_key
                -- @late    dim_people by signup_date..gone_date
                -- @about   One row per day after the signup of a user.
                select date_key as day, user_id from dim_dates join dim_people on signup_date <= date_key
                where date_key >= (:from at time zone 'UTC')::date and date_key < (:to at time zone 'UTC')::date
                """,
                "sql/facts/fact_keys.sql",
                joined("dim_people.user_id = logins.user_id"));
        fixture.refresh.run();
        int keys = fixture.rows("select * from star.fact_keys").size();
        // as models that are yet to be built, because their first refresh was killed
        fixture.execute("drop table star.fact; drop table star.fact_keys");
        user("a", "GB", "en", "2026-03-25");
        fixture.refresh.run();
        assertThat(fact()).hasSize(7);
        assertThat(fixture.rows("select * from star.fact_keys")).hasSize(keys);
        assertThat(fixture.rows("select * from meta.model_dirty")).isEmpty();
        assertThat(fixture.rows("select distinct status from meta.model_state")).containsExactly("ok");
    }

    @Test
    void aWriterThatBeganBeforeAWatchHoldsTheModelBackUntilItHasEnded() throws Exception {
        edit("sql/dims/dim_people.sql", PEOPLE, "sql/facts/fact.sql", joined("dirty"));
        try (Connection other = fixture.database.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("create table landing.other (a int)");
            fixture.refresh.run();
            assertThat(fixture.one("select status, error from meta.model_state where model = 'fact'"))
                    .startsWith("held|It waits for transactions");
            other.commit();
        }
        fixture.refresh.run();
        assertThat(fact()).hasSize(4);
    }

    @Test
    void aTimeThatIsNotTheLoadersDatesTheRowsAllTheSame() throws Exception {
        fixture.execute("create table landing.orders (updated_at timestamptz, paid_at timestamptz, amount int)");
        edit("sql/facts/fact.sql", """
                -- @kind    recalc
                -- @grain   day
                -- @reads   landing.orders
                -- @window  day by day from landing.orders.paid_at
                -- @about   One row per day.
                select (paid_at at time zone 'UTC')::date as day, sum(amount)::bigint as amount
                from orders where paid_at >= :from and paid_at < :to group by 1
                """);
        fixture.refresh.run();
        write("insert into landing.orders values ('2026-03-30', '2026-03-07', 5), ('2026-03-30', '2026-03-08', 2)");
        fixture.refresh.run();
        assertThat(fact()).containsExactly("2026-03-07|5", "2026-03-08|2");
        write("update landing.orders set paid_at = '2026-03-09' where amount = 5");
        fixture.refresh.run();
        assertThat(fact()).containsExactly("2026-03-08|2", "2026-03-09|5");
    }

    /** A loader whose window column is updated_at. */
    private void write(String statement) throws Exception {
        Relation orders = Relation.of("landing.orders");
        try (Writer writer = fixture.warehouse.writer("test-load")) {
            writer.commitWithState(tx -> {
                WatchedRows rows = WatchedRows.before(tx.sql(), orders, "updated_at", "updated_at >= '2026-03-30'");
                tx.sql().execute(statement);
                rows.record();
                tx.markDirty(orders, List.of(LocalDate.of(2026, 3, 30)));
                return RunOutcome.ok();
            });
        }
    }

    @Test
    void aChangeOfAnotherColumnReachesTheUnitOfATimeThatTheLoadDoesNotMark() throws Exception {
        fixture.execute("create table landing.payments (paid_at timestamptz, loaded_at timestamptz, amount int)");
        WatchedLoad load = new WatchedLoad(fixture, "landing.payments", "loaded_at");
        edit("sql/facts/fact.sql", """
                -- @kind    recalc
                -- @grain   day
                -- @reads   landing.payments
                -- @window  day by day from payments.paid_at
                -- @about   One row per day with payments.
                select (paid_at at time zone 'UTC')::date as day, sum(amount)::int as amount from payments
                where paid_at >= :from and paid_at < :to group by 1
                """);
        load.run("insert into landing.payments values ('2026-03-01', '2026-03-20', 5)");
        fixture.refresh.run();
        assertThat(fixture.rows("select * from star.fact")).containsExactly("2026-03-01|5");
        load.run("update landing.payments set amount = 6");
        fixture.refresh.run();
        assertThat(fixture.rows("select * from star.fact")).containsExactly("2026-03-01|6");
    }

    @Test
    void aChangeOfAnotherColumnThanTheOneThatDatesTheRowsCalculatesTheirUnits() throws Exception {
        user("a", "GB", "en", "2026-03-02");
        user("b", "GB", "en", "2026-03-05");
        String dated = """
                -- @kind    recalc
                -- @grain   day, country
                -- @reads   dim_people
                -- @window  day by day from dim_people.signup_date
                -- @about   One row per day and country.
                select signup_date as day, country, count(*) as people from dim_people
                where signup_date >= (:from at time zone 'UTC')::date and signup_date < (:to at time zone 'UTC')::date
                group by 1, 2
                """;
        edit("sql/dims/dim_people.sql", PEOPLE, "sql/facts/fact.sql", dated);
        fixture.refresh.run();
        assertThat(fact()).containsExactly("2026-03-02|GB|1", "2026-03-05|GB|1");
        user("a", "FR", "en", "2026-03-02");
        fixture.refresh.run();
        assertThat(fact()).containsExactly("2026-03-02|FR|1", "2026-03-05|GB|1");
    }
}
