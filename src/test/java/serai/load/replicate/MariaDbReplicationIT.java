package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import serai.testing.Waiting;

/** Changes of a MariaDB database arrive in the warehouse as they were made. */
class MariaDbReplicationIT {

    @Test
    void rowsAreCopiedAndChangesFollow() throws Exception {
        try (MariaDbFixture fixture = new MariaDbFixture()) {
            fixture.source.execute("""
                    create table notes (id bigint unsigned primary key, title varchar(50), body longtext);
                    insert into notes select seq, concat('note ', seq), repeat('x', 3000) from seq_1_to_100""");
            fixture.start();
            fixture.await();
            fixture.assertEqual("notes", "id, title, body");
            fixture.source.execute("""
                    insert into notes values (101, null, ''), (102, 'a\\tb\\n\\\\N', 'new 😀');
                    insert into notes values (18446744073709551615, 'last', 'x');
                    update notes set title = 'changed' where id <= 10;
                    update notes set id = id + 1000 where id between 11 and 20;
                    update notes set id = id + 2000, title = null, body = 'y' where id between 21 and 30;
                    delete from notes where id between 31 and 40;
                    begin;
                    savepoint a;
                    delete from notes;
                    rollback to a;
                    insert into notes values (31, 'again', null);
                    commit;
                    begin;
                    delete from notes;
                    rollback""");
            fixture.await();
            fixture.assertEqual("notes", "id, title, body");
            fixture.source.execute("truncate notes;\ninsert into notes values (1, 'one', 'two')");
            fixture.await();
            fixture.assertEqual("notes", "id, title, body");
            Waiting.soon()
                    .until(() -> fixture.target.value("select 1 from meta.replicated_tables where state = 'complete'")
                            != null);
        }
    }

    @Test
    void itGoesOnWhereItStopped() throws Exception {
        try (MariaDbFixture fixture = new MariaDbFixture()) {
            fixture.source.execute("create table pairs (a int, b varchar(20), n int, primary key (a, b))");
            fixture.start();
            fixture.await();
            for (int round = 0; round < 4; round++) {
                fixture.source.execute("insert into pairs select seq % 7, concat('key ', seq), " + round
                        + " from seq_1_to_500 on duplicate key update n = n + 1");
                fixture.source.execute("flush binary logs");
                fixture.stop();
                fixture.source.execute("delete from pairs where a = " + round);
                fixture.start();
            }
            fixture.await();
            fixture.assertEqual("pairs", "a, b, n");
        }
    }

    @Test
    void whatARolledBackTransactionHasLoggedDoesNotCount() throws Exception {
        try (MariaDbFixture fixture = new MariaDbFixture()) {
            fixture.source.execute("create table notes (id int primary key, title varchar(50))");
            fixture.start();
            fixture.await();
            // a temporary table cannot be rolled back, so that the transaction is logged with its end
            fixture.source.execute("""
                    insert into notes values (1, 'first');
                    begin;
                    insert into notes values (2, 'rolled back');
                    create temporary table some (id int);
                    update notes set title = 'rolled back' where id = 1;
                    rollback;
                    insert into notes values (3, 'third')""");
            fixture.await();
            fixture.assertEqual("notes", "id, title");
            assertThat(fixture.target.rows("select id, title from app.notes order by id"))
                    .containsExactly("1|first", "3|third");
        }
    }

    @Test
    void preparedTransactionsCountWhenTheyAreCommitted() throws Exception {
        try (MariaDbFixture fixture = new MariaDbFixture()) {
            fixture.source.execute("create table notes (id int primary key, title varchar(50))");
            fixture.start();
            fixture.await();
            fixture.source.execute("""
                    xa start 'one';
                    insert into notes values (1, 'prepared');
                    xa end 'one';
                    xa prepare 'one'""");
            fixture.await();
            assertThat(fixture.target.number("select count(*) from app.notes")).isZero();
            fixture.source.execute("xa commit 'one'");
            Waiting.soon().until(() -> fixture.target.number("select count(*) from app.notes") == 1);
            fixture.await();
            fixture.assertEqual("notes", "id, title");
        }
    }

    @Test
    void changesOfTablesAreFollowed() throws Exception {
        try (MariaDbFixture fixture = new MariaDbFixture()) {
            fixture.source.execute("""
                    create table notes (id int primary key, title varchar(50), made datetime(6));
                    insert into notes values (1, 'one', '2026-01-02 03:04:05.600700')""");
            fixture.start();
            fixture.await();
            fixture.source.execute("""
                    alter table notes add column words int not null default 7, add index (title);
                    insert into notes values (2, 'two', null, 8)""");
            fixture.await();
            fixture.assertEqual("notes", "id, title, words");
            // the server cuts fractions off, without a row in the log
            fixture.source.execute("alter table notes modify made datetime, drop column title");
            fixture.await();
            fixture.assertEqual("notes", "id, words");
            Waiting.soon()
                    .until(() -> fixture.target
                            .value("select made::text from app.notes where id = 1")
                            .equals("2026-01-02 03:04:05"));
            fixture.source.execute(
                    "create table later (id int primary key, t text);\ninsert into later values (5, 'x')");
            fixture.await();
            Waiting.soon().until(() -> fixture.target.value("select to_regclass('app.later')::text") != null);
            fixture.await();
            fixture.assertEqual("later", "id, t");
            // as tools for online changes of schemas do it
            fixture.source.execute("""
                    create table _notes_gho like notes;
                    alter table _notes_gho add column extra varchar(10) default 'e';
                    insert into _notes_gho (id, words, made) select id, words, made from notes;
                    rename table notes to _notes_del, _notes_gho to notes;
                    update notes set words = 99 where id = 2""");
            fixture.await();
            fixture.assertEqual("notes", "id, words, extra");
        }
    }

    @Test
    void statementsWithoutRowsAreNotLost() throws Exception {
        try (MariaDbFixture fixture = new MariaDbFixture()) {
            fixture.source.execute("""
                    create table notes (id int primary key, title varchar(50));
                    insert into notes values (1, 'one'), (2, 'two')""");
            fixture.start();
            fixture.await();
            fixture.source.execute("""
                    set session binlog_format = 'STATEMENT';
                    update notes set title = 'by statement' where id = 1;
                    set session binlog_format = 'ROW'""");
            fixture.await();
            fixture.assertEqual("notes", "id, title");
        }
    }
}
