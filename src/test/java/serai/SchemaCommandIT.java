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
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.command.ExitCode;
import serai.testing.ProjectFolder;
import serai.testing.TestDatabase;
import serai.warehouse.Writer;

/** {@code refresh --schema}: models in a schema of a developer's own. */
class SchemaCommandIT {

    private static final String NOW = "2026-03-31T12:00";

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
                .write("sql/staging/stg_logins.sql", """
                        -- @kind  view
                        -- @reads landing.logins
                        -- @about One row per login.
                        select login_at, user_id from logins
                        """)
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
                        -- @reads  stg_logins
                        -- @window date_key by day from stg_logins.login_at
                        -- @fk     user_id in dim_users
                        -- @index  logins
                        -- @about  One row per user and day.
                        select user_id, (login_at at time zone 'UTC')::date as date_key, count(*) as logins
                        from stg_logins where login_at >= :from and login_at < :to group by 1, 2
                        """)
                .write("sql/facts/fact_seats.sql", """
                        -- @kind   once
                        -- @grain  date_key
                        -- @reads  landing.logins
                        -- @window date_key by day from landing.logins.login_at
                        -- @from   2026-03-29
                        -- @about  One row per day: users as they were then.
                        select (login_at at time zone 'UTC')::date as date_key, count(distinct user_id) as users
                        from logins where login_at >= :from and login_at < :to group by 1
                        """)
                .write("sql/reports/rpt_days.sql", """
                        -- @kind  view
                        -- @reads fact_logins, seed_plan
                        -- @about One row per day.
                        select date_key, sum(logins)::bigint as logins, max(p.price) as price
                        from fact_logins cross join seed_plan p group by 1
                        """);
        Files.writeString(
                root.resolve("application.properties"),
                Files.readString(Path.of("application.properties")) + "\nwarehouse.url = " + database.url()
                        + "\nwarehouse.user = postgres\n");
        assertThat(call("refresh", "--now", NOW)).as(err::toString).isIn(ExitCode.DONE, ExitCode.NO);
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

    /** All that production has, but the lease of the schema and what readers cannot see. */
    private Map<String, List<String>> production() {
        Map<String, List<String>> rows = new TreeMap<>();
        for (String table : database.rows("select n.nspname || '.' || c.relname from pg_class c"
                + " join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'v', 'p')"
                + " and n.nspname in ('staging', 'star', 'report', 'landing', 'meta') and c.relname <> 'leases'")) {
            rows.put(table, database.rows("select t::text from " + table + " t order by 1"));
        }
        rows.put("leases", database.rows("select source from meta.leases where source not like 'schema:%' order by 1"));
        return rows;
    }

    private List<String> relations(String schema) {
        return database.rows(
                "select c.relname || ' ' || c.relkind::text from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                        + " where n.nspname = ? and c.relkind in ('r', 'v') order by 1",
                schema);
    }

    @Test
    void allModelsAreBuiltFromScratchBesideProduction() throws Exception {
        database.execute("insert into landing.logins (login_at, user_id) values ('2026-03-28 10:00Z', 'b')");
        Map<String, List<String>> before = production();
        String fact = project.read("sql/facts/fact_logins.sql");
        project.write(
                "sql/facts/fact_logins.sql", fact.replace("count(*) as logins", "10 * count(*) as logins, 1 as x"));
        assertThat(call("refresh", "--schema", "dev_ada", "--now", NOW))
                .as(() -> out + "\n" + err)
                .isZero();
        assertThat(out.toString())
                .contains("dev_ada.fact_logins: 4 rows\n", "dev_ada.fact_seats: 1 row\n", "dev_ada.stg_logins: view\n")
                .contains("passed  fact_logins @fk user_id in dim_users\n", "passed  fact_logins @grain\n");
        assertThat(relations("dev_ada"))
                .containsExactly(
                        "dim_users r", "fact_logins r", "fact_seats r", "rpt_days v", "seed_plan r", "stg_logins v");
        assertThat(database.rows("select date_key, logins, price from dev_ada.rpt_days order by 1"))
                .containsExactly("2026-03-28|10|0", "2026-03-29|10|0", "2026-03-30|20|0");
        assertThat(database.rows("select * from dev_ada.fact_seats")).containsExactly("2026-03-30|2");
        assertThat(database.number("select count(*) from pg_indexes where schemaname = 'dev_ada'"
                        + " and tablename = 'fact_logins'"))
                .isEqualTo(database.number("select count(*) from pg_indexes where schemaname = 'star'"
                        + " and tablename = 'fact_logins'"));
        assertThat(production()).isEqualTo(before);

        project.write("sql/facts/fact_logins.sql", fact);
        call("refresh", "--now", NOW);
        assertThat(database.rows("select date_key, logins from report.rpt_days order by 1"))
                .as("production does not see it")
                .doesNotContain("2026-03-29|10");
        assertThat(call("refresh", "--schema", "dev_ada", "--drop")).isZero();
        assertThat(out.toString()).isEqualTo("The schema dev_ada was dropped.\n");
        assertThat(database.value("select to_regnamespace('dev_ada')")).isNull();
        assertThat(call("refresh", "--schema", "dev_ada", "--drop")).isZero();
    }

    @Test
    void aSelectionReadsTheRestFromProductionAndReplacesTheLastBuild() throws Exception {
        assertThat(call("refresh", "fact_logins+", "--schema", "dev_ada", "--now", NOW))
                .as(err::toString)
                .isZero();
        assertThat(relations("dev_ada")).containsExactly("fact_logins r", "rpt_days v");
        database.execute("delete from star.dim_users");
        assertThat(call("refresh", "fact_logins", "--schema", "dev_ada", "--from", "2026-03-29", "--now", NOW))
                .isEqualTo(ExitCode.NO);
        assertThat(err.toString()).contains("Failed: fact_logins @fk user_id in dim_users.");
        assertThat(relations("dev_ada")).containsExactly("fact_logins r");
        assertThat(database.rows("select date_key from dev_ada.fact_logins")).containsExactly("2026-03-29");
        assertThat(call(
                        "refresh",
                        "fact_seats",
                        "--schema",
                        "dev_ada",
                        "--from",
                        "2026-03-29",
                        "--to",
                        "2026-04-05",
                        "--now",
                        NOW,
                        "--json"))
                .as(err::toString)
                .isZero();
        JsonNode answer =
                new ObjectMapper().readTree(out.toString().lines().findFirst().orElseThrow());
        assertThat(answer.path("relation").asText()).isEqualTo("dev_ada.fact_seats");
        assertThat(answer.path("rows").asInt())
                .as("the day that is not over is left out")
                .isEqualTo(2);
    }

    @Test
    void aModelThatFailsLeavesNoHalfAndBlocksWhatReadsIt() throws Exception {
        project.write(
                "sql/facts/fact_logins.sql",
                project.read("sql/facts/fact_logins.sql").replace("count(*) as logins", "count(*) / 0 as logins"));
        assertThat(call("refresh", "fact_logins+", "--schema", "dev_ada", "--now", NOW))
                .isEqualTo(ExitCode.FAILED);
        assertThat(out.toString())
                .contains("dev_ada.fact_logins: not built: ", "division by zero")
                .contains("dev_ada.rpt_days: not built: It reads fact_logins, which could not be built.");
        assertThat(err.toString()).contains("Not built: fact_logins, rpt_days.");
        assertThat(relations("dev_ada")).isEmpty();

        project.write("sql/dims/dim_new.sql", """
                -- @kind  table
                -- @grain user_id
                -- @reads landing.users
                -- @about One row per user.
                select user_id from users
                """).write("sql/reports/rpt_new.sql", """
                -- @kind  view
                -- @reads dim_new
                -- @about One row per user.
                select user_id from dim_new
                """);
        assertThat(call("refresh", "rpt_new", "--schema", "dev_ada")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .contains("rpt_new reads dim_new, which production does not have: build it in the schema, too");
    }

    @Test
    void aTableIsDividedAsInProduction() throws Exception {
        String fact = project.read("sql/facts/fact_logins.sql");
        project.write("sql/facts/fact_months.sql", fact.replace("-- @index  logins", "-- @partition month"));
        assertThat(call("refresh", "fact_months", "--schema", "dev_ada", "--now", NOW))
                .as(err::toString)
                .isZero();
        assertThat(database.rows("select tableoid::regclass, count(*) from dev_ada.fact_months group by 1"))
                .containsExactly("dev_ada.fact_months_p202603|3");
    }

    @Test
    void otherSchemasAreRefused() {
        database.execute("create schema work; create table work.mine (a int)");
        for (String schema : List.of("star", "public", "landing", "pg_x", "Dev", "work")) {
            assertThat(call("refresh", "--schema", schema)).as(schema).isEqualTo(ExitCode.FAILED);
            assertThat(err.toString()).as(schema).containsAnyOf("belongs to production", "is no name", "not made by");
            assertThat(call("refresh", "--schema", schema, "--drop")).as(schema).isEqualTo(ExitCode.FAILED);
        }
        assertThat(relations("work")).containsExactly("mine r");
        assertThat(call("refresh", "seed_plan", "--schema", "dev_ada")).isZero();
        database.execute("create view work.plans as select * from dev_ada.seed_plan");
        assertThat(call("refresh", "--schema", "dev_ada", "--drop")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("something elsewhere is made from it: view work.plans. Drop that first.");
        assertThat(call("refresh", "--drop")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void twoBuildsOfOneSchemaDoNotMeetAndARefreshIsNotInTheWay() throws Exception {
        try (Writer refresh = database.warehouse().writer("refresh")) {
            assertThat(call("refresh", "seed_plan", "--schema", "dev_ada"))
                    .as(err::toString)
                    .isZero();
            assertThat(refresh.isValid()).isTrue();
        }
        try (Writer other = database.warehouse().writer("schema:dev_ada")) {
            assertThat(call("refresh", "seed_plan", "--schema", "dev_ada")).isEqualTo(ExitCode.FAILED);
            assertThat(err.toString()).contains("Another command is building the schema dev_ada");
            assertThat(call("refresh", "seed_plan", "--schema", "dev_bob"))
                    .as(err::toString)
                    .isZero();
            assertThat(other.isValid()).isTrue();
        }
    }

    @Test
    void aViewOfTheSchemaHoldsUpNoChangeOfProduction() throws Exception {
        assertThat(call("refresh", "rpt_days", "--schema", "dev_ada", "--now", NOW))
                .as(err::toString)
                .isZero();
        database.execute("create view dev_ada.users as select user_id, country from star.dim_users");
        project.write(
                "sql/dims/dim_users.sql",
                project.read("sql/dims/dim_users.sql").replace("select user_id, country", "select user_id"));
        assertThat(call("refresh", "dim_users", "--now", NOW)).as(err::toString).isZero();
        assertThat(relations("dev_ada")).containsExactly("rpt_days v");
    }
}
