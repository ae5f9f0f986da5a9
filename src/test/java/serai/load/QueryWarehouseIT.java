package serai.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;
import serai.warehouse.Sql;

/** The kamelet query-warehouse in a route of an operator's own. */
class QueryWarehouseIT {

    private static final String FILE = "sql/checks/own.sql";

    @TempDir
    private static Path folder;

    private static final TestDatabase database = new TestDatabase();
    private static ProjectFolder project;
    private static RunningSerai serai;

    @BeforeAll
    static void start() throws Exception {
        database.execute("""
                create table landing.visits (day date, pages int, data jsonb, note text);
                insert into landing.visits select date '2026-03-01' + i, i, '{"i": 1}', 'it''s; "a" & b = c, d'
                from generate_series(0, 9) i;
                create function landing.visit() returns int language sql as
                  'insert into landing.visits values (current_date, 1) returning pages';
                create sequence landing.numbers;
                """);
        project = ProjectFolder.copyTo(
                        folder, "routes/kamelets/query-warehouse.kamelet.yaml", "routes/_errors.camel.yaml")
                .write(
                        "routes/load/own-file.camel.yaml",
                        route("file", "{ file: " + FILE + ", maxRows: 5, maxTime: 1s }"))
                .write("routes/load/own-sql.camel.yaml", route("sql", """
                        { sql: "select note, '&=,;' as marks from landing.visits order by day limit 1" }"""));
        serai = RunningSerai.start(folder, database, Map.of());
    }

    private static String route(String name, String parameters) {
        return """
                - route:
                    id: own-%s
                    from:
                      uri: direct:%s
                      steps:
                        - to:
                            uri: kamelet:query-warehouse
                            parameters: %s
                """.formatted(name, name, parameters);
    }

    @AfterAll
    static void stop() {
        serai.close();
        database.close();
    }

    private static List<?> ask(String route) throws Exception {
        Exchange answer = serai.context()
                .createFluentProducerTemplate()
                .withBody("any")
                .to("direct:" + route)
                .send();
        if (answer.getException() != null) {
            throw answer.getException();
        }
        return answer.getMessage().getBody(List.class);
    }

    private static List<?> query(String sql) throws Exception {
        project.write(FILE, sql);
        return ask("file");
    }

    @Test
    void theRowsOfTheSelectAreMapsInItsOrder() throws Exception {
        assertThat(query("""
                        -- newest first; with a comment
                        select day::text, pages, data, data ? 'i' as has from landing.visits -- all
                        where pages > 7 order by day desc;
                        """).toString())
                .isEqualTo("[{day=2026-03-10, pages=9, data={\"i\": 1}, has=true},"
                        + " {day=2026-03-09, pages=8, data={\"i\": 1}, has=true}]");
        assertThat(ask("sql").toString()).isEqualTo("[{note=it's; \"a\" & b = c, d, marks=&=,;}]");
        assertThat(query("with v as (select 1 as one) select one from v where false"))
                .isEmpty();
    }

    @Test
    void asManyRowsAsAllowedAreGivenAndOneMoreIsAnError() throws Exception {
        assertThat(query("select * from landing.visits where pages < 5")).hasSize(5);
        assertThatThrownBy(() -> query("select * from landing.visits where pages < 6"))
                .hasMessageContaining(FILE + ": the query gives more than maxRows (5) rows");
    }

    @Test
    void aQueryThatTakesTooLongIsCancelled() {
        assertThatThrownBy(() -> query("select pg_sleep(30)"))
                .hasMessage(FILE + ": the query took longer than maxTime (1 s)");
    }

    @Test
    void whatWritesIsRefused() {
        assertThatThrownBy(() -> query("delete from landing.visits")).hasMessageContaining("write a bare SELECT");
        assertThatThrownBy(() -> query("select 1;\ndelete from landing.visits"))
                .hasMessageContaining(FILE + ", line 2: a second statement starts here");
        assertThatThrownBy(() -> query("with d as (delete from landing.visits returning *) select * from d"))
                .hasMessageContaining("data-modifying statement");
        assertThatThrownBy(() -> query("select landing.visit()")).hasMessageContaining("read-only transaction");
        assertThatThrownBy(() -> query("select nextval('landing.numbers')"))
                .hasMessageContaining("read-only transaction");
        assertThatThrownBy(() -> query("select 1) as q; delete from landing.visits; select * from (select 2"))
                .isInstanceOf(java.sql.SQLException.class);
        assertThat(database.number("select count(*) from landing.visits")).isEqualTo(10);
    }

    @Test
    void anErrorNamesFileAndLineAndNoValue() {
        assertThatThrownBy(() -> query("select day,\n  missing\nfrom landing.visits"))
                .hasMessage(FILE + ", line 2: column \"missing\" does not exist");
        assertThatThrownBy(() -> query("select note::int from landing.visits")).hasMessageNotContaining("it's");
    }

    @Test
    void aConnectionThatWasUsedCanWriteAgain() throws Exception {
        for (int i = 0; i < 20; i++) {
            query("select 1");
        }
        try (var connection = serai.context()
                .getRegistry()
                .lookupByNameAndType("warehouse", javax.sql.DataSource.class)
                .getConnection()) {
            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(Sql.on(connection).update("update landing.visits set pages = pages"))
                    .isEqualTo(10);
            assertThat(Sql.on(connection).first("show statement_timeout", row -> row.text("statement_timeout")))
                    .contains("0");
        }
    }
}
