package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Tables as PostgreSQL's own regression tests make them, and what is done to them. */
class SourceTablesIT {

    @Test
    void rowsOfATableThatInheritsAreNotThoseOfItsParent() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("""
                    create table parents (id int primary key, a text);
                    create table children (b text, primary key (id)) inherits (parents);
                    create table parts (id int primary key, a text) partition by range (id);
                    create table parts_1 partition of parts for values from (0) to (10);
                    insert into parents values (1, 'p');
                    insert into children values (1, 'c', 'x'), (2, 'c', 'y');
                    insert into parts values (1, 'a')""");
            fixture.start();
            fixture.await();
            fixture.source.execute("update parents set a = a || '!'; insert into parts values (2, 'b')");
            fixture.await();
            fixture.assertEqual("only ", "parents");
            fixture.assertEqual("only ", "children");
            fixture.assertEqual("parts");
            assertThat(fixture.target.rows("select a from app.parents")).containsExactly("p!");
            fixture.source.execute("create table keyless () inherits (parents); insert into keyless values (7, 'k');"
                    + " create table later (id int primary key)");
            fixture.awaitState("later", "complete");
            fixture.source.execute("update keyless set a = 'no statement of the application fails'");
            fixture.source.execute("alter table parents drop constraint parents_pkey");
            fixture.awaitState("parents", "parked");
            fixture.source.execute("insert into children values (3, 'c', 'z')");
            fixture.await();
            fixture.assertEqual("only ", "children");
        }
    }

    @Test
    void aKeyThatTheDatabaseGeneratesParksItsTableAlone() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("""
                    create table generated (a int, b int primary key generated always as (a * 2) stored);
                    create table notes (id int primary key);
                    insert into generated values (1);
                    insert into notes values (1)""");
            fixture.start();
            fixture.await();
            fixture.assertEqual("notes");
            fixture.awaitState("generated", "parked: it has no key.");
            fixture.source.execute("update generated set a = 2");
        }
    }

    @Test
    void aColumnThatIsDroppedAndAddedAgainHasNoneOfItsOldValues() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("create table notes (id int primary key, a int);"
                    + " insert into notes select i, i from generate_series(1, 5) i");
            fixture.start();
            fixture.await();
            fixture.source.execute("insert into notes values (6, 6)");
            fixture.await();
            fixture.source.execute(
                    "alter table notes drop a; alter table notes add a int;" + " update notes set a = 7 where id = 1");
            fixture.await();
            fixture.assertEqual("notes");
            fixture.awaitState("notes", "complete");
        }
    }

    @Test
    void aTableThatIsDroppedBeforeItIsCopiedIsGivenUp() throws Exception {
        try (SourceFixture fixture = new SourceFixture();
                Connection other = fixture.source.connect();
                Statement statement = other.createStatement()) {
            fixture.source.execute("create table kept (id int primary key); insert into kept values (1)");
            fixture.start();
            fixture.await();
            // copies wait for transactions that ran when their tables were published
            statement.execute("begin; select pg_current_xact_id()");
            fixture.source.execute("create table notes (id int primary key)");
            fixture.awaitState("notes", "copying");
            fixture.source.execute("drop table notes");
            fixture.awaitState("notes", "parked: it was dropped");
            statement.execute("rollback");
            fixture.await();
            fixture.assertEqual("kept");
        }
    }
}
