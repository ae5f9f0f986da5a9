package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import serai.edits.EditRefusedException;
import serai.load.replicate.mapping.Mapping;
import serai.testing.Rounds;
import serai.testing.Waiting;

/** Tables without a key are followed as it is chosen, and not without a choice. */
class KeylessTablesIT {

    private static final int STEPS = Rounds.of(150, 2_000);

    private static final String CREATE = """
            create table tags (note int, tag text, data json);
            alter table tags replica identity full;
            create table audit (at timestamptz default now(), what text);
            create table other (a int);
            create table keyed (id int primary key);
            insert into tags select i % 50, 'tag ' || i % 7, '{"a": 1}' from generate_series(1, 3000) i;
            insert into tags values (null, null, null), (null, null, null), (1, '', '{}');
            insert into audit (what) select 'event ' || i % 10 from generate_series(1, 3000) i""";

    private static ReplicationPlan plan(SourceFixture fixture, String more) throws EditRefusedException {
        Mapping mapping = Mapping.parse(Path.of("mappings/app.yaml"), "tables:\n  - public.%\n" + more, "app", null);
        return fixture.plan(mapping::plan);
    }

    private static ReplicationPlan plan(SourceFixture fixture) throws EditRefusedException {
        return plan(fixture, "keyless:\n  public.tags: full\n  public.audit: append\n");
    }

    private static void start(SourceFixture fixture) throws EditRefusedException {
        fixture.start(fixture.target.warehouse(), plan(fixture));
        fixture.awaitState("tags", "complete");
        fixture.awaitState("audit", "complete");
    }

    private static void assertCounts(SourceFixture fixture, long tags, long audit) {
        assertThat(fixture.target.number("select count(*) from app.tags")).isEqualTo(tags);
        assertThat(fixture.target.number("select count(*) from app.audit")).isEqualTo(audit);
    }

    @Test
    void rowsAreFoundByTheirValuesAndEqualOnesAreCounted() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute(CREATE);
            start(fixture);
            assertThat(fixture.state("other"))
                    .startsWith("parked")
                    .contains("'append'")
                    .contains("'full'");
            fixture.source.execute("""
                    delete from tags where ctid in (select ctid from tags where note is null limit 1);
                    update tags set tag = 'x' where note = 7; insert into tags values (1, '', '{}');
                    update audit set what = 'changed' where what = 'event 1'; delete from audit where what = 'event 2';
                    insert into audit (what) values ('event 1'), ('event 1')""");
            fixture.await();
            fixture.assertEqual("tags");
            assertCounts(fixture, 3003, 3002);
            assertThat(fixture.target.number("select count(*) from app.audit where what = 'changed'"))
                    .isZero();
            fixture.source.execute("truncate tags, audit; insert into tags values (5, 'after', null)");
            fixture.await();
            fixture.assertEqual("tags");
            assertCounts(fixture, 1, 3002);
        }
    }

    @Test
    void aReloadRepairsOneByTheDifferenceAndAddsToTheOther() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute(CREATE);
            start(fixture);
            fixture.source.execute("delete from audit where what = 'event 3'");
            fixture.target.execute(
                    "delete from app.tags where note = 3; update app.tags set tag = 'wrong' where note = 4;"
                            + " delete from app.audit where what = 'event 4';"
                            + " update meta.replicated_tables set reload_asked_at = now() where relation in ('app.tags', 'app.audit')");
            Waiting.soon()
                    .until(() -> fixture.target.value(
                                    "select 1 from meta.replicated_tables where reload_asked_at is not null"
                                            + " or state in ('reloading', 'catching_up')")
                            == null);
            fixture.await();
            fixture.assertEqual("tags");
            assertCounts(fixture, 3003, 3000);
            assertThat(fixture.target.rows("select relname from pg_class where relname ~ '__(reload|later)'"))
                    .isEmpty();
        }
    }

    @Test
    void nothingIsLostOrDoubledWhateverConnectionsEnd() throws Exception {
        Random random = new Random(3);
        try (SourceFixture fixture = new SourceFixture();
                Connection connection = fixture.source.connect()) {
            fixture.source.execute(CREATE);
            fixture.start(fixture.target.warehouse(), plan(fixture));
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> change(connection, new Random(4)));
            while (!load.isDone()) {
                LockSupport.parkNanos((200L + random.nextInt(1_000)) * 1_000_000L);
                SourceFixture.endConnections(random.nextBoolean() ? fixture.source : fixture.target);
            }
            load.join();
            fixture.awaitState("tags", "complete");
            fixture.awaitState("audit", "complete");
            fixture.await();
            fixture.assertEqual("tags");
            fixture.assertEqual("audit");
        }
    }

    private static void change(Connection connection, Random random) {
        try (Statement statement = connection.createStatement()) {
            for (int i = 0; i < STEPS; i++) {
                int note = random.nextInt(50);
                statement.execute(
                        switch (random.nextInt(4)) {
                            case 0 -> "insert into tags select " + note + ", 'tag 1', '{}' from generate_series(1, 3)";
                            case 1 -> "update tags set tag = 'tag " + random.nextInt(7) + "' where note = " + note;
                            case 2 ->
                                "delete from tags where ctid in (select ctid from tags where note = " + note
                                        + " limit 2)";
                            default -> "insert into audit (what) values ('" + note + "'), ('" + note + "')";
                        });
                LockSupport.parkNanos(20_000_000L);
            }
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aTableIsAppendedThatIsChosenLaterAndColumnsMayChange() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute(CREATE);
            fixture.start(fixture.target.warehouse(), plan(fixture, "keyless:\n  public.tags: full\n"));
            fixture.awaitState("tags", "complete");
            fixture.awaitState("audit", "parked");
            fixture.stop();
            fixture.source.execute("insert into audit (what) values ('between')");
            fixture.target.execute("update meta.replicated_tables set reload_asked_at = now() where state = 'parked'");
            fixture.start(fixture.target.warehouse(), plan(fixture));
            fixture.awaitState("audit", "complete");
            fixture.source.execute("""
                    insert into audit (what) values ('later');
                    alter table tags add column more text; insert into tags values (1, 'new', null, 'more');
                    alter table tags add column filled text not null default 'given'; delete from tags where note = 2;
                    alter table audit add column by text; insert into audit (what, by) values ('last', 'me')""");
            Waiting.soon()
                    .until(() -> fixture.target.number(
                                    "select count(*) from app.tags where to_jsonb(tags) ->> 'filled' = 'given'")
                            > 0);
            fixture.awaitState("tags", "complete");
            fixture.await();
            fixture.assertEqual("tags");
            fixture.assertEqual("audit");
            fixture.source.execute("alter table tags replica identity default");
            fixture.awaitState("tags", "parked");
            fixture.source.execute("delete from tags where note = 1; delete from audit");
        }
    }

    @Test
    void daysOfRowsThatCameAndWentAreMarked() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("create table tags (at date, n int); alter table tags replica identity full;"
                    + " insert into tags values ('2026-03-01', 1), ('2026-03-02', 2)");
            fixture.start(fixture.target.warehouse(), plan(fixture, "keyless:\n  public.tags: full\n"));
            fixture.awaitState("tags", "complete");
            fixture.target.execute("insert into meta.watches (relation, kind, columns, reads, consumer)"
                    + " values ('app.tags', 'window', '{at}', '{at,n}', 'm'); truncate meta.dirty");
            fixture.source.execute("delete from tags where n = 1; insert into tags values ('2026-03-03', 3)");
            fixture.await();
            fixture.assertEqual("tags");
            assertThat(fixture.target.rows("select distinct day from meta.dirty order by 1"))
                    .containsExactly("2026-03-01", "2026-03-03");
        }
    }
}
