package serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.command.ExitCode;
import serai.testing.ProjectFolder;
import serai.testing.TestDatabase;

/** {@code test --case}, each case in a database of its own. */
class CaseCommandIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path root;

    private final TestDatabase database = new TestDatabase();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private ProjectFolder project;

    @BeforeEach
    void start() throws Exception {
        project = ProjectFolder.copyTo(root);
        useWarehouse("postgres");
    }

    private void useWarehouse(String user) throws Exception {
        Files.writeString(
                root.resolve("application.properties"),
                Files.readString(Path.of("application.properties")) + "\nwarehouse.url = "
                        + database.url().replace("user=postgres", "user=" + user) + "\nwarehouse.user = " + user
                        + "\n");
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

    private List<String> scratchDatabases() {
        return database.rows("select datname from pg_database"
                + " where starts_with(datname, 'serai_') and datname like '%' || current_database()");
    }

    @Test
    void theShippedCasesPassAndLeaveNothing() {
        assertThat(call("test", "--case")).as(() -> out + "\n" + err).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("passed  late-login\n", "passed  user-after-logins\n");
        assertThat(scratchDatabases()).isEmpty();
        assertThat(database.rows("select * from meta.runs")).isEmpty();
        assertThat(database.rows("select * from meta.model_state")).isEmpty();
        assertThat(database.rows("select * from landing.logins")).isEmpty();
    }

    @Test
    void differencesNameFileLineAndColumn() throws Exception {
        project.write("sql/cases/late-login/steps/01.expected/fact_logins.csv", """
                date_key,user_key,logins,main_device
                2026-03-28,1,2,desktop
                2026-03-29,2,1,mobile
                """);
        assertThat(call("test", "--case", "late-login")).isEqualTo(ExitCode.NO);
        assertThat(out.toString())
                .contains("steps/01.expected/fact_logins.csv:2: missing row: date_key=2026-03-28, user_key=1, logins=2")
                .contains("fact_logins.csv: unexpected row: date_key=2026-03-28, user_key=")
                .endsWith("failed  late-login\n")
                .doesNotContain("user-after-logins");
        assertThat(err.toString()).contains("Failed: late-login.");

        project.write("sql/cases/user-after-logins/steps/01.expected/dim_users.csv", """
                user_key,user_id,country_key,signup_date
                0,,0,
                1,ada,0,2026-03-28
                """)
                .write("sql/cases/user-after-logins/steps/01.expected/rpt_logins_by_country.csv", """
                country,date_key,device,logins
                Scotland,2026-03-28,desktop,2.0
                """);
        assertThat(call("test", "--case", "user-after-logins")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString())
                .contains("'2.0' is no bigint for the column logins")
                .contains("_country.csv:2:");

        project.write("sql/cases/user-after-logins/steps/01.expected/rpt_logins_by_country.csv", """
                date_key,country,device,logins
                28 March 2026,United Kingdom,desktop,3
                """)
                .delete("sql/cases/user-after-logins/steps/01.expected/dim_users.csv");
        assertThat(call("test", "--case", "user-after-logins", "--json")).isEqualTo(ExitCode.NO);
        List<JsonNode> answers = out.toString().lines().map(CaseCommandIT::json).toList();
        assertThat(answers).hasSize(2);
        assertThat(answers.get(0).path("line").asInt()).isEqualTo(2);
        assertThat(answers.get(0).path("column").asText()).isEqualTo("logins");
        assertThat(answers.get(0).path("expected").asText()).isEqualTo("3");
        assertThat(answers.get(0).path("found").asText()).isEqualTo("2");
        assertThat(answers.get(1).path("status").asText()).isEqualTo("failed");
        assertThat(scratchDatabases()).isEmpty();
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (java.io.IOException e) {
            throw new AssertionError(line, e);
        }
    }

    /** The header decides: what a step changes is recorded as by a loader, and nothing else is calculated again. */
    @Test
    void aCaseFindsAHeaderThatForgetsChanges() throws Exception {
        String model = """
                -- @kind   recalc
                -- @grain  user_id, date_key
                -- @reads  landing.logins, landing.users
                -- @window date_key by day from logins.login_at
                -- @about  One row per user and day.
                -- @expect rows 1000..2000
                select l.user_id, (l.login_at at time zone 'UTC')::date as date_key, max(u.country) as country
                from logins l left join users u on u.user_id = l.user_id
                where l.login_at >= :from and l.login_at < :to group by 1, 2
                """;
        project.write("sql/facts/fact_countries.sql", model)
                .write("sql/cases/moved/given.sql", "-- @now 2026-03-29")
                .write("sql/cases/moved/given/landing.logins.csv", "login_at,user_id\n2026-03-01 09:00Z,ada\n")
                .write("sql/cases/moved/given/users.csv", "user_id,created_at,country\nada,2026-02-01,FR\n")
                .write(
                        "sql/cases/moved/given.expected/fact_countries.csv",
                        "user_id,date_key,country\nada,2026-03-01,FR\n")
                .write("sql/cases/moved/steps/01.sql", "update users set country = 'GB'")
                .write("sql/cases/moved/steps/01.expected/fact_countries.csv", "user_id,country\nada,GB\n");
        assertThat(call("test", "--case", "moved")).as(() -> out + "\n" + err).isEqualTo(ExitCode.DONE);

        project.write(
                "sql/facts/fact_countries.sql",
                model.replace("-- @about", "-- @late   without landing.users\n-- @about"));
        assertThat(call("test", "--case", "moved")).isEqualTo(ExitCode.NO);
        assertThat(out.toString()).contains("missing row: user_id=ada, country=GB", "unexpected row: user_id=ada");
    }

    @Test
    void aModelThatFailsFailsTheCase() throws Exception {
        project.write("sql/tests/few_logins.sql", """
                -- @about No user logs in twice a day.
                select 1 from fact_logins where logins > 1
                """);
        assertThat(call("test", "--case", "late-login")).isEqualTo(ExitCode.NO);
        assertThat(out.toString()).contains("steps/01.sql: fact_logins is failed after it: ", "No user logs in twice");
    }

    @Test
    void aCaseThatDoesNotFitTheWarehouseIsRefused() throws Exception {
        project.write("sql/cases/late-login/given/nothing.csv", "a\n1\n");
        assertThat(call("test", "--case", "late-login")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("given/nothing.csv: there is no model and no relation of landing or app");
        project.delete("sql/cases/late-login/given/nothing.csv")
                .write("sql/cases/late-login/given/dim_users.csv", "user_key\n1\n");
        assertThat(call("test", "--case", "late-login")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("dim_users is a model or seed, which is calculated");
        project.delete("sql/cases/late-login/given/dim_users.csv")
                .write("sql/cases/late-login/given/logins.csv", "login_at,user\n2026-03-28,ada\n");
        assertThat(call("test", "--case", "late-login")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("given/logins.csv:1: landing.logins has no column user; it has login_at");
        project.write("sql/cases/late-login/given/logins.csv", "login_at\n2026-03-28\n");
        assertThat(call("test", "--case", "late-login")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("given/logins.csv: landing.logins does not take these rows: null value");
        project.write("sql/cases/late-login/given/logins.csv", "login_at,user_id\n2026-03-28,ada\n")
                .write("sql/cases/late-login/given.sql", "-- @now 2026-03-29\nselect 1;\nselect x;");
        assertThat(call("test", "--case", "late-login")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("given.sql:3: column \"x\" does not exist");
        assertThat(call("test", "--case", "no-case")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("There is no case sql/cases/no-case.");
        assertThat(call("test", "fact_logins", "--case", "late-login")).isEqualTo(ExitCode.USAGE);
        assertThat(scratchDatabases()).isEmpty();
    }

    @Test
    void theDatabaseOfAKilledRunIsReplacedAndOneThatIsInUseIsKept() throws Exception {
        String own = "serai_case_" + database.value("select current_database()");
        database.execute("create database \"" + own + "\"");
        String url = database.url().replaceFirst("/[^/?]*\\?", "/" + own + "?");
        try (var user = java.sql.DriverManager.getConnection(url, "postgres", "")) {
            assertThat(user.isValid(1)).isTrue();
            assertThat(call("test", "--case", "late-login")).isEqualTo(ExitCode.FAILED);
            assertThat(err.toString()).contains("Another process uses the database " + own);
        }
        org.awaitility.Awaitility.await()
                .until(() -> database.number("select count(*) from pg_stat_activity where datname = ?", own) == 0);
        assertThat(call("test", "--case", "late-login"))
                .as(() -> out + "\n" + err)
                .isEqualTo(ExitCode.DONE);
        assertThat(scratchDatabases()).isEmpty();
    }

    @Test
    void withoutTheRightToCreateDatabasesItSaysWhatToGrant() throws Exception {
        String role = "case_" + database.value("select current_database()");
        database.execute("create role " + role + " login password 'x'; grant pg_read_all_data to " + role);
        try {
            Files.writeString(
                    root.resolve("application.properties"),
                    Files.readString(Path.of("application.properties")) + "\nwarehouse.url = "
                            + database.url().replaceFirst("\\?.*", "") + "\nwarehouse.user = " + role
                            + "\nwarehouse.password = x\n");
            assertThat(call("test", "--case", "late-login")).isEqualTo(ExitCode.FAILED);
            assertThat(err.toString()).contains("alter role \"" + role + "\" createdb");
        } finally {
            database.execute("drop owned by " + role + "; drop role " + role);
        }
    }
}
