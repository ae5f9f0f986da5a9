package serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.command.ExitCode;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;

/** The commands about models, without a running process unless a test starts one. */
class ModelCommandsIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path root;

    private final TestDatabase database = new TestDatabase();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private ProjectFolder project;

    @BeforeEach
    void start() throws Exception {
        database.execute("alter table landing.users alter created_at set default now()");
        database.execute("insert into landing.users (user_id, country) values ('a', 'GB'), ('b', 'FR')");
        database.execute("insert into landing.logins (login_at, user_id) values"
                + " ('2026-03-29 10:00Z', 'a'), ('2026-03-30 10:00Z', 'a'), ('2026-03-30 11:00Z', 'b')");
        project = ProjectFolder.copyTo(root, "routes/_errors.camel.yaml", "routes/refresh/*")
                .write("sql/seeds/seed_plan.csv", "plan,price\nfree,0\n")
                .write("sql/dims/dim_users.sql", """
                        -- @kind  table
                        -- @grain user_id
                        -- @reads landing.users
                        -- @about One row per user.
                        select user_id, country from users
                        """)
                .write("sql/facts/fact_logins.sql", """
                        -- @kind   recalc
                        -- @grain  user_id, date_key
                        -- @reads  landing.logins
                        -- @window date_key by day from landing.logins.login_at
                        -- @fk     user_id in dim_users
                        -- @about  One row per user and day.
                        select user_id, (login_at at time zone 'UTC')::date as date_key, count(*) as logins
                        from logins where login_at >= :from and login_at < :to group by 1, 2
                        """)
                .write("sql/reports/rpt_days.sql", """
                        -- @kind  table
                        -- @grain date_key
                        -- @reads fact_logins
                        -- @about One row per day.
                        select date_key, sum(logins)::bigint as logins from fact_logins group by 1
                        """);
        Files.writeString(
                root.resolve("application.properties"),
                Files.readString(Path.of("application.properties")) + "\nwarehouse.url = " + database.url()
                        + "\nwarehouse.user = postgres\n");
    }

    @AfterEach
    void stop() {
        database.close();
    }

    private int call(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Commands.run(root, new PrintWriter(out), new PrintWriter(err), arguments);
    }

    private List<JsonNode> answers(String... arguments) throws Exception {
        call(arguments);
        return out.toString().lines().map(ModelCommandsIT::json).toList();
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (java.io.IOException e) {
            throw new AssertionError(line, e);
        }
    }

    private List<String> built() {
        return database.rows("select relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                + " where nspname in ('staging', 'star', 'report') and relkind = 'r' order by 1");
    }

    @Test
    void oneModelIsRefreshedAloneOrWithThoseThatReadIt() throws Exception {
        assertThat(call("seed")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(built()).containsExactly("seed_plan");
        assertThat(call("refresh", "dim_users")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).isEqualTo("Models that are up to date: 1.\n");
        assertThat(built()).containsExactly("dim_users", "seed_plan");
        assertThat(call("refresh", "fact_logins+")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).isEqualTo("Models that are up to date: 2.\n");
        assertThat(built()).containsExactly("dim_users", "fact_logins", "rpt_days", "seed_plan");

        assertThat(call("refresh", "fact_login")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("There is no model fact_login");
        assertThat(call("refresh", "Fact")).isEqualTo(ExitCode.USAGE);
        assertThat(call("refresh", "--now", "soon")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void indexesAreSuggestedForReportsThatReadWholeTablesForFewRows() throws Exception {
        database.execute(
                "insert into landing.users (user_id, country) select 'u' || n, 'GB' from generate_series(1, 12000) n");
        database.execute("insert into landing.logins (login_at, user_id) select '2026-03-30 10:00Z', 'u' || n"
                + " from generate_series(1, 12000) n, generate_series(1, 1 + (n = 5)::int)");
        database.execute("create table landing.devices as select 'u' || n as user_id, n % 3 as os,"
                + " case when n < 9 then 'tv' else 'phone' end as device from generate_series(1, 12000) n");
        project.write("sql/reports/rpt_busy.sql", """
                        -- @kind  view
                        -- @reads fact_logins
                        -- @about Users who logged in more than once.
                        select user_id from fact_logins as f where f.logins > 1 and f.date_key <> '2026-03-29'
                        """)
                .write("sql/reports/rpt_tv.sql", """
                        -- @kind  view
                        -- @reads landing.devices
                        -- @about Users of television sets.
                        select user_id from devices where os >= 0 and device = 'tv'
                        """)
                .write("sql/reports/rpt_all.sql", """
                        -- @kind  view
                        -- @reads fact_logins
                        -- @about All logins.
                        select sum(logins) as logins from fact_logins
                        """);
        assertThat(call("refresh")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(call("suggest", "indexes", "--slower-than", "0"))
                .as(err::toString)
                .isEqualTo(ExitCode.DONE);
        assertThat(out.toString())
                .contains("report.rpt_busy takes ")
                .contains("rows of star.fact_logins it needs 1: ")
                .contains("\n  Add to sql/facts/fact_logins.sql: -- @index logins\n")
                .contains("rows of landing.devices it needs 8: ")
                .contains("Add to a file of sql/migrations: create index on landing.devices (\"device\", \"os\");\n")
                .containsPattern("report.rpt_all takes \\d+ ms.\n  It reads no large table as a whole")
                .endsWith("Reports that are views: 3. Slower than 0 ms: 3.\n");

        Path fact = root.resolve("sql/facts/fact_logins.sql");
        Files.writeString(fact, "-- @index logins\n" + Files.readString(fact));
        assertThat(call("refresh")).as(err::toString).isEqualTo(ExitCode.DONE);
        database.execute("analyze star.fact_logins");
        List<JsonNode> answers = answers("suggest", "indexes", "--slower-than", "0", "--json");
        assertThat(answers)
                .filteredOn(answer -> answer.path("report").asText().equals("rpt_busy"))
                .singleElement()
                .satisfies(answer -> assertThat(answer.path("scans")).isEmpty());
        assertThat(call("suggest", "indexes", "--slower-than", "3600000")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).isEqualTo("Reports that are views: 3. Slower than 3600000 ms: 0.\n");
        assertThat(call("suggest")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void theClockOfARunDecidesWhichDaysAreCalculated() throws Exception {
        assertThat(call("refresh", "--now", "2026-03-29T12:00"))
                .as(err::toString)
                .isEqualTo(ExitCode.DONE);
        assertThat(database.rows("select date_key, logins from report.rpt_days"))
                .containsExactly("2026-03-29|1");
        assertThat(call("refresh", "--now", "2026-03-30T12:00", "--json")).isEqualTo(ExitCode.DONE);
        assertThat(json(out.toString()).path("upToDate").asInt()).isEqualTo(4);
        assertThat(database.rows("select date_key, logins from report.rpt_days order by 1"))
                .containsExactly("2026-03-29|1", "2026-03-30|2");
    }

    @Test
    void whatFailedIsRefreshedAgainByRetryAndNothingElse() throws Exception {
        database.execute("insert into landing.logins (login_at, user_id) values ('2026-03-30 10:00Z', 'x')");
        assertThat(call("refresh")).as("a test failed").isEqualTo(ExitCode.NO);
        assertThat(err.toString()).contains("fact_logins failed: 1 row with a user_id that dim_users does not have");
        assertThat(err.toString()).contains("rpt_days blocked: It waits for fact_logins");

        project.write(
                "sql/dims/dim_users.sql",
                project.read("sql/dims/dim_users.sql")
                        .replace("country from users", "country from users union all select 'x', null"));
        assertThat(call("retry"))
                .as("the dimension is up to date, and stays as it is")
                .isEqualTo(ExitCode.NO);
        assertThat(call("refresh", "dim_users")).isEqualTo(ExitCode.DONE);
        assertThat(call("retry")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(database.value("select sum(logins) from report.rpt_days")).isEqualTo("4");
    }

    @Test
    void aRunningProcessRefreshesTheModelThatIsAskedFor() throws Exception {
        RunningSerai serai = RunningSerai.start(root, database, Map.of());
        try {
            assertThat(call("refresh", "dim_users", "--now", "2026-03-30T12:00"))
                    .as(err::toString)
                    .isEqualTo(ExitCode.DONE);
            assertThat(built()).containsExactly("dim_users");
            assertThat(database.value("select target from meta.requests"))
                    .isEqualTo("dim_users at 2026-03-30T12:00:00Z");
            assertThat(call("refresh", "no_model")).isEqualTo(ExitCode.FAILED);
            assertThat(err.toString()).contains("There is no model no_model");
        } finally {
            serai.close();
        }
    }

    @Test
    void aFaultOfAModelIsNotAFailedTest() throws Exception {
        project.write(
                "sql/reports/rpt_days.sql",
                project.read("sql/reports/rpt_days.sql").replace("sum(logins)::bigint", "1 / (sum(logins) - 1)"));
        assertThat(call("refresh")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("rpt_days failed: ").contains("division by zero");
    }

    @Test
    void allTestsLookAtWholeTablesAndWriteNothing() throws Exception {
        assertThat(call("test")).as("nothing is built").isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("fact_logins has not been built yet");
        call("refresh");
        project.write("sql/tests/few.sql", "-- @severity warn\n-- @about Few days.\nselect 1 from rpt_days");
        assertThat(call("test")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(out.toString())
                .contains("passed  fact_logins @grain", "passed  fact_logins @fk user_id in dim_users")
                .contains("warning  few: 2 rows of sql/tests/few.sql: Few days.");
        assertThat(database.rows("select * from meta.test_failures")).isEmpty();

        database.execute("insert into star.fact_logins values ('x', '2026-03-01', 1)");
        assertThat(call("test", "fact_logins")).isEqualTo(ExitCode.NO);
        assertThat(err.toString()).isEqualTo("Failed: fact_logins @fk user_id in dim_users.\n");
        List<JsonNode> results = answers("test", "rpt_days", "--json");
        assertThat(results).extracting(r -> r.path("test").asText()).containsExactly("rpt_days @grain", "few");
        assertThat(results.get(1).path("rows").asInt()).isEqualTo(2);

        project.write("sql/tests/few.sql", "select nothing from rpt_days");
        assertThat(call("test")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).startsWith("sql/tests/few.sql:1 is refused");
    }

    @Test
    void aModelIsTriedBesideTheRowsThatAreThere() throws Exception {
        call("refresh");
        project.write(
                "sql/dims/dim_users.sql",
                project.read("sql/dims/dim_users.sql")
                        .replace(
                                "country from users",
                                "nullif(country, 'FR') as country from users where user_id <> 'a'"
                                        + " union all select 'c', 'IT'"));
        assertThat(call("try", "dim_users")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).isEqualTo("""
                user_id=b  country=null
                user_id=c  country=IT
                2 rows. To star.dim_users it would be: 1 inserted, 1 changed, 1 deleted.
                """);
        assertThat(database.rows("select user_id from star.dim_users order by 1"))
                .containsExactly("a", "b");
        List<JsonNode> answers = answers("try", "fact_logins", "--from", "2026-03-30", "--to", "2026-03-30", "--json");
        assertThat(answers).hasSize(3);
        assertThat(answers.get(2).toString())
                .isEqualTo("{\"rows\":2,\"inserted\":0,\"changed\":0,\"deleted\":0,\"columns\":null}");
        database.execute("delete from landing.logins where user_id = 'b'");
        answers = answers("try", "fact_logins", "--from", "2026-03-29", "--to", "2026-03-30", "--json");
        assertThat(answers.get(2).path("deleted").asInt()).isEqualTo(1);

        project.write(
                "sql/facts/fact_logins.sql",
                project.read("sql/facts/fact_logins.sql")
                        .replace("count(*) as logins", "count(*) as logins, 1 as more"));
        assertThat(call("try", "fact_logins")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("differs in its columns: with more integer");
        assertThat(call("try", "dim_users", "--from", "2026-03-30")).isEqualTo(ExitCode.USAGE);
        assertThat(call("try", "dim_nothing")).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void theLineageOfAModelNamesTheColumnsThatItReadsAndWhatReadsIt() throws Exception {
        assertThat(call("lineage", "fact_logins")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).isEqualTo("""
                fact_logins (recalc)
                  reads landing.logins: login_at, user_id
                  feeds rpt_days
                rpt_days (table)
                  reads fact_logins: date_key, logins
                """);
        assertThat(answers("lineage", "--json"))
                .extracting(a -> a.path("model").asText())
                .containsExactly("dim_users", "fact_logins", "rpt_days", "seed_plan");
        assertThat(call("lineage", "nothing")).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void thePlanShowsTheRangesAndTheStatementOfARefreshAndWritesNothing() throws Exception {
        call("refresh", "--now", "2026-03-29T12:00");
        database.execute("delete from star.fact_logins");
        String marks = database.value("select count(*) from meta.model_dirty");
        assertThat(call("plan", "fact_logins", "--now", "2026-03-31T12:00"))
                .as(err::toString)
                .isEqualTo(ExitCode.DONE);
        assertThat(out.toString())
                .startsWith("fact_logins (recalc): calculated and written for\n  from 2026-03-29T00:00:00Z")
                .contains("where login_at >= (?::timestamptz)", "parameters: from, to");
        List<JsonNode> plan = answers("plan", "--now", "2026-03-31T12:00", "--json");
        assertThat(plan)
                .extracting(p -> p.path("model").asText())
                .containsExactly("dim_users", "fact_logins", "rpt_days", "seed_plan");
        assertThat(plan.get(1).path("ranges").toString()).contains("2026-03-29T00:00:00Z", "2026-04-01T00:00:00Z");
        assertThat(database.rows("select * from star.fact_logins")).isEmpty();
        assertThat(database.value("select count(*) from meta.model_dirty")).isEqualTo(marks);
    }

    @Test
    void aModelIsRebuiltWithOtherColumnsAndAgainstItsTests() throws Exception {
        call("refresh");
        String file = project.read("sql/facts/fact_logins.sql");
        project.write(
                "sql/facts/fact_logins.sql",
                file.replace("count(*) as logins", "2 * count(*)::float8 as logins, 1 as more"));
        assertThat(call("refresh")).as("the columns differ").isEqualTo(ExitCode.FAILED);
        assertThat(call("rebuild", "fact_logins+")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(database.value("select sum(logins) || ' ' || sum(more) from star.fact_logins"))
                .isEqualTo("6 3");
        assertThat(database.value("select sum(logins) from report.rpt_days")).isEqualTo("6");

        project.write(
                "sql/facts/fact_logins.sql",
                project.read("sql/facts/fact_logins.sql")
                        .replace("select user_id,", "select user_id || '?' as user_id,"));
        assertThat(call("rebuild", "fact_logins")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .contains("3 rows with a user_id that dim_users does not have (@fk). Its old rows stay.");
        assertThat(database.value("select sum(logins) from star.fact_logins")).isEqualTo("6");
        assertThat(call("rebuild", "dim_users")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("there is nothing to rebuild");
        assertThat(call("rebuild", "no_model")).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void whatChangedIsRefreshedWithAllThatReadsIt() throws Exception {
        String chosen = "select string_agg(model, ' ' order by model) from meta.model_state"
                + " where last_success_at > ?::timestamptz";
        call("refresh");
        project.write("sql/reports/rpt_users.sql", """
                -- @kind  view
                -- @reads dim_users
                -- @about One row per user.
                select user_id from dim_users
                """)
                .write(
                        "sql/facts/fact_logins.sql",
                        project.read("sql/facts/fact_logins.sql").replace("-- @about", "-- a comment\n-- @about"));
        String before = database.value("select clock_timestamp()");
        assertThat(call("refresh", "--changed")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(database.value(chosen, before)).as("a new file").isEqualTo("rpt_users");

        project.write(
                "sql/dims/dim_users.sql",
                project.read("sql/dims/dim_users.sql").replace("country from", "lower(country) as country from"));
        before = database.value("select clock_timestamp()");
        assertThat(call("refresh", "--changed")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(database.value(chosen, before)).isEqualTo("dim_users rpt_users");
        assertThat(database.rows("select country from star.dim_users order by 1"))
                .containsExactly("fr", "gb");
        before = database.value("select clock_timestamp()");
        assertThat(call("refresh", "--changed")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(database.value(chosen, before)).as("nothing").isNull();
        assertThat(call("refresh", "dim_users", "--changed")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void allModelsAreRebuiltAfterTheirSchemaWasNamed() throws Exception {
        project.write("sql/facts/fact_seats.sql", """
                -- @kind   once
                -- @grain  date_key
                -- @reads  landing.logins
                -- @window date_key by day from landing.logins.login_at
                -- @about  One row per day: users as they were then.
                select (login_at at time zone 'UTC')::date as date_key, count(distinct user_id) as users
                from logins where login_at >= :from and login_at < :to group by 1
                """);
        call("refresh");
        database.execute("insert into star.fact_seats values ('2026-03-29', 7)");
        project.write(
                "sql/facts/fact_logins.sql",
                project.read("sql/facts/fact_logins.sql")
                        .replace("count(*) as logins", "2 * count(*) as logins, 1 as more"));
        assertThat(call("rebuild", "--all")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString())
                .contains("fact_logins: rebuilt\n", "fact_seats: not rebuilt: a once: it records")
                .contains("dim_users: not rebuilt: a table: each refresh makes all of it");
        assertThat(err.toString()).contains("Nothing was rebuilt. To rebuild all of these, say --yes star.");
        assertThat(call("rebuild", "--all", "--yes", "report")).isEqualTo(ExitCode.FAILED);
        assertThat(database.value("select sum(logins) from star.fact_logins")).isEqualTo("3");
        assertThat(call("rebuild", "--all", "--yes", "star")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(database.value("select sum(logins) || ' ' || sum(more) from star.fact_logins"))
                .isEqualTo("6 3");
        assertThat(database.value("select sum(logins) from report.rpt_days")).isEqualTo("6");
        assertThat(database.rows("select * from star.fact_seats")).containsExactly("2026-03-29|7");
        assertThat(call("rebuild")).isEqualTo(ExitCode.USAGE);
        assertThat(call("rebuild", "fact_logins", "--all")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aRunningProcessRebuildsAllModels() throws Exception {
        call("refresh");
        RunningSerai serai = RunningSerai.start(root, database, Map.of());
        try {
            database.execute("update star.fact_logins set logins = 100");
            assertThat(call("rebuild", "--all", "--yes", "star"))
                    .as(err::toString)
                    .isEqualTo(ExitCode.DONE);
            assertThat(database.value("select sum(logins) from star.fact_logins"))
                    .isEqualTo("3");
        } finally {
            serai.close();
        }
    }

    @Test
    void aTableWhoseFileIsGoneIsShownUntilItIsDropped() throws Exception {
        assertThat(call("refresh")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(call("drop")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).isEqualTo("Each table and view of a model has its file.\n");

        project.write("sql/dims/rpt_days.sql", Files.readString(root.resolve("sql/reports/rpt_days.sql")));
        project.delete("sql/reports/rpt_days.sql");
        project.delete("sql/dims/dim_users.sql");
        project.write(
                "sql/facts/fact_logins.sql",
                Files.readString(root.resolve("sql/facts/fact_logins.sql")).replaceAll("-- @fk.*\n", ""));
        assertThat(call("refresh")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(call("drop")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString().lines())
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).startsWith("report.rpt_days: a table of 2 rows"))
                .anySatisfy(line -> assertThat(line).startsWith("star.dim_users: a table of 2 rows"));
        assertThat(built()).contains("dim_users");

        database.execute("create view public.theirs as select * from star.dim_users");
        assertThat(call("drop", "star.dim_users", "--yes")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("theirs").doesNotContain("CASCADE");
        database.execute("drop view public.theirs");
        assertThat(call("drop", "star.dim_users", "--yes")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(call("drop", "report.rpt_days", "--yes")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(database.rows("select relname from pg_class where relname in ('dim_users', 'rpt_days')"))
                .containsExactly("rpt_days");
        assertThat(database.rows("select model from meta.model_state where model in ('dim_users', 'rpt_days')"))
                .containsExactly("rpt_days");
        assertThat(call("drop", "star.fact_logins", "--yes")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("star.fact_logins is not a table or view of a removed file");
    }

    @Test
    void rowsThatCannotBeCalculatedAgainAreDroppedOnlyByName() throws Exception {
        project.write("sql/facts/fact_seats.sql", """
                -- @kind   once
                -- @grain  date_key
                -- @reads  landing.users
                -- @window date_key by day from landing.users.created_at
                -- @about  One row per day.
                select (:from at time zone 'UTC')::date as date_key, count(*) as users from users where created_at < :to
                """);
        project.write("sql/sources.yaml", "landing.users: {complete: always}\n");
        assertThat(call("refresh")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(database.rows("select count(*) from star.fact_seats")).containsExactly("1");
        project.delete("sql/facts/fact_seats.sql");
        assertThat(call("refresh")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(call("drop", "star.fact_seats", "--yes")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("--yes --destroy star.fact_seats");
        assertThat(call("drop", "star.fact_seats", "--yes", "--destroy", "star.fact_seats"))
                .as(err::toString)
                .isEqualTo(ExitCode.DONE);
        assertThat(database.rows("select count(*) from meta.seals")).containsExactly("0");
    }

    @Test
    void aModelWhoseRowsDependOnWhichDaysAreCalculatedTogetherIsFound() throws Exception {
        String ranked = """
                -- @kind   recalc
                -- @grain  date_key
                -- @reads  landing.logins
                -- @window date_key by day from landing.logins.login_at
                -- @about  One row per day.
                select (login_at at time zone 'UTC')::date as date_key, row_number() over (order by min(login_at)) as n
                from logins where login_at >= :from and login_at < :to group by 1
                """;
        project.write("sql/facts/fact_ranks.sql", ranked);
        assertThat(call("refresh")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(call("test", "fact_ranks")).isEqualTo(ExitCode.NO);
        assertThat(out.toString())
                .contains("failed  fact_ranks single units: The SELECT gives other rows for 2026-03-30 alone");
        assertThat(call("test", "fact_logins")).as(err::toString).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("passed  fact_logins single units");
        database.execute("insert into landing.logins values ('2026-03-30 12:00Z', 'b')");
        database.execute("select meta.mark_dirty('landing.logins', '2026-03-30', '2026-03-30')");
        assertThat(call("test", "fact_ranks")).as("a change waits").isEqualTo(ExitCode.DONE);
    }
}
