package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The kind {@code upsert}: each key's present row. The time is 10:00 UTC on 31 March 2026. */
class UpsertIT {

    private static final String USERS = """
            -- @kind    upsert
            -- @grain   user_id
            -- @reads   stg_visits
            -- @window  by day from stg_visits.visit_at
            -- @about   One row per user who visited.
            select user_id, min(visit_at) as first_at, max(visit_at) as last_at, count(*) as visits,
              (array_agg(page order by visit_at desc, page))[1] as last_page
            from stg_visits
            where user_id in (select user_id from stg_visits where visit_at >= :from and visit_at < :to)
            group by 1
            """;
    private static final String VISITS = """
            -- @kind   view
            -- @reads  landing.visits
            -- @about  One row per visit.
            select visitor as user_id, at as visit_at, page from visits where visitor <> 'robot'
            """;

    private final RefreshFixture fixture = new RefreshFixture(31);
    private final WatchedLoad load = new WatchedLoad(fixture, "landing.visits", "at");

    @BeforeEach
    void create() {
        fixture.execute("create table landing.visits (visitor text, at timestamptz, page text, seen int)");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void edit(String... files) {
        assertThat(fixture.edit(files)).isEmpty();
    }

    private void refresh() throws Exception {
        fixture.refresh.run();
        assertThat(fixture.rows("select model, error from meta.model_state where status <> 'ok'"))
                .isEmpty();
    }

    private List<String> users() {
        return fixture.rows(
                "select user_id, first_at::date, last_at::date, visits, last_page from star.dim order by 1");
    }

    private long runs() {
        return Long.parseLong(fixture.one("select count(*) from meta.runs where source = 'refresh:dim'"));
    }

    @Test
    void onlyTheKeysThatWereTouchedAreWrittenAndEachHasItsPresentRow() throws Exception {
        edit("sql/staging/stg_visits.sql", VISITS, "sql/dims/dim.sql", USERS);
        load.run("insert into landing.visits values ('a', '2026-01-10', 'x'), ('b', '2026-03-02', 'y')");
        refresh();
        assertThat(users()).containsExactly("a|2026-01-10|2026-01-10|1|x", "b|2026-03-02|2026-03-02|1|y");
        String untouched = fixture.one("select xmin from star.dim where user_id = 'a'");
        // a late visit is no newer one, and the row lies outside of its day
        load.run("insert into landing.visits values ('b', '2026-02-01', 'z'), ('c', '2026-03-30', 'z')");
        refresh();
        assertThat(users())
                .containsExactly(
                        "a|2026-01-10|2026-01-10|1|x", "b|2026-02-01|2026-03-02|2|y", "c|2026-03-30|2026-03-30|1|z");
        assertThat(fixture.one("select xmin from star.dim where user_id = 'a'")).isEqualTo(untouched);
        long runs = runs();
        refresh();
        // a row that is written again without a change
        load.run(
                "delete from landing.visits where visitor = 'b'",
                "insert into landing.visits values ('b', '2026-03-02', 'y'), ('b', '2026-02-01', 'z')");
        refresh();
        assertThat(runs()).isEqualTo(runs);
        assertThat(fixture.one("select count(*) from meta.model_dirty_keys")).isEqualTo("0");
    }

    @Test
    void aKeyGoesOnlyWhenNoRowOfItIsLeft() throws Exception {
        edit("sql/staging/stg_visits.sql", VISITS, "sql/dims/dim.sql", USERS);
        load.run("insert into landing.visits values ('a', '2026-01-10', 'x'), ('a', '2026-03-10', 'y'),"
                + " ('b', '2026-03-10', 'y')");
        refresh();
        load.run("delete from landing.visits where at = '2026-03-10'");
        refresh();
        assertThat(users()).containsExactly("a|2026-01-10|2026-01-10|1|x");
        // what the view hides is gone, too
        load.run("update landing.visits set visitor = 'robot'");
        refresh();
        assertThat(users()).isEmpty();
        assertThat(fixture.one("select rows from meta.model_state where model = 'dim'"))
                .isEqualTo("0");
    }

    @Test
    void keptColumnsStayAndGoneRowsAreFlagged() throws Exception {
        edit("sql/staging/stg_visits.sql", VISITS, "sql/dims/dim.sql", """
                -- @kind    upsert
                -- @grain   user_id
                -- @reads   stg_visits
                -- @window  by day from stg_visits.visit_at
                -- @keep    first_page
                -- @deleted is_gone
                -- @about   One row per user who visited.
                select user_id, (array_agg(page order by visit_at desc))[1] as first_page, count(*) as visits,
                  false as is_gone
                from stg_visits
                where user_id in (select user_id from stg_visits where visit_at >= :from and visit_at < :to)
                group by 1
                """);
        load.run("insert into landing.visits values ('a', '2026-03-10', 'x')");
        refresh();
        load.run("insert into landing.visits values ('a', '2026-03-11', 'y')");
        refresh();
        assertThat(fixture.rows("select * from star.dim")).containsExactly("a|x|2|f");
        load.run("delete from landing.visits");
        refresh();
        assertThat(fixture.rows("select * from star.dim")).containsExactly("a|x|2|t");
        load.run("insert into landing.visits values ('b', '2026-03-11', 'y')");
        refresh();
        fixture.refresh.rebuild("dim");
        assertThat(fixture.rows("select * from star.dim order by 1")).containsExactly("a|x|2|t", "b|y|1|f");
        load.run("insert into landing.visits values ('a', '2026-03-12', 'z')");
        refresh();
        assertThat(fixture.rows("select * from star.dim order by 1")).containsExactly("a|x|1|f", "b|y|1|f");
    }

    @Test
    void whereTheKeyCannotBeFollowedTheWholeIsCompared() throws Exception {
        edit(
                "sql/staging/stg_visits.sql",
                VISITS,
                "sql/dims/dim.sql",
                USERS.replace("select user_id, min", "select upper(user_id) as user_id, min"));
        load.run("insert into landing.visits values ('a', '2026-01-10', 'x'), ('b', '2026-03-02', 'y')");
        refresh();
        load.run("delete from landing.visits where visitor = 'a'");
        load.run("insert into landing.visits values ('c', '2026-03-02', 'y')");
        refresh();
        assertThat(users()).containsExactly("B|2026-03-02|2026-03-02|1|y", "C|2026-03-02|2026-03-02|1|y");
    }

    @Test
    void changesOfAnotherInputReachTheKeysThatHaveItsValue() throws Exception {
        fixture.execute("create table landing.pages (page text primary key, title text)");
        String joined = """
                -- @kind    upsert
                -- @grain   user_id, page
                -- @reads   landing.visits, landing.pages
                -- @window  by day from visits.at
                -- @late    %s
                -- @about   One row per user and page.
                select v.visitor as user_id, v.page, max(title) as title from visits v join pages using (page)
                where (v.visitor, v.page) in (select visitor, page from visits where at >= :from and at < :to)
                group by 1, 2
                """;
        WatchedLoad pages = new WatchedLoad(fixture, "landing.pages", "");
        edit(
                "sql/dims/dim.sql",
                joined.formatted("dirty"),
                "sql/dims/dim_followed.sql",
                joined.formatted("landing.pages.page = visits.page"));
        load.run("insert into landing.visits values ('a', '2026-01-10', 'x'), ('b', '2026-03-02', 'y')");
        pages.run("insert into landing.pages values ('x', 'X')");
        refresh();
        for (String table : List.of("star.dim", "star.dim_followed")) {
            assertThat(fixture.rows("select * from " + table)).containsExactly("a|x|X");
        }
        pages.run(
                "insert into landing.pages values ('y', 'Y')",
                "update landing.pages set title = 'new' where page = 'x'");
        refresh();
        for (String table : List.of("star.dim", "star.dim_followed")) {
            assertThat(fixture.rows("select * from " + table + " order by 1")).containsExactly("a|x|new", "b|y|Y");
        }
        pages.run("delete from landing.pages where page = 'y'");
        refresh();
        for (String table : List.of("star.dim", "star.dim_followed")) {
            assertThat(fixture.rows("select * from " + table)).containsExactly("a|x|new");
        }
    }

    @Test
    void modelsOverAnUpsertAreCalculatedAgain() throws Exception {
        edit("sql/staging/stg_visits.sql", VISITS, "sql/dims/dim.sql", USERS, "sql/facts/fact.sql", """
                -- @kind    recalc
                -- @grain   day
                -- @reads   dim
                -- @window  day by day from dim.first_at
                -- @about   One row per day on which users came.
                select (first_at at time zone 'UTC')::date as day, count(*) as users, sum(visits)::bigint as visits
                from dim where first_at >= :from and first_at < :to group by 1
                """);
        load.run("insert into landing.visits values ('a', '2026-01-10', 'x'), ('b', '2026-01-10', 'y')");
        refresh();
        load.run("insert into landing.visits values ('a', '2026-03-10', 'x'), ('b', '2026-01-05', 'y')");
        refresh();
        assertThat(fixture.rows("select * from star.fact order by 1"))
                .containsExactly("2026-01-05|1|2", "2026-01-10|1|2");
    }

    @Test
    void rowsWithoutAUniqueKeyAndWrongHeadersAreRefused() throws Exception {
        edit("sql/staging/stg_visits.sql", VISITS, "sql/dims/dim.sql", USERS.replace("group by 1", "group by 1, page"));
        load.run("insert into landing.visits values ('a', '2026-01-10', 'x'), ('a', '2026-03-02', 'y')");
        fixture.refresh.run();
        assertThat(fixture.one("select error from meta.model_state where model = 'dim'"))
                .contains("user_id");
        assertThat(fixture.edit("sql/dims/other.sql", USERS.replace("as visits,", "as visits, :now as at,")))
                .singleElement()
                .asString()
                .contains("an upsert must not use :now");
        assertThat(fixture.edit("sql/dims/other.sql", USERS.replace("-- @about", "-- @deleted last_page\n-- @about")))
                .singleElement()
                .asString()
                .contains("not of type boolean");
        assertThat(fixture.edit("sql/dims/other.sql", USERS.replace("visit_at\n", "visit_at keep 5d\n")))
                .singleElement()
                .asString()
                .contains("remove 'keep'");
    }

    @Test
    void anEditMarksTheModelAsChangedAndARebuildTakesOtherColumns() throws Exception {
        edit("sql/staging/stg_visits.sql", VISITS, "sql/dims/dim.sql", USERS);
        load.run("insert into landing.visits values ('a', '2026-01-10', 'x'), ('b', '2026-03-02', 'y')");
        refresh();
        edit("sql/dims/dim.sql", USERS.replace("count(*) as", "2 * count(*) as"));
        load.run("insert into landing.visits values ('a', '2026-01-11', 'x')");
        fixture.refresh.run();
        assertThat(users()).contains("a|2026-01-10|2026-01-11|4|x", "b|2026-03-02|2026-03-02|1|y");
        assertThat(fixture.one("select status from meta.model_state where model = 'dim'"))
                .isEqualTo("changed");
        fixture.refresh.rebuild("dim");
        assertThat(users()).contains("b|2026-03-02|2026-03-02|2|y");
        assertThat(fixture.edit("sql/dims/dim.sql", USERS.replace("count(*) as", "count(*)::text as")))
                .singleElement()
                .asString()
                .contains("rebuild dim");
        fixture.refresh.rebuild("dim");
        assertThat(users()).contains("b|2026-03-02|2026-03-02|1|y");
        assertThatThrownBy(() -> fixture.refresh.rebuild("stg_visits")).hasMessageContaining("nothing to rebuild");
    }

    @Test
    void marksByHandCompareTheWhole() throws Exception {
        edit("sql/staging/stg_visits.sql", VISITS, "sql/dims/dim.sql", USERS);
        load.run("insert into landing.visits values ('a', '2026-01-10', 'x'), ('b', '2026-03-02', 'y')");
        refresh();
        fixture.execute("delete from landing.visits where visitor = 'b'");
        fixture.execute("select meta.mark_dirty('landing.visits', '2026-03-02', '2026-03-02')");
        refresh();
        assertThat(users()).containsExactly("a|2026-01-10|2026-01-10|1|x");
    }
}
