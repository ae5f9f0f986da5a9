package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import serai.testing.Rounds;
import serai.testing.Waiting;

/** Every version of a row is kept, and not only what is left of it at the end of a batch. */
class HistoryIT {

    private static void start(SourceFixture fixture) {
        fixture.start(fixture.target.warehouse(), fixture.historyPlan());
    }

    private static void awaitComplete(SourceFixture fixture) {
        Waiting.soon()
                .until(() ->
                        fixture.target.number("select count(*) from meta.replicated_tables where state <> 'complete'")
                                == 0);
    }

    /** The open versions are the table's rows, and the versions of a key follow each other without a gap. */
    private static void assertChains(SourceFixture fixture, String table, String key) {
        String same = "row(t.*)::text = (select row("
                + String.join(
                        ", ",
                        fixture.target.rows(
                                "select 'h.' || quote_ident(attname || case attname when 'operation' then '_' else '' end) from pg_attribute"
                                        + " where attrelid = ?::regclass and attnum > 0 order by attnum",
                                "app." + table))
                + ")::text)";
        assertThat(fixture.target.number("select count(*) from app." + table + " t where not exists (select from"
                        + " app_history." + table
                        + " h where valid_to is null and operation not in ('delete', 'truncate')"
                        + " and " + same + ")"))
                .as("rows of " + table + " without their version")
                .isZero();
        assertThat(fixture.target.number("select count(*) from app_history." + table
                        + " where valid_to is null and operation not in ('delete', 'truncate')"))
                .isEqualTo(fixture.target.number("select count(*) from app." + table));
        assertThat(fixture.target.rows("select * from (select " + key + ", valid_from, valid_to, lead(valid_from) over"
                        + " (partition by " + key + " order by position, seq) as next from app_history." + table
                        + ") v where valid_to is distinct from next or valid_to < valid_from"))
                .as("versions of " + table + " that do not follow each other")
                .isEmpty();
    }

    @Test
    void everyImageIsKept() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("create table notes (id int primary key, n int, big text);"
                    + " alter table notes alter big set storage external;"
                    + " insert into notes select i, 0, repeat('x', 3000) from generate_series(1, 4) i");
            start(fixture);
            fixture.await();
            awaitComplete(fixture);
            assertThat(fixture.target.rows("select id, n, length(big), operation from app_history.notes order by id"))
                    .containsExactly("1|0|3000|copy", "2|0|3000|copy", "3|0|3000|copy", "4|0|3000|copy");
            fixture.source.execute("""
                    begin; update notes set n = 1 where id = 1; update notes set n = 2 where id = 1;
                    update notes set n = 1 where id = 1; commit;
                    delete from notes where id = 2; insert into notes values (2, 7, 'y');
                    begin; update notes set id = 30 where id = 3; update notes set n = 5 where id = 30; commit;
                    begin; insert into notes values (5, 5, 'z'); rollback""");
            fixture.await();
            assertThat(fixture.target.rows("select id, n, length(big), operation from app_history.notes"
                            + " where operation <> 'copy' order by id, position, seq"))
                    .containsExactly(
                            "1|1|3000|update",
                            "1|2|3000|update",
                            "1|1|3000|update",
                            "2|null|null|delete",
                            "2|7|1|insert",
                            "3|null|null|delete",
                            "30|0|3000|update",
                            "30|5|3000|update");
            assertChains(fixture, "notes", "id");
            fixture.source.execute("truncate notes; insert into notes values (1, 9, 'after')");
            fixture.await();
            assertThat(fixture.target.number("select count(*) from app_history.notes where operation = 'truncate'"))
                    .isEqualTo(4);
            assertChains(fixture, "notes", "id");
            fixture.source.execute("update notes set big = '7';"
                    + " alter table notes alter column big type int using big::int;"
                    + " alter table notes add column flag boolean; update notes set flag = true");
            fixture.await();
            assertThat(fixture.target.rows("select id, n, big, flag from app_history.notes where valid_to is null"
                            + " and operation = 'update'"))
                    .as("values of the old type stay, as texts")
                    .containsExactly("1|9|7|t");
        }
    }

    @Test
    void historyOfATableThatIsReplicatedAlreadyBeginsWithItsRows() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("create table notes (id int primary key, n int); insert into notes values (1, 1)");
            fixture.start();
            fixture.await();
            awaitComplete(fixture);
            fixture.stop();
            fixture.source.execute("update notes set n = 2");
            start(fixture);
            fixture.await();
            assertThat(fixture.target.rows("select id, n, operation from app_history.notes order by position"))
                    .containsExactly("1|1|copy", "1|2|update");
            fixture.target.execute("update app.notes set n = 77;"
                    + " update meta.replicated_tables set reload_asked_at = clock_timestamp()");
            awaitComplete(fixture);
            Waiting.soon().until(() -> fixture.target.value("select n from app.notes"), "2"::equals);
            assertChains(fixture, "notes", "id");
        }
    }

    @Test
    void noImageIsLostOrDoubledWhateverConnectionsEnd() throws Exception {
        Random random = new Random(31);
        try (SourceFixture fixture = new SourceFixture();
                Connection connection = fixture.source.connect()) {
            fixture.source.execute(RandomLoad.CREATE);
            fixture.source.execute("""
                    create table images (no bigserial primary key, id int, n int, operation text);
                    create function image() returns trigger language plpgsql as $$ begin
                      if tg_op = 'DELETE' then insert into images (id, operation) values (old.id, 'delete');
                      elsif tg_op = 'UPDATE' and old.id <> new.id then
                        insert into images (id, operation) values (old.id, 'delete');
                        insert into images (id, n, operation) values (new.id, new.n, 'update');
                      else insert into images (id, n, operation) values (new.id, new.n, lower(tg_op)); end if;
                      return null; end $$;
                    create trigger image after insert or update or delete on toast for each row
                      execute function image()""");
            start(fixture);
            fixture.await();
            awaitComplete(fixture);
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
                try {
                    new RandomLoad(connection, new Random(32)).run(Rounds.of(100, 2_000));
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            for (int i = 0; i < Rounds.of(3, 40); i++) {
                LockSupport.parkNanos((300L + random.nextInt(1_000)) * 1_000_000L);
                SourceFixture.endConnections(random.nextBoolean() ? fixture.source : fixture.target);
            }
            load.join();
            fixture.await();
            RandomLoad.TABLES.forEach(fixture::assertEqual);
            assertChains(fixture, "plain", "id");
            assertChains(fixture, "toast", "id");
            assertChains(fixture, "toast_full", "id");
            assertChains(fixture, "pairs", "a, b");
            assertChains(fixture, "images", "no");
            assertThat(fixture.target.rows("select id, n, operation from app_history.toast"
                            + " where operation <> 'truncate' order by position, seq"))
                    .isEqualTo(fixture.target.rows("select id, n, operation from app.images order by no"));
        }
    }
}
