package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import serai.testing.Rounds;
import serai.testing.Waiting;

/** Tables are copied beside a stream that goes on, and tables that are copied anew are changed where they differ. */
class ReloadIT {

    private static void ask(SourceFixture fixture) {
        fixture.target.execute(
                "update meta.replicated_tables set reload_asked_at = clock_timestamp(), reload_asked_by = 'test'");
    }

    private static void awaitReload(SourceFixture fixture) {
        Waiting.soon()
                .until(() -> fixture.target.value("select 1 from meta.replicated_tables"
                                + " where reload_asked_at is not null or state <> 'complete'")
                        == null);
    }

    @Test
    void onlyWhatDiffersIsWritten() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("create table notes (id int primary key, at date, data json, n numeric);"
                    + " insert into notes select i, date '2026-03-01' + i, '{\"a\":  1}', i / 7.0"
                    + " from generate_series(1, 3000) i");
            fixture.start();
            fixture.await();
            awaitReload(fixture);
            fixture.target.execute("""
                    create view app.kept as select id from app.notes;
                    insert into meta.watches (relation, kind, columns, reads, consumer)
                    values ('app.notes', 'window', '{at}', '{at,data}', 'm');
                    truncate meta.dirty;
                    create table public.before as select id, xmin::text as x from app.notes;
                    delete from app.notes where id = 1;
                    update app.notes set data = '{}' where id = 2;
                    insert into app.notes values (-3, '2026-12-24', '{}', 3)""");
            ask(fixture);
            awaitReload(fixture);
            fixture.assertEqual("notes");
            assertThat(fixture.target.rows(
                            "select id from app.notes t where not exists (select from public.before b where b.id = t.id"
                                    + " and b.x = t.xmin::text) order by 1"))
                    .as("rows that were written")
                    .containsExactly("1", "2");
            assertThat(fixture.target.rows("select distinct day from meta.dirty order by 1"))
                    .containsExactly("2026-03-02", "2026-03-03", "2026-12-24");
            assertThat(fixture.target.number("select count(*) from app.kept")).isEqualTo(3000);
            assertThat(fixture.target.rows("select relname from pg_class where relname like '%\\_\\_reload%'"))
                    .isEmpty();
        }
    }

    @Test
    void theStreamGoesOnWhileTablesAreCopiedAndConnectionsEnd() throws Exception {
        Random random = new Random(21);
        try (SourceFixture fixture = new SourceFixture();
                Connection connection = fixture.source.connect()) {
            fixture.source.execute(RandomLoad.CREATE);
            new RandomLoad(connection, random).run(50);
            fixture.start();
            fixture.await();
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
                try {
                    new RandomLoad(connection, new Random(22)).run(Rounds.of(150, 2_500));
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            fixture.source.execute("create table later (id int primary key, text text);"
                    + " insert into later select i, repeat('x', 50) from generate_series(1, 120000) i");
            for (int i = 0; i < Rounds.of(4, 40); i++) {
                LockSupport.parkNanos((200L + random.nextInt(800)) * 1_000_000L);
                ask(fixture);
                LockSupport.parkNanos((100L + random.nextInt(1_000)) * 1_000_000L);
                SourceFixture.endConnections(random.nextBoolean() ? fixture.source : fixture.target);
            }
            load.join();
            fixture.await();
            awaitReload(fixture);
            RandomLoad.TABLES.forEach(fixture::assertEqual);
            fixture.assertEqual("later");
        }
    }

    @Test
    void aTableThatIsPublishedLateLosesNothingOfATransactionThatRanBefore() throws Exception {
        try (SourceFixture fixture = new SourceFixture();
                Connection open = fixture.source.connect();
                Statement writer = open.createStatement()) {
            fixture.source.execute("create table first (id int primary key)");
            fixture.start();
            fixture.await();
            fixture.source.execute("create table later (id int primary key, n int); insert into later values (1, 1)");
            writer.execute("begin; insert into later values (2, 2)");
            fixture.awaitState("later", "copying");
            fixture.source.execute("insert into first values (1)");
            Waiting.soon().until(() -> fixture.target.number("select count(*) from app.first") == 1);
            writer.execute("insert into later values (3, 3); commit");
            fixture.await();
            fixture.assertEqual("later");
            fixture.assertEqual("first");
        }
    }

    @Test
    void aCopyThatIsAheadOfTheLogLendsNoValuesToOtherRows() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("create table notes (id int primary key, n int, big text);"
                    + " alter table notes alter big set storage external;"
                    + " insert into notes select i, 0, repeat(i::text, 3000) from generate_series(1, 5) i");
            fixture.start();
            fixture.await();
            awaitReload(fixture);
            fixture.stop();
            // the copy has the new row 5 when the log still moves the old one, without its large value
            fixture.source.execute("delete from notes where id = 3");
            fixture.source.execute("update notes set id = 3 where id = 5");
            fixture.source.execute("insert into notes values (5, 0, repeat('z', 3000))");
            fixture.target.execute("update meta.replicated_tables set state = 'copying', copied_to = null");
            fixture.start();
            fixture.await();
            awaitReload(fixture);
            fixture.assertEqual("notes");
        }
    }

    @Test
    void aLostPositionIsRepairedByAReload() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("create table notes (id int primary key, n int);"
                    + " insert into notes select i, i from generate_series(1, 100) i");
            fixture.start();
            fixture.await();
            lose(fixture, "delete from notes where id = 1; update notes set n = 0 where id = 2");
            fixture.start();
            fixture.awaitFailure("is gone");
            ask(fixture);
            awaitReload(fixture);
            fixture.assertEqual("notes");
            fixture.source.execute("insert into notes values (200, 1)");
            fixture.await();
            fixture.assertEqual("notes");
            lose(fixture, "delete from notes where id = 3; truncate notes; insert into notes values (4, 4)");
            fixture.start(
                    fixture.target.warehouse(), fixture.plan(ChunkWriter.RefusedRow.PARK_ROW, OnLostPosition.RELOAD));
            fixture.await();
            awaitReload(fixture);
            fixture.assertEqual("notes");
            assertThat(fixture.target.number(
                            "select count(*) from meta.runs where status = 'failed' and error like '%copied anew%'"))
                    .as("it is said")
                    .isPositive();
        }
    }

    private static void lose(SourceFixture fixture, String statements) throws InterruptedException {
        fixture.stop();
        Waiting.soon()
                .until(() -> fixture.source.value(
                                "select 1 from pg_replication_slots where active and slot_name = ?", fixture.slot())
                        == null);
        fixture.source.execute("select pg_drop_replication_slot('" + fixture.slot() + "')");
        fixture.source.execute(statements);
    }

    @Test
    void aParkedTableComesBack() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("create table notes (id int primary key, n text);"
                    + " insert into notes values (1, 'private words'); create table others (id int primary key)");
            fixture.start();
            fixture.await();
            fixture.source.execute(
                    "alter table notes alter column n type int using length(n);" + " insert into notes values (2, 2)");
            fixture.awaitState("notes", "parked");
            fixture.source.execute("insert into notes values (3, 3)");
            ask(fixture);
            awaitReload(fixture);
            fixture.assertEqual("notes");
            fixture.source.execute("insert into notes values (4, 4)");
            fixture.await();
            fixture.assertEqual("notes");
        }
    }

    @Test
    void aRowThatTheTableRefusesStaysAReject() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("create table notes (id int primary key, n int);"
                    + " insert into notes select i, i from generate_series(1, 20) i");
            fixture.start();
            fixture.await();
            fixture.target.execute("alter table app.notes add constraint small check (n < 100)");
            fixture.source.execute("update notes set n = 1000 where id = 5");
            fixture.await();
            ask(fixture);
            awaitReload(fixture);
            assertThat(fixture.target.rows("select n from app.notes where id = 5"))
                    .containsExactly("5");
            assertThat(fixture.target.rows("select locator -> 'key' from meta.rejects where resolved_at is null"))
                    .containsExactly("[\"5\"]");
            fixture.target.execute("alter table app.notes drop constraint small");
            ask(fixture);
            awaitReload(fixture);
            fixture.assertEqual("notes");
            assertThat(fixture.target.rows("select 1 from meta.rejects where resolved_at is null"))
                    .isEmpty();
        }
    }
}
