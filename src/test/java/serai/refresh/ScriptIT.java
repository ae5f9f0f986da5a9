package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The kind {@code script}: statements that fill tables of their own. */
class ScriptIT {

    private static final String FILE = "sql/facts/a_script.sql";
    private static final String SCORES = """
            -- @kind    script
            -- @reads   stg_points
            -- @writes  star.scores
            -- @about   Adds up the points of each user.
            delete from star.scores where user_id not in (select user_id from staging.stg_points);
            insert into star.scores (user_id, points, at)
            select user_id, sum(points), :now from staging.stg_points group by 1
            on conflict (user_id) do update set points = excluded.points where scores.points <> excluded.points
            """;
    private static final String POINTS = """
            -- @kind   view
            -- @reads  landing.points
            -- @about  One row per gain.
            select user_id, points from points
            """;
    private static final String REPORT = """
            -- @kind   table
            -- @grain  n
            -- @reads  scores
            -- @about  One row.
            select 1 as n, sum(points) as points from scores
            """;

    private final RefreshFixture fixture = new RefreshFixture(31);

    @BeforeEach
    void create() {
        fixture.execute("create table star.scores (user_id text primary key, points bigint, at timestamptz)");
        fixture.execute("create table star.others (n int)");
        fixture.execute("create table landing.points (user_id text, points int)");
        fixture.execute("insert into landing.points values ('a', 1), ('a', 2), ('b', 5)");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void edit(String script) {
        assertThat(fixture.edit("sql/staging/stg_points.sql", POINTS, "sql/dims/a_report.sql", REPORT, FILE, script))
                .isEmpty();
    }

    private String error() {
        return fixture.one("select error from meta.model_state where model = 'a_script'");
    }

    @Test
    void aScriptRunsAfterWhatItReadsAndBeforeWhatReadsItsTables() throws Exception {
        edit(SCORES);
        fixture.refresh.run();
        assertThat(fixture.rows("select * from star.a_report")).containsExactly("1|8");
        assertThat(fixture.rows("select user_id, points, at = '2026-03-31T10:00Z' from star.scores order by 1"))
                .containsExactly("a|3|t", "b|5|t");
        fixture.execute("delete from landing.points where user_id = 'b'");
        fixture.refresh.run();
        assertThat(fixture.rows("select * from star.a_report")).containsExactly("1|3");
        assertThat(fixture.rows("select model, error from meta.model_state where status <> 'ok'"))
                .isEmpty();
    }

    @Test
    void readersAreToldOnlyWhenTheTableWasWritten() throws Exception {
        assertThat(fixture.edit("sql/staging/stg_points.sql", POINTS, FILE, SCORES, "sql/facts/fact.sql", """
                        -- @kind    recalc
                        -- @grain   day
                        -- @reads   star.scores
                        -- @window  day by day from star.scores.at
                        -- @about   One row per day with new scores.
                        select (at at time zone 'UTC')::date as day, sum(points)::bigint as points from star.scores
                        where at >= :from and at < :to group by 1"""))
                .isEmpty();
        fixture.refresh.run();
        assertThat(fixture.rows("select * from star.fact")).containsExactly("2026-03-31|8");
        fixture.execute("insert into landing.points values ('b', 2)");
        fixture.refresh.runOnce();
        assertThat(fixture.rows("select * from star.fact")).containsExactly("2026-03-31|10");
        fixture.refresh.run();
        assertThat(fixture.rows("select unit from meta.model_dirty")).isEmpty();
    }

    @Test
    void aFailureKeepsTheRowsAndBlocksReaders() throws Exception {
        edit(SCORES);
        fixture.refresh.run();
        edit(SCORES + ";\nselect 1 / 0;");
        fixture.execute("insert into landing.points values ('b', 2)");
        fixture.refresh.run();
        assertThat(error()).contains("a_script.sql, line 10: division by zero");
        assertThat(fixture.one("select sum(points) from star.scores")).isEqualTo("8");
        assertThat(fixture.one("select status from meta.model_state where model = 'a_report'"))
                .isEqualTo("blocked");
        edit(SCORES + ";\ninsert into star.others values (1);");
        fixture.refresh.run();
        assertThat(error()).contains("has changed star.others, which no @writes names");
        assertThat(fixture.rows("select * from star.others")).isEmpty();
        edit(SCORES.replace("star.scores\n", "star.scores, star.others\n") + ";\ntruncate star.others;");
        fixture.refresh.run();
        assertThat(error()).isNull();
    }

    @Test
    void statementsThatCannotBeInATransactionAreRefusedWithTheirLine() {
        assertRefused(SCORES + ";\ncommit;", "a_script.sql", "line=10", "one transaction");
        assertRefused(SCORES + ";\ncopy star.scores from stdin;", "line=10", "without COPY");
        assertRefused(SCORES + ";\n\\i x.sql;", "without COPY and commands of psql");
        assertRefused(SCORES.replace(":now", ":from"), "there is no parameter :from");
        assertRefused(SCORES.replace("star.scores\n", "star.nothing\n"), "there is no table star.nothing");
        assertRefused(SCORES.replace("star.scores\n", "scores\n"), "has no schema");
        assertRefused(SCORES.replace("-- @writes  star.scores\n", ""), "needs @writes");
        assertRefused(SCORES.replace("stg_points\n", "nowhere\n"), "it reads nowhere");
    }

    private void assertRefused(String script, String... texts) {
        assertThat(fixture.edit("sql/staging/stg_points.sql", POINTS, FILE, script)
                        .toString())
                .contains(texts);
    }
}
