package serai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import serai.testing.TestDatabase;

class ServerErrorsIT {

    private static final String SECRET = "alice";
    private static final TestDatabase DATABASE = new TestDatabase();

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select 'alice@example.org'::int from (select ?::text) q",
                "select ('ali\"ce: alice'::text || ?)::date",
                "select (?::text)::numeric from generate_series(1, 3)",
                "select ('{alice'::text || ?)::int[]",
                "select (?::text)::jsonb",
                "select to_date(?, 'DD')",
                "select (?::text)::timestamptz",
                "with t as (select ?::text as x) insert into landing.keyed_once select x from t",
                "do $$ begin execute 'select ''alice''::int' ; end $$ -- ?",
            })
    void noTextOfAnErrorHasAValueOfTheStatement(String statement) throws Exception {
        DATABASE.execute("create table if not exists landing.keyed_once (name text unique, check (name <> 'alice'))");
        try (Connection connection = DATABASE.warehouse().dataSource().getConnection()) {
            Sql sql = Sql.on(connection);
            assertNoSecret(catchThrowable(() -> {
                if (statement.endsWith("-- ?")) {
                    sql.execute(statement);
                } else {
                    sql.first(
                            statement.startsWith("with") ? statement + " returning name" : statement,
                            row -> row.text("x"),
                            SECRET);
                }
            }));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"insert into landing.batched values (?)", "select (?::text)::int"})
    void aBatchThatFailsDoesNotNameItsParameters(String statement) throws Exception {
        DATABASE.execute("create table if not exists landing.batched (name text unique)");
        try (Connection connection = DATABASE.warehouse().dataSource().getConnection()) {
            assertNoSecret(catchThrowable(
                    () -> Sql.on(connection).batch(statement, List.of(List.of(SECRET), List.of(SECRET)))));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"value too long for type character varying(3)", "division by zero"})
    void aMessageWithoutAValueStays(String message) throws Exception {
        String select = message.startsWith("value")
                ? "create temp table cut (v varchar(3)); insert into cut values ('alice')"
                : "select 1 / 0";
        try (Connection connection = DATABASE.warehouse().dataSource().getConnection()) {
            assertThat(catchThrowable(() -> Sql.on(connection).execute(select))).hasMessageEndingWith(message);
        }
    }

    /** Neither its message, nor that of a cause, nor what a log prints of it. */
    private static void assertNoSecret(Throwable failure) {
        assertThat(failure).isNotNull();
        StringWriter printed = new StringWriter();
        failure.printStackTrace(new PrintWriter(printed, true));
        assertThat(printed.toString()).doesNotContain(SECRET);
    }
}
