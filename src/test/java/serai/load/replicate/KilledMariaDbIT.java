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

/** Promise 1 for MariaDB: whatever ends at any instant, source and warehouse are equal in the end, row for row. */
class KilledMariaDbIT {

    private static final int KILLS = Rounds.of(6, 60);
    private static final int TRANSACTIONS = Rounds.of(400, 6_000);

    @Test
    void sourceAndWarehouseAreEqualWhateverConnectionsEnd() throws Exception {
        Random random = new Random(21);
        try (MariaDbFixture fixture = new MariaDbFixture();
                Connection connection = fixture.source.connect()) {
            create(fixture);
            load(connection, new Random(22), 50);
            fixture.start();
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
                try (Connection own = fixture.source.connect()) {
                    for (int part = 0; part < KILLS; part++) {
                        load(own, new Random(23 + part), TRANSACTIONS / KILLS);
                    }
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            for (int kill = 0; kill < KILLS; kill++) {
                LockSupport.parkNanos((200L + random.nextInt(1_500)) * 1_000_000L);
                if (random.nextBoolean()) {
                    endReaders(fixture);
                } else {
                    SourceFixture.endConnections(fixture.target);
                }
            }
            load.join();
            fixture.await();
            assertAllEqual(fixture);
        }
    }

    @Test
    void aRestartOfTheServerLosesNothing() throws Exception {
        try (MariaDbFixture fixture = new MariaDbFixture()) {
            create(fixture);
            fixture.start();
            fixture.await();
            for (int restart = 0; restart < Rounds.of(1, 5); restart++) {
                try (Connection connection = fixture.source.connect()) {
                    load(connection, new Random(31 + restart), 60);
                }
                fixture.source.restart();
                try (Connection connection = fixture.source.connect()) {
                    load(connection, new Random(41 + restart), 60);
                }
                fixture.await();
                assertAllEqual(fixture);
            }
        }
    }

    @Test
    void aFirstCopyGoesOnWhereItWas() throws Exception {
        try (MariaDbFixture fixture = new MariaDbFixture()) {
            fixture.source.execute("""
                    create table plain (a int, b varchar(20), filler text, primary key (a, b));
                    insert into plain select seq % 7, concat('b', seq), repeat('x', 50) from seq_1_to_170000""");
            fixture.start();
            Waiting.soon()
                    .until(() ->
                            fixture.target.number("select count(*) from meta.copy_ranges where done_at is not null")
                                    > 0);
            fixture.source.endConnections();
            fixture.source.execute("""
                    update plain set a = 9 where b in ('b5', 'b170000');
                    delete from plain where b = 'b7'""");
            fixture.await();
            fixture.assertEqual("plain", "a, b, filler");
            assertThat(fixture.target.number("select count(*) from meta.copy_ranges"))
                    .isZero();
        }
    }

    @Test
    void aPurgedLogIsALostPosition() throws Exception {
        try (MariaDbFixture fixture = new MariaDbFixture()) {
            fixture.source.execute("create table plain (id int primary key)");
            fixture.start();
            fixture.await();
            fixture.stop();
            fixture.source.execute("insert into plain values (1);\nflush binary logs;\ninsert into plain values (2)");
            String last = fixture.source.rows("show master status").get(0).split("\\|")[0];
            fixture.source.execute("purge binary logs to '" + last + "'");
            fixture.start();
            Waiting.soon()
                    .until(
                            () -> fixture.target.value(
                                    "select error from meta.runs where source = ? order by run_id desc limit 1",
                                    MariaDbFixture.NAME),
                            error -> error != null && error.contains("has no binary log mariadb-bin."));
            assertThat(fixture.target.number("select count(*) from app.plain")).isZero();
            fixture.stop();
            fixture.start(fixture.target.warehouse(), fixture.plan(OnLostPosition.RELOAD));
            Waiting.soon().until(() -> fixture.target.number("select count(*) from app.plain") == 2);
        }
    }

    private static void create(MariaDbFixture fixture) {
        fixture.source.execute("""
                create table plain (id int primary key, n int, title varchar(30));
                create table big (id bigint unsigned primary key, n int, text longtext, other blob);
                create table pairs (a varchar(10) character set latin1, b int, n int, primary key (a, b));
                create table by_index (x int, id int not null, n int, unique key (id))""");
    }

    private static void assertAllEqual(MariaDbFixture fixture) {
        fixture.assertEqual("plain", "id, n, title");
        fixture.assertEqual("big", "id, n, md5(text)");
        fixture.assertEqual("pairs", "a, b, n");
        fixture.assertEqual("by_index", "x, id, n");
        assertThat(fixture.target.rows(
                        "select source_table, reason from meta.replicated_tables where state = 'parked'"))
                .isEmpty();
        assertThat(fixture.target.rows("select target, reason from meta.rejects"))
                .isEmpty();
    }

    /** Ends the connections of Serai, and not that of the load. */
    private static void endReaders(MariaDbFixture fixture) {
        for (String id : fixture.source.rows("select id from information_schema.processlist where user = 'admin'"
                + " and db is null and id <> connection_id()")) {
            try {
                fixture.source.execute("kill connection " + id);
            } catch (IllegalStateException e) {
                // it has ended by itself
            }
        }
    }

    private static void load(Connection connection, Random random, int transactions) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (int i = 0; i < transactions; i++) {
                statement.execute("begin");
                int changes = random.nextInt(50) == 0 ? 1_000 : 1 + random.nextInt(8);
                for (int j = 0; j < changes; j++) {
                    boolean kept = random.nextInt(8) > 0;
                    statement.execute("savepoint s");
                    statement.execute(change(random));
                    statement.execute(kept ? "release savepoint s" : "rollback to s");
                }
                statement.execute(random.nextInt(10) == 0 ? "rollback" : "commit");
            }
        }
    }

    private static String change(Random random) {
        int key = random.nextInt(300);
        int other = random.nextInt(300);
        int n = random.nextInt(1_000_000);
        String large = "repeat(md5('" + n + "'), 200)";
        return switch (random.nextInt(14)) {
            case 0, 1 -> "insert ignore into plain values (" + key + ", " + n + ", 'é " + n + "')";
            case 2 -> "update plain set n = " + n + " where id between " + key + " and " + other;
            case 3 -> "update ignore plain set id = " + other + " where id = " + key;
            case 4 -> "delete from plain where id = " + key;
            case 5, 6 ->
                "insert into big values (" + key + ", 1, " + large + ", x'00ff') on duplicate key update n = " + n;
            case 7 -> "update big set n = " + n + " where id = " + key;
            case 8 -> "update ignore big set id = " + other + ", text = " + large + " where id = " + key;
            case 9 ->
                "insert into pairs values ('ü" + key % 20 + "', " + other % 20 + ", " + n
                        + ") on duplicate key update n = " + n;
            case 10 -> "delete from pairs where b = " + key % 20;
            case 11 -> "insert into by_index values (1, " + key + ", " + n + ") on duplicate key update n = " + n;
            case 12 -> "delete from by_index where id = " + key;
            default -> "replace into plain values (" + key + ", " + n + ", null)";
        };
    }
}
