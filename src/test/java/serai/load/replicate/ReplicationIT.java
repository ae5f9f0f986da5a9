package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import serai.testing.Waiting;

/** Changes of a source arrive in the warehouse as they were made. */
class ReplicationIT {

    @Test
    void changesArrive() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("""
                    create table notes (id bigint primary key, title text, body text);
                    alter table notes alter column body set storage external;
                    insert into notes select i, 'note ' || i, repeat('x', 3000) from generate_series(1, 100) i""");
            fixture.start();
            Waiting.soon()
                    .until(() -> fixture.target.value(
                                    "select 1 from meta.replicated_tables where state in ('catching_up', 'complete')")
                            != null);
            fixture.assertEqual("notes");
            fixture.source.execute("""
                    insert into notes values (101, null, ''), (102, e'a\\tb\\n\\\\N', 'new');
                    update notes set title = 'changed' where id <= 10;
                    update notes set id = id + 1000 where id between 11 and 20;
                    update notes set id = id + 2000, title = null, body = 'y' where id between 21 and 30;
                    delete from notes where id between 31 and 40;
                    begin; savepoint a; delete from notes; rollback to a; insert into notes values (31, 'again'); commit;
                    begin; delete from notes; rollback""");
            fixture.await();
            fixture.assertEqual("notes");
            assertThat(fixture.target.number("select count(*) from app.notes where length(body) = 3000"))
                    .isEqualTo(80);
            fixture.source.execute("truncate notes; insert into notes values (1, 'one', 'two')");
            fixture.await();
            fixture.assertEqual("notes");
            Waiting.soon()
                    .until(() -> fixture.target.value("select 1 from meta.replicated_tables where state = 'complete'")
                            != null);
        }
    }

    @Test
    void aLargeTransactionArrivesWholeInParts() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("create table big (id int primary key, text text)");
            fixture.start();
            fixture.await();
            fixture.source.execute("begin; insert into big select i, repeat('x', 300) from generate_series(1, 90000) i;"
                    + " delete from big where id % 3 = 0; update big set id = -id where id % 3 = 1; commit");
            // while it is written, nothing of it is seen
            Waiting.soon().until(() -> fixture.target.number("select count(*) from app.big"), count -> {
                assertThat(count).isIn(0L, 60_000L);
                return count > 0;
            });
            fixture.await();
            fixture.assertEqual("big");
        }
    }

    @Test
    void tablesOfTheSourceMayChange() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("""
                    create table notes (id int primary key, n int, old text);
                    insert into notes select i, i, 'old' from generate_series(1, 5) i;
                    create table keyless (id int);
                    create table keyed (id int primary key, n int);
                    insert into keyed values (1, 1)""");
            fixture.start();
            fixture.await();
            assertThat(fixture.state("keyless")).startsWith("parked").contains("no key");
            fixture.source.execute("""
                    alter table notes add column plain text;
                    update notes set plain = 'p' where id = 1;
                    alter table notes add column filled text not null default 'given';
                    update notes set plain = 'q' where id = 2;
                    alter table notes alter column n type bigint;
                    insert into notes values (6, 5000000000, 'old', 'r');
                    alter table notes drop column old;
                    insert into notes values (7, 7, 's', 't');
                    create table later (id int primary key, n int);
                    insert into later values (1, 1)""");
            fixture.awaitState("later", "c");
            fixture.await();
            fixture.source.execute("update later set n = 2");
            fixture.await();
            fixture.assertEqual("later");
            fixture.assertEqual("notes");
            fixture.source.execute("alter table keyed drop constraint keyed_pkey");
            fixture.awaitState("keyed", "parked");
            fixture.source.execute("update keyed set n = 2; update notes set n = 8");
            fixture.await();
            fixture.assertEqual("notes");
        }
    }

    @Test
    void aColumnWithADefaultArrivesInRowsThatWereThere() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("create table notes (id int primary key); insert into notes values (1), (2)");
            fixture.start();
            fixture.await();
            fixture.source.execute("alter table notes add column filled text not null default 'given'");
            fixture.source.execute("insert into notes values (3)");
            Waiting.soon()
                    .until(() -> fixture.target.value(
                                    "select 1 from app.notes where id = 1 and to_jsonb(notes) ->> 'filled' = 'given'")
                            != null);
            fixture.await();
            fixture.assertEqual("notes");
        }
    }

    @Test
    void rowsThatTheWarehouseRefusesAreKeptAndSettledLater() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("create table notes (id int primary key, n int, big text);"
                    + " alter table notes alter big set storage external; insert into notes values (0, 0, 'x')");
            fixture.start();
            fixture.await();
            fixture.target.execute("alter table app.notes add check (n <> 13)");
            fixture.source.execute("insert into notes select i, i, repeat('y', 3000) from generate_series(1, 30) i");
            fixture.await();
            assertThat(fixture.target.number("select count(*) from app.notes")).isEqualTo(30);
            assertThat(fixture.target.rows(
                            "select target, locator -> 'key', reason from meta.rejects" + " where resolved_at is null"))
                    .singleElement()
                    .asString()
                    .startsWith("app.notes|[\"13\"]|")
                    .contains("violates check constraint");
            // the log has only a part of the row now
            fixture.source.execute("update notes set n = 14 where id = 13");
            fixture.await();
            fixture.assertEqual("notes");
            assertThat(fixture.target.number("select count(*) from meta.rejects where resolved_at is null"))
                    .isZero();
        }
    }

    @Test
    void aRowThatTheFirstCopyIsRefusedIsKeptAndSettledByALaterChange() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("create table notes (id int primary key, n int);"
                    + " insert into notes select i, i from generate_series(1, 20) i");
            fixture.target.execute("create schema if not exists app;"
                    + " create table app.notes (id int primary key, n int check (n <> 13))");
            fixture.start();
            fixture.await();
            assertThat(fixture.target.rows("select source, target from meta.rejects where resolved_at is null"))
                    .containsExactly(SourceFixture.NAME + "|app.notes");
            assertThat(fixture.target.number("select count(*) from app.notes")).isEqualTo(19);
            fixture.source.execute("update notes set n = 14 where id = 13");
            fixture.await();
            fixture.assertEqual("notes");
            assertThat(fixture.target.rows("select 1 from meta.rejects where resolved_at is null"))
                    .isEmpty();
        }
    }

    @Test
    void aTypeThatTheValuesDoNotFitParksItsTableWithoutQuotingThem() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("create table notes (id int primary key, n text);"
                    + " insert into notes values (1, 'private words'); create table others (id int primary key)");
            fixture.start();
            fixture.await();
            fixture.source.execute("alter table notes alter column n type int using length(n);"
                    + " insert into notes values (2, 2); insert into others values (1)");
            fixture.awaitState("notes", "parked");
            fixture.await();
            fixture.assertEqual("others");
            assertThat(fixture.state("notes")).contains("do not fit").doesNotContain("private");
            assertThat(fixture.target.rows("select 1 from meta.runs where error like '%private%'"))
                    .isEmpty();
        }
    }

    @Test
    void aSourceMayWaitForItsRepairOrGiveUpATable() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute(
                    "create table notes (id int primary key, n int);" + " create table others (id int primary key)");
            fixture.start(fixture.target.warehouse(), fixture.plan(ChunkWriter.RefusedRow.STOP));
            fixture.await();
            fixture.target.execute("alter table app.notes add constraint not_13 check (n <> 13)");
            fixture.source.execute("insert into others values (1); insert into notes values (1, 13)");
            fixture.awaitFailure("not_13");
            assertThat(fixture.target.number("select count(*) from app.notes")).isZero();
            fixture.stop();
            fixture.start(fixture.target.warehouse(), fixture.plan(ChunkWriter.RefusedRow.PARK_TABLE));
            fixture.awaitState("notes", "parked");
            fixture.source.execute("insert into others values (2)");
            fixture.await();
            fixture.assertEqual("others");
        }
    }

    @Test
    void aSourceThatHasForgottenChangesIsNotFollowed() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("create table notes (id int primary key)");
            fixture.start();
            fixture.await();
            fixture.stop();
            fixture.source.execute("insert into notes values (1)");
            Waiting.soon()
                    .until(() -> fixture.source.value(
                                    "select 1 from pg_replication_slots where active and slot_name = ?", fixture.slot())
                            == null);
            fixture.source.rows("select pg_replication_slot_advance(?, pg_current_wal_insert_lsn())", fixture.slot());
            fixture.start();
            fixture.awaitFailure("another reader has used it");
            fixture.stop();
            fixture.source.execute("drop publication " + fixture.slot());
            fixture.start();
            fixture.awaitFailure("was dropped and made again");
            fixture.stop();
            fixture.source.execute("select pg_drop_replication_slot('" + fixture.slot() + "')");
            fixture.target.execute(
                    "drop table app.notes; delete from meta.replicated_tables; delete from meta.offsets");
            fixture.start();
            fixture.await();
            fixture.assertEqual("notes");
        }
    }

    @Test
    void daysAndKeysOfChangedRowsAreMarked() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("create table notes (id int primary key, at timestamptz, team int);"
                    + " insert into notes values (1, '2026-03-01 12:00Z', 7), (2, '2026-03-02 12:00Z', 8)");
            fixture.start();
            fixture.await();
            fixture.target.execute("""
                    insert into meta.watches (relation, kind, columns, reads, consumer)
                    values ('app.notes', 'window', '{at}', '{at,team}', 'm'), ('app.notes', 'key', '{team}', '{}', 'm');
                    truncate meta.dirty, meta.dirty_keys""");
            fixture.source.execute("update notes set at = '2026-05-05 12:00Z', team = 9 where id = 1;"
                    + " update notes set at = at where id = 2");
            fixture.await();
            assertThat(fixture.target.rows("select distinct relation, day from meta.dirty order by 1, 2"))
                    .containsExactly("app.notes|2026-03-01", "app.notes|2026-05-05");
            assertThat(fixture.target.rows("select distinct values from meta.dirty_keys order by 1"))
                    .containsExactly("{7}", "{9}");
        }
    }
}
