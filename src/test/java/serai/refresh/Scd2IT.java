package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The kind {@code scd2}: versions of rows, from a change log or from what each refresh sees. */
class Scd2IT {

    private static final String LOG = """
            -- @kind    scd2
            -- @grain   team_id
            -- @reads   landing.changes
            -- @about   One row per team and version.
            select team as team_id, plan, at as valid_from, position, seq, gone as is_deleted from changes
            """;
    private static final String SNAPSHOT = """
            -- @kind    scd2
            -- @grain   team_id
            -- @reads   landing.team_plans
            -- @about   One row per team and version.
            select team_id, plan from team_plans
            """;

    private final RefreshFixture fixture = new RefreshFixture(31);
    private final WatchedLoad load = new WatchedLoad(fixture, "landing.changes", "");

    @BeforeEach
    void create() {
        fixture.execute("create table landing.changes"
                + " (team text, at timestamptz, position bigint, seq int, plan text, gone boolean)");
        fixture.execute("create table landing.team_plans (team_id text, plan json)");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void edit(String text) {
        assertThat(fixture.edit("sql/dims/dim.sql", text)).isEmpty();
    }

    private void refresh() throws Exception {
        fixture.refresh.run();
        assertThat(fixture.rows("select model, error from meta.model_state where status <> 'ok'"))
                .isEmpty();
    }

    private List<String> versions() {
        return fixture.rows("select team_id, plan, valid_from::date, valid_to::date from star.dim order by 1, 3");
    }

    private String refused(String text) {
        return fixture.edit("sql/dims/other.sql", text).toString();
    }

    @Test
    void versionsFollowFromTheChangesInTheOrderOfTheirOwnTime() throws Exception {
        edit(LOG);
        load.run("insert into landing.changes values ('a', '2026-01-01', 1, 1, 'free'),"
                + " ('a', '2026-01-05', 2, 1, 'free'), ('b', '2026-02-01', 3, 1, 'pro')");
        refresh();
        assertThat(versions()).containsExactly("a|free|2026-01-01|null", "b|pro|2026-02-01|null");
        String untouched = fixture.one("select xmin from star.dim where team_id = 'b'");
        // a late change between two that are equal
        load.run("insert into landing.changes values ('a', '2026-01-03', 9, 1, 'pro')");
        refresh();
        assertThat(versions())
                .containsExactly(
                        "a|free|2026-01-01|2026-01-03",
                        "a|pro|2026-01-03|2026-01-05",
                        "a|free|2026-01-05|null",
                        "b|pro|2026-02-01|null");
        assertThat(fixture.one("select xmin from star.dim where team_id = 'b'")).isEqualTo(untouched);
        // of one instant the last by position, then by sequence
        load.run(
                "insert into landing.changes values ('a', '2026-01-03', 10, 1, 'x'),"
                        + " ('a', '2026-01-03', 10, 2, 'team'), ('a', '2026-01-03', 8, 7, 'y')",
                "insert into landing.changes values ('b', '2026-03-01', 11, 1, 'pro', true)");
        refresh();
        assertThat(versions())
                .containsExactly(
                        "a|free|2026-01-01|2026-01-03",
                        "a|team|2026-01-03|2026-01-05",
                        "a|free|2026-01-05|null",
                        "b|pro|2026-02-01|2026-03-01");
        load.run("delete from landing.changes where team = 'b'");
        refresh();
        assertThat(versions()).hasSize(3);
        String runs = fixture.one("select count(*) from meta.runs where source = 'refresh:dim'");
        refresh();
        assertThat(fixture.one("select count(*) from meta.runs where source = 'refresh:dim'"))
                .isEqualTo(runs);
    }

    @Test
    void aRebuildFromTheLogTakesOtherColumns() throws Exception {
        edit(LOG);
        load.run("insert into landing.changes values ('a', '2026-01-01', 1, 1, 'free'),"
                + " ('a', '2026-01-05', 2, 1, 'pro')");
        refresh();
        String other = LOG.replace("plan, at", "length(plan) as plan, at");
        assertThat(fixture.edit("sql/dims/dim.sql", other).toString()).contains("rebuild dim");
        fixture.refresh.rebuild("dim");
        assertThat(fixture.rows("select team_id, plan, valid_to is null from star.dim order by valid_from"))
                .containsExactly("a|4|f", "a|3|t");
    }

    @Test
    void withoutALogEachRefreshDatesWhatItSees() throws Exception {
        edit(SNAPSHOT);
        fixture.execute("insert into landing.team_plans values ('a', '{\"p\": 1}'), ('b', null)");
        refresh();
        assertThat(versions()).containsExactly("a|{\"p\": 1}|2026-03-31|null", "b|null|2026-03-31|null");
        // the same instant: no version of no length
        fixture.execute("update landing.team_plans set plan = '{\"p\": 2}' where team_id = 'a'");
        refresh();
        assertThat(versions()).containsExactly("a|{\"p\": 2}|2026-03-31|null", "b|null|2026-03-31|null");
        fixture.now = fixture.now.plus(Duration.ofDays(1));
        fixture.execute("update landing.team_plans set plan = '{\"p\": 3}' where team_id = 'a'");
        fixture.execute("delete from landing.team_plans where team_id = 'b'");
        refresh();
        assertThat(versions())
                .containsExactly(
                        "a|{\"p\": 2}|2026-03-31|2026-04-01",
                        "a|{\"p\": 3}|2026-04-01|null",
                        "b|null|2026-03-31|2026-04-01");
        fixture.now = fixture.now.plus(Duration.ofDays(1));
        fixture.execute("insert into landing.team_plans values ('b', '1')");
        refresh();
        assertThat(versions()).contains("b|null|2026-03-31|2026-04-01", "b|1|2026-04-02|null");
        assertThat(fixture.one("select rows from meta.model_state where model = 'dim'"))
                .isEqualTo("4");
        // a clock that was set back does not make a version end before it begins
        fixture.now = fixture.now.minus(Duration.ofDays(5));
        fixture.execute("update landing.team_plans set plan = '4'");
        refresh();
        assertThat(fixture.rows("select * from star.dim where valid_to <= valid_from"))
                .isEmpty();
        assertThatThrownBy(() -> fixture.refresh.rebuild("dim")).hasMessageContaining("without a change log");
    }

    @Test
    void addedColumnsFillTheOpenVersions() throws Exception {
        edit(SNAPSHOT);
        fixture.execute("insert into landing.team_plans values ('a', '1'), ('b', '1')");
        refresh();
        fixture.now = fixture.now.plus(Duration.ofDays(1));
        fixture.execute("delete from landing.team_plans where team_id = 'b'");
        refresh();
        fixture.now = fixture.now.plus(Duration.ofDays(1));
        edit(SNAPSHOT.replace("plan from", "plan, 7 as seats from"));
        refresh();
        assertThat(fixture.rows("select team_id, plan, seats, valid_to is null from star.dim order by 1"))
                .containsExactly("a|1|7|t", "b|1|null|f");
        assertThat(fixture.edit("sql/dims/dim.sql", SNAPSHOT.replace(", plan", ""))
                        .toString())
                .contains("give the new model another name");
        assertThat(fixture.edit(
                                "sql/dims/dim.sql",
                                SNAPSHOT.replace(
                                        "plan from",
                                        "plan, 7 as seats, now() as valid_from, 0 as position, 0 as seq from"))
                        .toString())
                .contains("versions that were seen by refreshes");
    }

    @Test
    void modelsReadTheVersions() throws Exception {
        edit(LOG);
        assertThat(fixture.edit("sql/reports/rpt.sql", """
                        -- @kind  view
                        -- @reads dim
                        -- @about The present plans.
                        select team_id, plan from dim where valid_to is null""")).isEmpty();
        load.run("insert into landing.changes values ('a', '2026-01-01', 1, 1, 'free'),"
                + " ('a', '2026-01-05', 2, 1, 'pro')");
        refresh();
        assertThat(fixture.rows("select * from report.rpt")).containsExactly("a|pro");
    }

    @Test
    void wrongSelectsAreRefused() {
        assertThat(refused(LOG.replace("position, seq", "seq"))).contains("valid_from and no position");
        assertThat(refused(LOG.replace("at as valid_from", "position as valid_from, at")))
                .contains("not a date or time");
        assertThat(refused(LOG.replace("gone as", "1 as"))).contains("is_deleted of an scd2 is not of type boolean");
        assertThat(refused(LOG.replace("plan, at", "plan, null as valid_to, at")))
                .contains("remove it");
        assertThat(refused(LOG.replace("plan, at", "plan, :now as seen, at")))
                .contains("has no parameters, such as :now");
        assertThat(refused(LOG.replace("@grain   team_id", "@grain   team_id, valid_from")))
                .contains("a part of the key of every scd2");
        assertThat(refused(SNAPSHOT.replace("from team_plans", "from team_plans where :from is null")))
                .contains("has no :from");
    }
}
