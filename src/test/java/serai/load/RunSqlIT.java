package serai.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;
import serai.warehouse.Sql;

/** The kamelet run-sql in a route of an operator's own. */
class RunSqlIT {

    private static final String FILE = "sql/jobs/own's, job=1.sql";
    private static final String RUN = """
            select status, rows_inserted, rows_updated, rows_deleted, error from meta.runs
            where source = 'own-job.run-sql' order by run_id desc limit 1""";

    @TempDir
    private static Path folder;

    private static final TestDatabase database = new TestDatabase();
    private static ProjectFolder project;
    private static RunningSerai serai;

    @BeforeAll
    static void start() throws Exception {
        database.execute("create table landing.jobs (id int primary key, text text)");
        project = ProjectFolder.copyTo(folder, "routes/kamelets/run-sql.kamelet.yaml", "routes/_errors.camel.yaml")
                .write("routes/load/own-job.camel.yaml", """
                        - route:
                            id: own-job
                            from:
                              uri: direct:job
                              steps:
                                - to:
                                    uri: kamelet:run-sql
                                    parameters: { file: "%s", maxTime: 2s }
                        """.formatted(FILE));
        serai = RunningSerai.start(folder, database, Map.of());
    }

    @AfterAll
    static void stop() {
        serai.close();
        database.close();
    }

    @BeforeEach
    void clear() {
        database.execute("truncate landing.jobs, meta.runs");
    }

    private static void run(String sql) throws Exception {
        project.write(FILE, sql);
        Exchange answer = serai.context()
                .createFluentProducerTemplate()
                .withBody("stays")
                .to("direct:job")
                .send();
        if (answer.getException() != null) {
            throw answer.getException();
        }
        assertThat(answer.getMessage().getBody()).isEqualTo("stays");
    }

    @Test
    void allStatementsOfTheFileAreOneTransactionWithALedgerRow() throws Exception {
        run("""
                -- three rows; and a comment with a semicolon
                insert into landing.jobs select i, 'it''s; {"a": ":b"}' from generate_series(1, 3) i;
                update landing.jobs set text = 'two' where id = 2 and '{"k": 1}'::jsonb ? 'k';
                delete from landing.jobs where id = 3;
                create or replace function landing.jobs_of(n int) returns bigint begin atomic
                  select case when n > 0 then count(*) end from landing.jobs;
                end;
                do $$ begin perform 1; end $$
                """);
        assertThat(database.rows("select * from landing.jobs order by id"))
                .containsExactly("1|it's; {\"a\": \":b\"}", "2|two");
        assertThat(database.rows(RUN)).containsExactly("ok|3|1|1|null");
        assertThat(database.value("select kind from meta.runs")).isEqualTo("run-sql");
    }

    @Test
    void aStatementThatFailsUndoesAllAndTheErrorNamesFileAndLine() {
        assertThatThrownBy(() -> run("""
                        insert into landing.jobs values (1, 'a');

                        insert into landing.jobs
                          values (2, 'b'),
                                 (3, missing);
                        """)).hasMessage(FILE + ", line 5: column \"missing\" does not exist");
        assertThat(database.number("select count(*) from landing.jobs")).isZero();
        assertThat(database.rows(RUN).get(0)).startsWith("failed|0|0|0|" + FILE + ", line 5: ");
    }

    @Test
    void anErrorQuotesNoValue() {
        assertThatThrownBy(() -> run("insert into landing.jobs values ('ann@example.org'::text::int, 'a')"))
                .hasMessageStartingWith(FILE + ", line 1: invalid input syntax for type integer")
                .hasMessageNotContaining("ann");
    }

    @Test
    void statementsThatTakeTooLongTogetherAreUndone() {
        assertThatThrownBy(() -> run("""
                        insert into landing.jobs values (1, 'a');
                        select pg_sleep(1.5);
                        select pg_sleep(1.5);
                        """)).hasMessage(FILE + ", line 3: the file took longer than maxTime (2 s)");
        assertThat(database.number("select count(*) from landing.jobs")).isZero();
    }

    @Test
    void aFileThatEndsTheTransactionOrChangesTheSessionIsRefused() {
        assertThatThrownBy(() -> run("insert into landing.jobs values (1, 'a');\ncommit;"))
                .hasMessageContaining(FILE + ", line 2: ")
                .hasMessageContaining("one transaction");
        assertThatThrownBy(() -> run("set search_path = star")).hasMessageContaining("SET LOCAL");
        assertThatThrownBy(() -> run("-- nothing")).hasMessageContaining("no statement");
        assertThatThrownBy(() -> run("select 'a")).hasMessageContaining("line 1: the quote ' is not closed");
        assertThat(database.number("select count(*) from landing.jobs")).isZero();
    }

    @Test
    void theTimeLimitDoesNotStayInTheConnection() throws Exception {
        run("set local search_path = landing; insert into jobs values (1, 'a')");
        try (var connection = serai.context()
                .getRegistry()
                .lookupByNameAndType("warehouse", javax.sql.DataSource.class)
                .getConnection()) {
            assertThat(Sql.on(connection)
                            .first(
                                    "select current_setting('statement_timeout') || current_setting('search_path') as s",
                                    row -> row.text("s")))
                    .contains("0\"$user\", public");
        }
    }

    @Test
    void aFileOutsideTheFolderOrMissingIsNamed() {
        StepSqlFiles files = new StepSqlFiles(folder);
        assertThatThrownBy(() -> files.read("sql/jobs", "application.properties"))
                .hasMessageContaining("not a file below sql/jobs");
        assertThatThrownBy(() -> files.read("sql/jobs", "sql/jobs/../../secret"))
                .hasMessageContaining("not a file below sql/jobs");
        assertThatThrownBy(() -> files.read("sql/jobs", "sql/jobs/none.sql"))
                .hasMessageContaining("There is no file sql/jobs/none.sql");
    }
}
