package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import serai.load.replicate.mapping.PlainPlans;
import serai.load.replicate.mariadb.BinlogPosition;
import serai.testing.TestDatabase;
import serai.testing.TestMariaDb;
import serai.testing.Waiting;
import serai.warehouse.Warehouse;

/** A database of MariaDB and a warehouse, and a replication from one to the other. */
final class MariaDbFixture implements AutoCloseable {

    static final String NAME = "load-shop";

    final TestMariaDb source = new TestMariaDb();
    final TestDatabase target = new TestDatabase();
    private SourceDatabase database = SourceDatabase.of(source.url(), TestMariaDb.USER, TestMariaDb.PASSWORD);
    private Replication replication;

    ReplicationPlan plan() {
        return plan(OnLostPosition.STOP);
    }

    ReplicationPlan plan(OnLostPosition lost) {
        TableCatalog.Planner mapping =
                table -> table.schema().equals(source.name()) ? PlainPlans.plan(table) : Optional.empty();
        return new ReplicationPlan(
                NAME,
                database,
                mapping,
                null,
                null,
                ChunkWriter.RefusedRow.PARK_ROW,
                lost,
                Duration.ofSeconds(5),
                10_000_000_000L,
                List.of("created_date"),
                Duration.ZERO,
                100_000);
    }

    /** Follows the source with another login. */
    void use(SourceDatabase other) {
        database = other;
    }

    void start() {
        start(target.warehouse(), plan());
    }

    void start(Warehouse warehouse, ReplicationPlan plan) {
        replication = new Replication(warehouse, plan, ChangeBatch::apply);
        replication.start();
    }

    void stop() throws InterruptedException {
        if (replication != null) {
            replication.close();
            replication = null;
        }
    }

    /** Waits until all that was committed at the source is applied, and all tables are copied. */
    void await() {
        String[] end = source.rows("show master status").get(0).split("\\|");
        String now = LogPosition.text(BinlogPosition.of(end[0], Long.parseLong(end[1])));
        Waiting.soon()
                .until(() -> target.value(
                                "select 1 from meta.offsets where source = ? and (position ->> 'lsn')::pg_lsn >= ?::pg_lsn"
                                        + " and not exists (select from meta.replicated_tables where state in"
                                        + " ('copying', 'reloading') or reload_asked_at is not null)",
                                NAME,
                                now)
                        != null);
    }

    /** The state of a table, with the reason. */
    String state(String table) {
        return target.value(
                "select state || coalesce(': ' || reason, '') from meta.replicated_tables where source_table = ?",
                source.name() + "." + table);
    }

    /** Compares simple columns of a table of both databases, row for row. */
    void assertEqual(String table, String columns) {
        List<String> expected = new ArrayList<>(source.rows("select " + columns + " from " + table));
        List<String> found = new ArrayList<>(target.rows("select " + columns + " from app." + table));
        Collections.sort(expected);
        Collections.sort(found);
        assertThat(found).as("rows of " + table).isEqualTo(expected);
    }

    @Override
    public void close() throws Exception {
        stop();
        source.close();
        target.close();
    }
}
