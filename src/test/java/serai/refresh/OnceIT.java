package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.warehouse.Sql;

/** When the units of a once are written and sealed. The time is 10:00 UTC on 31 March 2026. */
class OnceIT {

    private static final LocalDate D29 = LocalDate.of(2026, 3, 29);
    private static final LocalDate D30 = LocalDate.of(2026, 3, 30);
    private static final String SEATS = """
            -- @kind    once
            -- @grain   date_key
            -- @reads   landing.users
            -- @window  date_key by day from landing.users.created_at
            -- @about   One row per day: how many accounts there were.
            select (:from at time zone 'UTC')::date as date_key, count(*) as accounts
            from users where created_at < :to having count(*) > 0
            """;
    private static final String SEALS =
            "select unit at time zone 'UTC', rows, gap is not null from meta.seals order by unit";
    private final RefreshFixture fixture = new RefreshFixture();

    @BeforeEach
    void land() {
        fixture.execute("insert into landing.users (user_id, created_at) values"
                + " ('a', '2026-03-01'), ('b', '2026-03-29 12:00Z')");
        complete("2026-03-31T09:00Z");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aDayIsWrittenWhenItIsOverAndItsInputsAreComplete() throws Exception {
        complete("2026-03-30T23:00Z");
        fixture.edit("sql/facts/seats.sql", SEATS);
        fixture.refresh.run();
        assertThat(seats()).isEmpty();
        assertThat(state())
                .isEqualTo("incomplete|2026-03-30 is not written yet: its inputs are complete up to"
                        + " 2026-03-30T23:00:00Z only.");
        complete("2026-03-31T00:00Z");
        fixture.refresh.run();
        assertThat(seats()).containsExactly("2026-03-30|2");
        assertThat(state()).isEqualTo("ok|null");
        assertThat(fixture.one("select complete_to at time zone 'UTC' from meta.model_state"))
                .as("what reads it may rely on the days that it has")
                .isEqualTo("2026-03-31 00:00:00");

        fixture.execute("delete from landing.users");
        fixture.now = Instant.parse("2026-04-01T00:00:00Z");
        complete("2026-04-01T00:00Z");
        fixture.refresh.run();
        assertThat(seats()).containsExactly("2026-03-30|2");
        assertThat(fixture.rows(SEALS))
                .as("a day without rows is sealed, too")
                .containsExactly("2026-03-30 00:00:00|1|f", "2026-03-31 00:00:00|0|f");
    }

    @Test
    void aDayThatWasMissedIsAGapUntilItIsWrittenByCommand() throws Exception {
        fixture.edit("sql/facts/seats.sql", SEATS);
        fixture.refresh.run();
        fixture.now = Instant.parse("2026-04-03T10:00:00Z");
        complete("2026-04-03T09:00Z");
        fixture.refresh.run();
        assertThat(seats()).containsExactly("2026-03-30|2", "2026-04-02|2");
        assertThat(fixture.rows(SEALS))
                .containsExactly(
                        "2026-03-30 00:00:00|1|f",
                        "2026-03-31 00:00:00|null|t",
                        "2026-04-01 00:00:00|null|t",
                        "2026-04-02 00:00:00|1|f");
        assertThat(state())
                .isEqualTo("gap|Nothing was written for 2 days between 2026-03-31 and 2026-04-01: missed. To write what"
                        + " its SELECT gives now: refresh seats --from 2026-03-31 --to 2026-04-01.");

        refresh("2026-03-30", "2026-04-01", false);
        assertThat(seats()).containsExactly("2026-03-30|2", "2026-03-31|2", "2026-04-01|2", "2026-04-02|2");
        assertThat(state()).isEqualTo("ok|null");
        assertThat(fixture.rows("select unit at time zone 'UTC', rows from meta.replaced_seals order by 1"))
                .containsExactly("2026-03-31 00:00:00|null", "2026-04-01 00:00:00|null");
    }

    @Test
    void missedDaysAreWrittenWhereTheModelSaysThatItsSelectStillKnowsThem() throws Exception {
        fixture.edit("sql/facts/seats.sql", "-- @from 2026-03-27\n-- @fill yes\n" + SEATS);
        fixture.refresh.run();
        assertThat(seats()).containsExactly("2026-03-27|1", "2026-03-28|1", "2026-03-29|2", "2026-03-30|2");
        fixture.now = Instant.parse("2026-04-03T10:00:00Z");
        fixture.refresh.run();
        assertThat(state()).startsWith("incomplete|2026-03-31 is not written yet");
        complete("2026-04-03T09:00Z");
        fixture.refresh.run();
        assertThat(seats()).hasSize(7);
        assertThat(state()).isEqualTo("ok|null");
    }

    @Test
    void whatComesAfterTheSealIsIgnoredAndRecorded() throws Exception {
        fixture.edit("sql/facts/seats.sql", "-- @from 2026-03-29\n-- @fill yes\n" + SEATS);
        fixture.refresh.run();
        fixture.load(
                "landing.users",
                List.of(D29),
                "insert into landing.users (user_id, created_at) values ('late', '2026-03-29')");
        fixture.refresh.run();
        assertThat(seats()).containsExactly("2026-03-29|2", "2026-03-30|2");
        assertThat(fixture.rows("select unit at time zone 'UTC', changed_at is not null from meta.seals order by 1"))
                .containsExactly("2026-03-29 00:00:00|t", "2026-03-30 00:00:00|f");
    }

    @Test
    void rowsThatAreNoLongerThoseThatWereSealedAreAnErrorUntilTheyAreSealedAgain() throws Exception {
        fixture.edit("sql/facts/seats.sql", "-- @from 2026-03-29\n-- @fill yes\n" + SEATS);
        fixture.refresh.run();
        fixture.execute("update star.seats set accounts = 7 where date_key = '2026-03-30'");
        fixture.refresh.run();
        assertThat(state()).as("compared an hour ago at most").isEqualTo("ok|null");
        assertThat(allDifferences()).singleElement().asString().startsWith("The rows of 2026-03-30 are not those");

        fixture.execute("update meta.seals set checked_at = checked_at - interval '2 hours'");
        fixture.refresh.run();
        fixture.refresh.run();
        fixture.refresh.run();
        assertThat(state())
                .isEqualTo("failed|The rows of 2026-03-30 are not those that were sealed: values of its 1 rows differ."
                        + " Put them back from a backup, or seal what its SELECT gives now: refresh seats"
                        + " --from 2026-03-30 --to 2026-03-30 --reseal.");

        refresh("2026-03-30", "2026-03-30", true);
        assertThat(seats()).containsExactly("2026-03-29|2", "2026-03-30|2");
        assertThat(state()).isEqualTo("ok|null");
        assertThat(fixture.one("select count(*) from meta.replaced_seals r join meta.runs using (run_id)"))
                .isEqualTo("1");
    }

    @Test
    void rowsOfAnEarlierVersionAndThoseOfPeopleAreSealedAsTheyAre() throws Exception {
        fixture.edit("sql/facts/seats.sql", SEATS);
        fixture.refresh.run();
        fixture.execute("insert into star.seats values ('2026-03-28', 5)");
        fixture.execute("delete from meta.seals");
        fixture.refresh.run();
        assertThat(fixture.rows(SEALS)).containsExactly("2026-03-28 00:00:00|1|f", "2026-03-30 00:00:00|1|f");

        fixture.execute("insert into star.seats values ('2026-03-31', 9)");
        fixture.now = Instant.parse("2026-04-01T10:00:00Z");
        complete("2026-04-01T09:00Z");
        fixture.refresh.run();
        assertThat(seats()).containsExactly("2026-03-28|5", "2026-03-30|2", "2026-03-31|9");
    }

    @Test
    void aRangeIsForOneModelWithUnits() throws Exception {
        fixture.edit(
                "sql/facts/seats.sql",
                SEATS,
                "sql/dims/dim.sql",
                "-- @kind table\n-- @grain user_id\n-- @reads users\n-- @about x\nselect user_id from users");
        assertThatThrownBy(() -> refresh("dim", "2026-03-30", "2026-03-30", false))
                .hasMessage("dim is a table, which is not calculated by days: leave --from and --to out.");
        fixture.edit("sql/facts/fact.sql", SEATS.replace("once", "recalc"));
        assertThatThrownBy(() -> refresh("fact", "2026-03-30", "2026-03-30", true))
                .hasMessage("fact is a recalc, which has no seals: leave --reseal out.");
    }

    @Test
    void aRangeOfARecalcIsCalculatedWithoutAMark() throws Exception {
        fixture.edit("sql/facts/per_day.sql", """
                -- @kind    recalc
                -- @grain   date_key
                -- @reads   landing.users
                -- @window  date_key by day from landing.users.created_at keep 30d
                -- @about   One row per day.
                select (created_at at time zone 'UTC')::date as date_key, count(*) as users from users
                where created_at >= :from and created_at < :to group by 1
                """);
        fixture.refresh.run();
        // a change without a mark
        fixture.execute("insert into landing.users (user_id, created_at) values"
                + " ('c', '2026-03-29 10:00Z'), ('d', '2026-03-30 10:00Z')");
        refresh("per_day", D29.toString(), D29.toString(), false);
        assertThat(fixture.rows("select date_key, users from star.per_day where date_key > '2026-03-02' order by 1"))
                .containsExactly("2026-03-29|2");
        refresh("per_day", D29.toString(), D30.toString(), false);
        assertThat(fixture.rows("select date_key, users from star.per_day where date_key > '2026-03-02' order by 1"))
                .containsExactly("2026-03-29|2", "2026-03-30|1");
        refresh("per_day", "2026-01-01", D30.toString(), false);
        assertThat(fixture.one("select error from meta.model_state where model = 'per_day'"))
                .contains("Days before 2026-03-02 are not kept up to date");
    }

    private List<String> allDifferences() throws Exception {
        try (Connection connection = fixture.warehouse.dataSource().getConnection()) {
            return new Seals(Sql.on(connection), (Model) fixture.files.graph().get("seats")).checkAll();
        }
    }

    private void complete(String time) {
        fixture.complete("landing.users", time);
    }

    private void refresh(String from, String to, boolean reseal) throws Exception {
        refresh("seats", from, to, reseal);
    }

    private void refresh(String model, String from, String to, boolean reseal) throws Exception {
        fixture.refresh.runNow(new RefreshTarget(
                RefreshTarget.Scope.MODEL,
                model,
                new RefreshTarget.Days(LocalDate.parse(from), LocalDate.parse(to), reseal),
                null));
    }

    private List<String> seats() {
        return fixture.rows("select date_key, accounts from star.seats order by 1");
    }

    private String state() {
        return fixture.one("select status, error from meta.model_state where model = 'seats'");
    }
}
