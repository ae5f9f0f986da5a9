package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests of models, run in the transactions that write them. */
class WriteTestsIT {

    private static final LocalDate D29 = LocalDate.of(2026, 3, 29);
    private static final LocalDate D30 = LocalDate.of(2026, 3, 30);
    private static final String DIM = """
            -- @kind  table
            -- @grain user_id
            -- @reads landing.users
            -- @about One row per user.
            select user_id, country from users
            """;
    private static final String FACT = """
            -- @kind     recalc
            -- @grain    user_id, date_key
            -- @reads    landing.logins
            -- @window   date_key by day from landing.logins.login_at
            -- @fk       user_id in dim
            -- @about    One row per user and day.
            select user_id, (login_at at time zone 'UTC')::date as date_key, count(*) as logins
            from logins where login_at >= :from and login_at < :to group by 1, 2
            """;
    private static final String PER_DAY = """
            -- @kind    table
            -- @grain   date_key
            -- @reads   fact
            -- @about   One row per day.
            select date_key, sum(logins)::bigint as logins from fact group by 1
            """;
    private static final String NOT_TOO_MANY = """
            -- @about  No user logs in more than twice a day.
            -- @sample date_key
            select user_id, date_key from fact where logins > 2
            """;

    private final RefreshFixture fixture = new RefreshFixture();

    @BeforeEach
    void land() throws Exception {
        fixture.execute("alter table landing.users alter created_at set default now()");
        fixture.load(
                "landing.users",
                List.of(),
                "insert into landing.users (user_id, country) values ('a', 'GB'), ('b', 'FR')");
        fixture.load("landing.logins", List.of(D29), login("2026-03-29 10:00Z", "a"));
        edit("sql/dims/dim.sql", DIM, "sql/facts/fact.sql", FACT, "sql/facts/per_day.sql", PER_DAY);
        fixture.refresh.run();
        assertThat(fact()).containsExactly("a|2026-03-29|1");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static String login(String time, String user) {
        return "insert into landing.logins values ('" + time + "', '" + user + "')";
    }

    private void edit(String... pathsAndTexts) {
        assertThat(fixture.edit(pathsAndTexts)).isEmpty();
    }

    private List<String> fact() {
        return fixture.rows("select user_id, date_key, logins from star.fact order by 2, 1");
    }

    private String state(String model) {
        return fixture.one(
                "select concat_ws('|', status, cause, error) from meta.model_state where model = '" + model + "'");
    }

    private String status(String model) {
        return fixture.one("select status from meta.model_state where model = '" + model + "'");
    }

    @Test
    void aKeyThatItsDimensionDoesNotHaveKeepsTheOldRowsAndBlocksWhatReadsThemUntilItIsThere() throws Exception {
        fixture.load("landing.logins", List.of(D30), login("2026-03-30 10:00Z", "a"), login("2026-03-30 11:00Z", "x"));
        fixture.refresh.run();
        assertThat(fact()).as("no day of the failed transaction").containsExactly("a|2026-03-29|1");
        assertThat(state("fact"))
                .isEqualTo("failed|1 row with a user_id that dim does not have (@fk). Its old rows stay.");
        assertThat(state("per_day")).startsWith("blocked|fact|");
        assertThat(fixture.one("select rows, severity, sample from meta.test_failures"))
                .isEqualTo("1|error|null");

        fixture.refresh.run();
        assertThat(status("per_day")).as("without new input").isEqualTo("blocked");

        fixture.execute("insert into landing.users (user_id) values ('x')");
        fixture.refresh.run();
        assertThat(fact()).containsExactly("a|2026-03-29|1", "a|2026-03-30|1", "x|2026-03-30|1");
        assertThat(fixture.rows("select date_key, logins from star.per_day order by 1"))
                .containsExactly("2026-03-29|1", "2026-03-30|2");
        assertThat(status("fact") + status("per_day")).isEqualTo("okok");
        assertThat(fixture.rows("select * from meta.test_failures")).isEmpty();
    }

    @Test
    void aRowWithoutAKeyPassesItsForeignKey() throws Exception {
        edit(
                "sql/facts/visit.sql",
                "-- @kind table\n-- @grain id\n-- @fk user_id in dim\n-- @about One row.\n"
                        + "select 1 as id, null::text as user_id");
        fixture.refresh.run();
        assertThat(status("visit")).isEqualTo("ok");
    }

    @Test
    void aKeyThatVanishesFromADimensionIsFoundInAllRowsOfTheFact() throws Exception {
        fixture.execute("delete from landing.users where user_id = 'a'");
        fixture.refresh.run();
        assertThat(state("fact")).startsWith("failed|1 row with a user_id that dim does not have");
        fixture.refresh.run();
        assertThat(status("fact")).isEqualTo("failed");
        fixture.load("landing.logins", List.of(D29), "delete from landing.logins");
        fixture.refresh.run();
        assertThat(status("fact")).isEqualTo("ok");
    }

    @Test
    void aValueThatIsNotAcceptedFailsOnlyItsModel() throws Exception {
        edit("sql/dims/dim.sql", DIM.replace("-- @about", "-- @accepted country in GB, FR, 'a, b'\n-- @about"));
        fixture.execute("insert into landing.users (user_id, country) values ('c', 'a, b'), ('d', null)");
        fixture.refresh.run();
        assertThat(status("dim")).isEqualTo("ok");
        fixture.execute("insert into landing.users (user_id, country) values ('e', 'XX')");
        fixture.refresh.run();
        assertThat(state("dim")).startsWith("failed|1 row with a country that is not accepted (@accepted).");
        assertThat(fixture.one("select count(*) from star.dim")).isEqualTo("4");
        assertThat(state("fact")).as("its order only").startsWith("ok");
    }

    @Test
    void aViewIsTestedAsAWholeAtEachRefresh() throws Exception {
        edit("sql/reports/rpt.sql", """
                -- @kind     view
                -- @reads    landing.users
                -- @accepted country in GB, FR
                -- @expect   rows 1..3
                -- @about    Users.
                select user_id, country from users
                """);
        fixture.refresh.run();
        assertThat(status("rpt")).isEqualTo("ok");
        fixture.execute("insert into landing.users (user_id, country) values ('c', 'XX')");
        fixture.refresh.run();
        assertThat(state("rpt")).startsWith("failed|1 row with a country that is not accepted");
        fixture.execute("update landing.users set country = 'GB'");
        fixture.execute("insert into landing.users (user_id) values ('d')");
        fixture.refresh.run();
        assertThat(state("rpt")).startsWith("failed|It would have 4 rows; @expect allows 1 to 3");
    }

    @Test
    void theRowsOfATableAndTheirChangeAreJudgedBeforeItIsPutInPlace() throws Exception {
        edit("sql/dims/dim.sql", DIM.replace("-- @about", "-- @expect rows 1..4, change -50%..+50%\n-- @about"));
        fixture.refresh.run();
        assertThat(status("dim")).as("no change is judged the first time").isEqualTo("ok");
        fixture.execute("insert into landing.users (user_id) values ('c'), ('d')");
        fixture.refresh.run();
        assertThat(state("dim"))
                .contains("It would have 4 rows after 2, a change of +100 %; @expect allows -50 % to +50 %");
        assertThat(fixture.one("select count(*) from star.dim")).isEqualTo("2");
        fixture.execute("delete from landing.users where user_id = 'd'");
        fixture.refresh.run();
        assertThat(status("dim")).isEqualTo("ok");
        fixture.execute("delete from landing.users");
        fixture.refresh.run();
        assertThat(state("dim")).contains("It would have 0 rows; @expect allows 1 to 4");
        assertThat(fixture.one("select count(*) from star.dim")).isEqualTo("3");
    }

    @Test
    void aFileOfTestsRunsInTheTransactionOfTheLastModelThatItReads() throws Exception {
        edit("sql/tests/not_too_many.sql", NOT_TOO_MANY);
        fixture.load(
                "landing.logins",
                List.of(D30),
                login("2026-03-30 10:00Z", "a"),
                login("2026-03-30 11:00Z", "a"),
                login("2026-03-30 12:00Z", "a"));
        fixture.refresh.run();
        assertThat(fact()).containsExactly("a|2026-03-29|1");
        assertThat(state("fact"))
                .startsWith("failed|1 row of sql/tests/not_too_many.sql: No user logs in more than twice a day.");
        assertThat(status("per_day")).isEqualTo("blocked");
        assertThat(fixture.one("select sample from meta.test_failures"))
                .as("only columns of @sample")
                .isEqualTo("[{\"date_key\": \"2026-03-30\"}]");

        edit("sql/tests/not_too_many.sql", null);
        fixture.refresh.run();
        assertThat(fact()).containsExactly("a|2026-03-29|1", "a|2026-03-30|3");
        assertThat(fixture.rows("select test from meta.tests where kind = 'file'"))
                .isEmpty();
    }

    @Test
    void aWarningIsShownAtItsModelAndBlocksNothing() throws Exception {
        edit("sql/tests/not_too_many.sql", "-- @severity warn\n-- @warn_if > 1\n" + NOT_TOO_MANY);
        fixture.load(
                "landing.logins",
                List.of(D29, D30),
                "insert into landing.logins select time, 'a' from generate_series(timestamptz '2026-03-29 11:00Z',"
                        + " '2026-03-30 20:00Z', interval '1 h') as time");
        fixture.refresh.run();
        assertThat(fact()).containsExactly("a|2026-03-29|14", "a|2026-03-30|21");
        assertThat(state("fact"))
                .isEqualTo("warning|2 rows of sql/tests/not_too_many.sql: No user logs in more than twice a day.");
        assertThat(status("per_day")).isEqualTo("ok");
        String since = fixture.one("select since from meta.model_state where model = 'fact'");

        fixture.refresh.run();
        assertThat(status("fact")).as("nothing changed").isEqualTo("warning");
        assertThat(fixture.one("select since from meta.model_state where model = 'fact'"))
                .isEqualTo(since);

        fixture.load("landing.logins", List.of(D29), "delete from landing.logins where login_at < '2026-03-30'");
        fixture.refresh.run();
        assertThat(state("fact")).as("one row is below the limit").isEqualTo("ok");
    }

    @Test
    void aTestOverSeveralModelsIsTriedAgainUntilItPassesAlsoWithoutNewInput() throws Exception {
        edit("sql/tests/sums.sql", """
                -- @on per_day
                select from fact full join per_day using (date_key)
                group by date_key having sum(fact.logins) <> max(per_day.logins)
                """);
        fixture.refresh.run();
        assertThat(status("per_day")).isEqualTo("ok");
        fixture.execute("update star.fact set logins = 7");
        fixture.refresh.run();
        assertThat(status("per_day")).as("per_day follows").isEqualTo("ok");

        edit("sql/facts/per_day.sql", PER_DAY.replace("sum(logins)", "max(logins) + 1"));
        fixture.refresh.run();
        assertThat(state("per_day")).startsWith("failed|1 row of sql/tests/sums.sql.");
        assertThat(fixture.rows("select logins from star.per_day")).containsExactly("7");
        fixture.refresh.run();
        assertThat(status("per_day")).isEqualTo("failed");
        edit("sql/facts/per_day.sql", PER_DAY);
        fixture.refresh.run();
        assertThat(status("per_day")).isEqualTo("ok");
    }

    @Test
    void aTestOverStarTablesRunsOnlyAfterTheyChanged() throws Exception {
        edit("sql/tests/not_too_many.sql", NOT_TOO_MANY);
        fixture.refresh.run();
        String first = fixture.one("select tested_at from meta.tests where test = 'not_too_many'");
        assertThat(first).isNotNull();
        fixture.now = Instant.parse("2026-03-31T10:10:00Z");
        fixture.refresh.run();
        assertThat(fixture.one("select tested_at from meta.tests where test = 'not_too_many'"))
                .isEqualTo(first);
        fixture.load("landing.logins", List.of(D30), login("2026-03-30 10:00Z", "a"));
        fixture.refresh.run();
        assertThat(fixture.one("select tested_at from meta.tests where test = 'not_too_many'"))
                .isNotEqualTo(first);
    }

    @Test
    void aTestWhoseQueryFailsIsAnErrorOrAWarningByItsSeverity() throws Exception {
        String broken = "select 1 from per_day where 1 / (logins - 1) > 0";
        edit("sql/tests/broken.sql", "-- @severity warn\n" + broken);
        fixture.refresh.run();
        assertThat(state("per_day"))
                .startsWith("warning|The test broken failed: ")
                .contains("division by zero");
        edit("sql/tests/broken.sql", broken);
        fixture.refresh.run();
        assertThat(state("per_day"))
                .startsWith("failed|The test broken failed: ")
                .contains("division by zero");
        assertThat(status("fact")).isEqualTo("ok");
    }

    @Test
    void aTestThatIsWrongIsRefusedAloneWithItsLineAndIsTriedAgain() throws Exception {
        assertThat(fixture.edit(
                        "sql/tests/wrong.sql",
                        "-- @about x\nselect nothing\nfrom fact",
                        "sql/tests/right.sql",
                        NOT_TOO_MANY))
                .singleElement()
                .satisfies(refusal -> {
                    assertThat(refusal.file().toString()).isEqualTo("sql/tests/wrong.sql");
                    assertThat(refusal.line()).isEqualTo(2);
                    assertThat(refusal.reason()).contains("nothing");
                });
        assertThat(fixture.edit("sql/tests/landing.sql", "select from logins"))
                .anySatisfy(r -> assertThat(r.reason()).contains("the test reads no model"));
        assertThat(fixture.edit("sql/tests/on.sql", "-- @on fact\nselect from fact, per_day"))
                .anySatisfy(
                        r -> assertThat(r.reason()).contains("it also reads per_day, which is refreshed after fact"));
        assertThat(fixture.edit("sql/tests/sample.sql", "-- @sample x\nselect logins from fact"))
                .anySatisfy(r -> assertThat(r.reason()).contains("no column x"));
        fixture.refresh.run();
        assertThat(fixture.rows("select test, status from meta.tests where kind = 'file'"))
                .containsExactly("right|passed");
    }

    @Test
    void anEditThatWouldBreakATestIsRefusedUntilTheTestIsChangedToo() {
        edit("sql/tests/not_too_many.sql", NOT_TOO_MANY);
        String renamed = PER_DAY.replace("@reads   fact", "@reads   landing.logins")
                .replace(
                        "select date_key, sum(logins)::bigint as logins from fact",
                        "select login_at::date as date_key, count(*) as logins from logins");
        edit("sql/facts/per_day.sql", renamed);
        assertThat(fixture.edit("sql/facts/fact.sql", null))
                .singleElement()
                .satisfies(r -> assertThat(r.reason()).contains("it would break sql/tests/not_too_many.sql"));
        edit("sql/facts/fact.sql", null, "sql/tests/not_too_many.sql", null);
    }

    @Test
    void aForeignKeyToAnUnknownRelationOrColumnIsRefusedAtItsLine() {
        for (String[] wrong : new String[][] {
            {"user_id in nothing", "there is no model or seed nothing"},
            {"user_id in fact", "fact has no @grain of one column"},
            {"user_id in dim.nothing", "nothing"},
            {"date_key in dim", "operator does not exist"}
        }) {
            assertThat(fixture.edit("sql/facts/fact.sql", FACT.replace("user_id in dim", wrong[0])))
                    .as(wrong[0])
                    .singleElement()
                    .satisfies(refusal -> {
                        assertThat(refusal.line()).isEqualTo(5);
                        assertThat(refusal.reason()).contains(wrong[1]);
                    });
        }
    }
}
