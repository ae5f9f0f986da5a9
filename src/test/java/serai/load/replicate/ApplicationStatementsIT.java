package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import serai.load.replicate.mapping.Mapping;
import serai.testing.TestDatabase;

/**
 * Statements of the application: not one fails at a source that is replicated with exclusions, masks and filters and
 * passes without that.
 */
class ApplicationStatementsIT {

    private static final String MAPPING = """
            {"rules": [
              {"rule-type": "selection", "rule-id": "1", "rule-name": "1", "rule-action": "include",
               "object-locator": {"schema-name": "public", "table-name": "%"}},
              {"rule-type": "selection", "rule-id": "2", "rule-name": "2", "rule-action": "include",
               "object-locator": {"schema-name": "public", "table-name": "orders"},
               "filters": [{"filter-type": "source", "column-name": "state",
                            "filter-conditions": [{"filter-operator": "noteq", "value": "draft"}]}]},
              {"rule-type": "transformation", "rule-id": "3", "rule-name": "3", "rule-target": "column",
               "object-locator": {"schema-name": "public", "table-name": "%", "column-name": "email"},
               "rule-action": "remove-column"},
              {"rule-type": "transformation", "rule-id": "4", "rule-name": "4", "rule-target": "column",
               "object-locator": {"schema-name": "public", "table-name": "users", "column-name": "name"},
               "rule-action": "data-masking-hash-mask"},
              {"rule-type": "transformation", "rule-id": "5", "rule-name": "5", "rule-target": "table",
               "object-locator": {"schema-name": "public", "table-name": "log"},
               "rule-action": "x-keyless-append"},
              {"rule-type": "transformation", "rule-id": "6", "rule-name": "6", "rule-target": "table",
               "object-locator": {"schema-name": "public", "table-name": "tags"},
               "rule-action": "x-keyless-full"}
            ]}""";

    private static final List<String> CREATE = List.of(
            "create table users (id int primary key, name text, email text, team int)",
            "create table orders (id int primary key, state text, amount numeric, email text)",
            "create table log (at timestamptz default now(), what text, email text)",
            "create table tags (a int, b text)",
            "alter table tags replica identity full",
            "create table parts (id int, day date, primary key (id, day)) partition by range (day)",
            "create table parts_1 partition of parts for values from ('2026-01-01') to ('2026-02-01')",
            "insert into users select i, 'Ada', 'a@example.org', i from generate_series(1, 20) i",
            "insert into orders select i, 'draft', i, 'a@example.org' from generate_series(1, 20) i",
            "insert into log (what) values ('one'), ('two')",
            "insert into tags values (1, 'x'), (1, 'x'), (2, null)",
            "insert into parts values (1, '2026-01-05')");

    /** What an application's migrations and daily work do; some of them fail anywhere. */
    private static final List<String> STATEMENTS = List.of(
            "update users set email = 'b@example.org' where id = 1",
            "update users set name = 'Eve' where id = 2",
            "update orders set state = 'paid' where id < 5",
            "update orders set state = 'draft' where id = 1",
            "delete from orders where id = 20",
            "update log set what = 'changed'",
            "delete from log where what = 'two'",
            "truncate log",
            "update tags set b = 'y' where a = 1",
            "delete from tags where a = 2",
            "alter table users add column phone text default 'none'",
            "alter table users alter column email type varchar(200)",
            "alter table users rename column email to mail",
            "alter table users drop column mail",
            "alter table users alter column team type bigint",
            "alter table users rename column name to full_name",
            "alter table users drop column full_name",
            "update users set team = 3",
            "alter table orders alter column state type varchar(20)",
            "alter table orders drop column email",
            "alter table orders drop column state",
            "update orders set amount = 2",
            "delete from orders where id = 3",
            "alter table orders drop column no_such_column",
            "insert into orders (id, amount) values (4, 'not a number')",
            "insert into parts values (2, '2027-01-05')",
            "create table parts_2 partition of parts for values from ('2027-01-01') to ('2028-01-01')",
            "insert into parts values (2, '2027-01-05')",
            "update parts set day = '2027-02-02' where id = 1",
            "alter table parts detach partition parts_1",
            "drop table parts_1",
            "create table invoices (id int primary key, email text, total numeric)",
            "insert into invoices values (1, 'c@example.org', 2)",
            "update invoices set email = 'd@example.org'",
            "alter table invoices drop column email",
            "create table notes (line text)",
            "insert into notes values ('a')",
            "update notes set line = 'b'",
            "delete from notes",
            "alter table tags rename to labels",
            "update labels set b = 'z'",
            "drop table labels",
            "alter table log add column level int not null default 1",
            "update log set level = 2",
            "drop table orders",
            "create table orders (id int primary key, state text)",
            "insert into orders values (1, 'new')",
            "update orders set state = 'old'",
            "drop table users cascade");

    /** The SQL state of each statement; empty for one that passed. */
    private static List<String> run(TestDatabase database, List<String> statements) throws SQLException {
        List<String> states = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                try {
                    statement.execute(sql);
                    states.add(sql + ": passed");
                } catch (SQLException e) {
                    states.add(sql + ": " + e.getSQLState());
                }
            }
        }
        return states;
    }

    @Test
    void noneFailsThatPassesWithoutSerai() throws Exception {
        Mapping mapping = Mapping.parse(Path.of("mappings/app.json"), MAPPING, "app", null);
        try (SourceFixture fixture = new SourceFixture();
                TestDatabase other = TestDatabase.empty()) {
            run(fixture.source, CREATE);
            run(other, CREATE);
            fixture.start(fixture.target.warehouse(), fixture.plan(mapping::plan));
            for (String table : List.of("users", "orders", "log", "tags", "parts")) {
                fixture.awaitState(table, "complete");
            }
            List<String> alone = run(other, STATEMENTS);
            assertThat(alone).anyMatch(state -> !state.endsWith("passed"));
            assertThat(run(fixture.source, STATEMENTS)).isEqualTo(alone);
            String slot = fixture.slot();
            fixture.source.execute("drop publication " + slot + ", " + slot + "_append");
            List<String> after = List.of("insert into orders values (2, 'more')", "update orders set state = 'x'");
            assertThat(run(fixture.source, after)).isEqualTo(run(other, after));
            fixture.awaitFailure("was dropped and made again");
            assertThat(run(fixture.source, after)).isEqualTo(run(other, after));
        }
    }
}
