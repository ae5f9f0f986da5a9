package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.SeraiProcess;
import serai.testing.ProjectFolder;
import serai.testing.Rounds;
import serai.testing.Waiting;
import serai.warehouse.Warehouse;

/** Promise 1: whatever ends at any instant, source and warehouse are equal in the end, row for row. */
class KilledReplicationIT {

    private static final int KILLS = Rounds.of(5, 60);
    private static final int TRANSACTIONS = Rounds.of(200, 2_500);

    @Test
    void sourceAndWarehouseAreEqualWhateverConnectionsEnd() throws Exception {
        Random random = new Random(11);
        try (SourceFixture fixture = new SourceFixture();
                Connection connection = fixture.source.connect()) {
            fixture.source.execute(RandomLoad.CREATE);
            new RandomLoad(connection, random).run(100);
            fixture.start();
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
                try {
                    new RandomLoad(connection, new Random(12)).run(TRANSACTIONS);
                } catch (java.sql.SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            for (int kill = 0; kill < KILLS; kill++) {
                LockSupport.parkNanos((200L + random.nextInt(1_500)) * 1_000_000L);
                SourceFixture.endConnections(random.nextBoolean() ? fixture.source : fixture.target);
                assertThat(fixture.target.value(
                                "select 1 from meta.offsets o join pg_replication_slots s on s.slot_name = ?"
                                        + " where o.source = ? and s.confirmed_flush_lsn > (position ->> 'lsn')::pg_lsn",
                                fixture.slot(),
                                SourceFixture.NAME))
                        .as("the source forgets nothing that is not applied")
                        .isNull();
            }
            load.join();
            fixture.await();
            RandomLoad.TABLES.forEach(fixture::assertEqual);
            assertThat(fixture.target.rows(
                            "select source_table, reason from meta.replicated_tables where state = 'parked'"))
                    .isEmpty();
            assertThat(fixture.target.rows("select target, reason from meta.rejects"))
                    .isEmpty();
        }
    }

    @Test
    void anotherProcessTakesOver() throws Exception {
        try (SourceFixture fixture = new SourceFixture();
                Connection connection = fixture.source.connect();
                Warehouse other = Warehouse.open(fixture.target.settings())) {
            fixture.source.execute(RandomLoad.CREATE);
            new RandomLoad(connection, new Random(13)).run(50);
            fixture.start();
            fixture.await();
            try (Replication second =
                    new Replication(other, fixture.plan(ChunkWriter.RefusedRow.PARK_ROW), ChangeBatch::apply)) {
                second.start();
                new RandomLoad(connection, new Random(14)).run(50);
                fixture.await();
                fixture.stop();
                new RandomLoad(connection, new Random(15)).run(50);
                fixture.await();
                RandomLoad.TABLES.forEach(fixture::assertEqual);
                assertThat(fixture.target.number(
                                "select count(distinct owner) from meta.leases where source = ?", SourceFixture.NAME))
                        .isEqualTo(1);
            }
            Waiting.soon()
                    .until(() -> fixture.target.number(
                                    "select count(*) from meta.runs where source = ? and kind = 'replicate'",
                                    SourceFixture.NAME)
                            >= 2);
        }
    }

    @Test
    void aFirstCopyGoesOnWhereItWas() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("""
                    create table parts (a int, b text, filler text, primary key (a, b));
                    insert into parts select i % 7, 'b' || i, repeat('x', 50) from generate_series(1, 170000) i""");
            fixture.start();
            Waiting.soon()
                    .until(() ->
                            fixture.target.number("select count(*) from meta.copy_ranges where done_at is not null")
                                    > 0);
            SourceFixture.endConnections(fixture.source);
            fixture.source.execute(
                    "update parts set a = 9 where b in ('b5', 'b170000'); delete from parts where b = 'b7'");
            fixture.await();
            fixture.assertEqual("parts");
            assertThat(fixture.target.number("select count(*) from meta.copy_ranges"))
                    .isZero();
        }
    }

    @Test
    void aProcessIsKilled(@TempDir Path folder) throws Exception {
        try (SourceFixture fixture = new SourceFixture();
                Connection connection = fixture.source.connect()) {
            fixture.source.execute(RandomLoad.CREATE);
            ProjectFolder.copyTo(folder, "routes/kamelets/replicate.kamelet.yaml", "routes/_errors.camel.yaml")
                    .write(
                            "routes/load/load-app.camel.yaml",
                            ReplicateRouteIT.ROUTE.formatted(fixture.slot(), fixture.slot()))
                    .write("mappings/app.yaml", "tables: ['public.%']\n");
            RandomLoad load = new RandomLoad(connection, new Random(16));
            for (int kill = 0; kill < Rounds.of(1, 20); kill++) {
                try (SeraiProcess serai = SeraiProcess.start(folder, ReplicateRouteIT.settings(fixture))) {
                    load.run(40);
                    fixture.await();
                    load.run(40);
                    serai.kill();
                }
            }
            try (SeraiProcess serai = SeraiProcess.start(folder, ReplicateRouteIT.settings(fixture))) {
                fixture.await();
                serai.requireAlive();
                RandomLoad.TABLES.forEach(fixture::assertEqual);
            }
        }
    }
}
