package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Units of models: hours to months, what is calculated of them, and when. The time is 10:00 UTC on 31 March 2026. */
class ModelUnitsIT {

    private static final LocalDate D29 = LocalDate.of(2026, 3, 29);
    private final RefreshFixture fixture = new RefreshFixture(31);

    @BeforeEach
    void land() throws Exception {
        fixture.load("landing.logins", List.of(D29), """
                insert into landing.logins values ('2026-02-27 23:30Z', 'a'), ('2026-03-02 10:00Z', 'a'),
                  ('2026-03-29 00:30Z', 'a'), ('2026-03-29 01:30Z', 'b'), ('2026-03-31 09:00Z', 'b')""");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static String model(String unit, String column, String window, String late) {
        return """
                -- @kind    recalc
                -- @grain   unit
                -- @reads   landing.logins
                -- @window  unit by %s from landing.logins.login_at zone Europe/London%s
                -- @late    %s
                -- @about   One row per unit.
                select %s as unit, count(*) as logins, max(user_id) as last
                from logins where login_at >= :from and login_at < :to group by 1
                """.formatted(unit, window, late, column);
    }

    private void edit(String text) {
        assertThat(fixture.edit("sql/facts/fact.sql", text)).isEmpty();
    }

    private List<String> fact() {
        return fixture.rows("select * from star.fact order by 1");
    }

    @Test
    void aMonthThatALateRowBelongsToIsCalculatedAgainAsAWhole() throws Exception {
        edit(model("month", "date_trunc('month', login_at at time zone 'Europe/London')::date", "", "dirty"));
        fixture.refresh.run();
        assertThat(fact()).containsExactly("2026-02-01|1|a", "2026-03-01|4|b");
        fixture.load("landing.logins", List.of(LocalDate.of(2026, 3, 15)), """
                insert into landing.logins values ('2026-03-15 12:00Z', 'z')""");
        fixture.refresh.run();
        assertThat(fact()).containsExactly("2026-02-01|1|a", "2026-03-01|5|z");
    }

    /**
     * A unit that is due for ever would keep each refresh busy until its time is over; the test's clock stands still.
     */
    @Test
    @Timeout(60)
    void aUnitWhoseRowsWentBeforeItWasCalculatedIsNotDueForEver() throws Exception {
        fixture.execute("truncate landing.logins");
        edit(model("day", "(login_at at time zone 'Europe/London')::date", "", "dirty"));
        fixture.refresh.run();
        fixture.one("select meta.mark_dirty('landing.logins', '2026-03-10', '2026-03-10')");
        fixture.refresh.run();
        assertThat(fact()).isEmpty();
        assertThat(fixture.rows("select unit from meta.model_dirty")).isEmpty();
        fixture.load("landing.logins", List.of(D29), "insert into landing.logins values ('2026-03-29 00:30Z', 'a')");
        fixture.refresh.run();
        assertThat(fact()).containsExactly("2026-03-29|1|a");
    }

    @Test
    void aWeekBeginsOnMonday() throws Exception {
        edit(model("week", "date_trunc('week', login_at at time zone 'Europe/London')::date", "", "dirty"));
        fixture.refresh.run();
        assertThat(fact()).containsExactly("2026-02-23|1|a", "2026-03-02|1|a", "2026-03-23|2|b", "2026-03-30|1|b");
    }

    @Test
    void anHourIsATimeAlsoWhenTheClocksGoForward() throws Exception {
        edit(model("hour", "date_trunc('hour', login_at, 'Europe/London')", " keep 72h", "dirty"));
        fixture.refresh.run();
        assertThat(fixture.rows("select unit at time zone 'UTC', logins from star.fact order by 1"))
                .containsExactly("2026-03-29 00:00:00|1", "2026-03-29 01:00:00|1", "2026-03-31 09:00:00|1");
        fixture.load(
                "landing.logins",
                List.of(D29),
                "delete from landing.logins where login_at between '2026-03-29 01:00Z' and '2026-03-30'");
        fixture.refresh.run();
        assertThat(fixture.rows("select unit at time zone 'UTC', logins from star.fact order by 1"))
                .containsExactly("2026-03-29 00:00:00|1", "2026-03-31 09:00:00|1");
    }

    @Test
    void aRowThatIsNotTheBeginningOfItsUnitFailsTheModel() throws Exception {
        edit(model("month", "(login_at at time zone 'Europe/London')::date", "", "dirty"));
        fixture.refresh.run();
        assertThat(fixture.one("select error from meta.model_state")).contains("is not the beginning of a month");
    }

    @Test
    void onlyUnitsWithRowsAreCalculatedHoweverFarApartTheyAre() throws Exception {
        fixture.load(
                "landing.logins",
                List.of(LocalDate.of(1, 1, 1)),
                "insert into landing.logins values ('0001-01-01 12:00Z', 'old'), ('-infinity', 'never')");
        edit(model("day", "(login_at at time zone 'Europe/London')::date", "", "dirty"));
        fixture.refresh.run();
        assertThat(fact())
                .containsExactly(
                        "0001-01-01|1|old", "2026-02-27|1|a", "2026-03-02|1|a", "2026-03-29|2|b", "2026-03-31|1|b");
        assertThat(fixture.one("select count(*) from meta.runs where source = 'refresh:fact'"))
                .as("runs: the table, and a unit each")
                .isEqualTo("5");
    }

    @Test
    void unitsBeforeThoseOfKeepStayAsTheyAreAlsoThroughARebuild() throws Exception {
        String day = "(login_at at time zone 'Europe/London')::date";
        edit(model("day", day, "", "dirty"));
        fixture.refresh.run();
        edit(model("day", day, " keep 3d", "dirty"));
        fixture.load(
                "landing.logins",
                List.of(LocalDate.of(2026, 2, 27), LocalDate.of(2026, 3, 2), D29),
                "update landing.logins set user_id = 'x'");
        fixture.refresh.run();
        List<String> expected = List.of("2026-02-27|1|a", "2026-03-02|1|a", "2026-03-29|2|x", "2026-03-31|1|x");
        assertThat(fact()).isEqualTo(expected);
        fixture.refresh.rebuild("fact");
        assertThat(fact()).isEqualTo(expected);
        assertThat(fixture.rows("select * from meta.model_dirty")).isEmpty();
    }

    @Test
    void daysToComeAreCalculatedAsFarAsAheadSays() throws Exception {
        fixture.load("landing.logins", List.of(), """
                insert into landing.logins values ('2026-04-02 12:00Z', 'soon'), ('2026-04-09 12:00Z', 'later')""");
        String day = "(login_at at time zone 'Europe/London')::date";
        edit(model("day", day, " ahead 3d", "dirty"));
        fixture.refresh.run();
        assertThat(fact()).contains("2026-04-02|1|soon").noneMatch(row -> row.contains("later"));
        fixture.now = Instant.parse("2026-04-07T10:00:00Z");
        fixture.refresh.run();
        assertThat(fact()).contains("2026-04-02|1|soon", "2026-04-09|1|later");
        assertThat(fixture.rows("select * from meta.model_dirty")).isEmpty();
    }

    @Test
    void aChangeReachesTheDaysAfterItThatLookBackAtIt() throws Exception {
        edit("""
                -- @kind    recalc
                -- @grain   day
                -- @reads   landing.logins
                -- @window  day by day from landing.logins.login_at
                -- @late    reach 2d
                -- @about   One row per day with users of that day or the two before.
                select d::date as day, count(distinct user_id) as users
                from generate_series(:from, :to - interval '1 day', interval '1 day') as d
                  join logins on login_at >= d - interval '2 days' and login_at < d + interval '1 day' group by 1
                """);
        fixture.refresh.run();
        assertThat(fact())
                .containsExactly(
                        "2026-02-27|1",
                        "2026-02-28|1",
                        "2026-03-01|1",
                        "2026-03-02|1",
                        "2026-03-03|1",
                        "2026-03-04|1",
                        "2026-03-29|2",
                        "2026-03-30|2",
                        "2026-03-31|2");
        fixture.load("landing.logins", List.of(D29), "delete from landing.logins where login_at < '2026-03-30'");
        fixture.load("landing.logins", List.of(LocalDate.of(2026, 2, 27), LocalDate.of(2026, 3, 2)));
        fixture.refresh.run();
        assertThat(fact()).containsExactly("2026-03-31|1");
    }

    @Test
    void theDaysOfLookbackAreCalculatedAtEachRefreshAlsoWithoutAMark() throws Exception {
        edit(model("day", "(login_at at time zone 'Europe/London')::date", "", "lookback 3d"));
        fixture.refresh.run();
        fixture.execute("update landing.logins set user_id = 'x'");
        fixture.refresh.run();
        assertThat(fact()).containsExactly("2026-02-27|1|a", "2026-03-02|1|a", "2026-03-29|2|x", "2026-03-31|1|x");
    }

    @Test
    void peopleMarkDaysThatTheyChangedByHand() throws Exception {
        edit(model("day", "(login_at at time zone 'Europe/London')::date", "", "dirty"));
        fixture.refresh.run();
        fixture.execute("update landing.logins set user_id = 'x' where login_at < '2026-03-01'");
        fixture.one("select meta.mark_dirty('landing.logins', '2026-02-26', '2026-02-28')");
        fixture.refresh.run();
        assertThat(fact()).startsWith("2026-02-27|1|x", "2026-03-02|1|a");
    }

    private static final String BY_USER = """
            -- @kind    recalc
            -- @grain   user_id
            -- @reads   landing.logins
            -- @window  day by day from landing.logins.login_at
            -- @about   One row per user who logged in once.
            select user_id, (login_at at time zone 'UTC')::date as day
            from logins where login_at >= :from and login_at < :to
            """;

    @Test
    void aRowThatMovesToAnotherUnitLeavesTheOneThatItHad() throws Exception {
        fixture.execute("delete from landing.logins");
        fixture.execute("insert into landing.logins values ('2026-03-02 10:00Z', 'a'), ('2026-03-03 10:00Z', 'b'),"
                + " ('2026-03-30 10:00Z', 'c')");
        edit(BY_USER);
        fixture.refresh.run();
        assertThat(fact()).containsExactly("a|2026-03-02", "b|2026-03-03", "c|2026-03-30");
        fixture.change(
                "landing.logins",
                "update landing.logins set login_at = '2026-03-30 11:00Z' where user_id in ('a', 'b')",
                "update landing.logins set login_at = '2026-03-01 11:00Z' where user_id = 'c'");
        fixture.refresh.run();
        assertThat(fact()).containsExactly("a|2026-03-30", "b|2026-03-30", "c|2026-03-01");
        assertThat(fixture.rows("select * from meta.model_dirty")).isEmpty();
    }

    @Test
    void aRowOfTwoUnitsIsRefused() throws Exception {
        fixture.execute("delete from landing.logins where login_at <> '2026-03-02 10:00Z'");
        edit(BY_USER);
        fixture.refresh.run();
        fixture.change("landing.logins", "insert into landing.logins values ('2026-03-05 11:00Z', 'a')");
        fixture.refresh.run();
        assertThat(fixture.one("select error from meta.model_state where model = 'fact'"))
                .contains("several rows for the same (user_id)");
        assertThat(fact()).containsExactly("a|2026-03-02");
    }
}
