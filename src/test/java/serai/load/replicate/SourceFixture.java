package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import serai.load.replicate.mapping.PlainPlans;
import serai.testing.TestDatabase;
import serai.testing.Waiting;
import serai.warehouse.Warehouse;

/** A source and a warehouse on the test server, and a replication from one to the other. */
final class SourceFixture implements AutoCloseable {

    static final String NAME = "load-app";

    private static final List<String> AUDIT = List.of("created_date", "created_by");

    final TestDatabase source = TestDatabase.empty();
    final TestDatabase target = new TestDatabase();
    private final String slot = source.value("select 'serai_' || current_database()");
    private Replication replication;

    ReplicationPlan plan(ChunkWriter.RefusedRow policy) {
        return plan(policy, OnLostPosition.STOP);
    }

    ReplicationPlan plan(ChunkWriter.RefusedRow policy, OnLostPosition lost) {
        return plan(PlainPlans::plan, policy, lost, Duration.ofSeconds(5));
    }

    ReplicationPlan plan(TableCatalog.Planner mapping) {
        return plan(mapping, ChunkWriter.RefusedRow.PARK_ROW, OnLostPosition.STOP, Duration.ofSeconds(5));
    }

    ReplicationPlan historyPlan() {
        return plan(PlainPlans::withHistory);
    }

    /** Queries of a copy last very shortly, so that its ranges are divided. */
    ReplicationPlan impatientPlan() {
        return plan(PlainPlans::plan, ChunkWriter.RefusedRow.PARK_ROW, OnLostPosition.STOP, Duration.ofMillis(10));
    }

    private ReplicationPlan plan(
            TableCatalog.Planner mapping, ChunkWriter.RefusedRow policy, OnLostPosition lost, Duration queryLimit) {
        return new ReplicationPlan(
                NAME,
                database(),
                mapping,
                slot,
                slot,
                policy,
                lost,
                queryLimit,
                10_000_000_000L,
                AUDIT,
                Duration.ZERO,
                100_000);
    }

    SourceDatabase database() {
        String[] parts = source.url().split("[?&]user=|&password=");
        return SourceDatabase.of(parts[0], parts[1], parts[2]);
    }

    String slot() {
        return slot;
    }

    void start() {
        start(target.warehouse(), plan(ChunkWriter.RefusedRow.PARK_ROW));
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

    /** Waits until all that was committed at the source is applied. */
    void await() {
        String now = source.value("select pg_current_wal_insert_lsn()::text");
        // the position moves on with a commit
        source.execute("select pg_logical_emit_message(true, 'test', '')");
        Waiting.soon()
                .until(() -> target.value(
                                "select 1 from meta.offsets where source = ? and (position ->> 'lsn')::pg_lsn >= ?::pg_lsn"
                                        + " and not exists (select from meta.replicated_tables where state = 'copying')",
                                NAME,
                                now)
                        != null);
    }

    /** Compares a table of both databases, row for row, as texts. */
    void assertEqual(String table) {
        assertEqual("", table);
    }

    /** @param only the word that leaves out rows of tables that inherit from it, or empty */
    void assertEqual(String only, String table) {
        String columns = String.join(
                ", ",
                source.rows(
                        "select quote_ident(attname) || '::text' from pg_attribute where attrelid = ?::regclass"
                                + " and attnum > 0 and not attisdropped and attgenerated = '' order by attnum",
                        "public." + table));
        List<String> expected = new ArrayList<>(source.rows("select " + columns + " from " + only + "public." + table));
        List<String> found = new ArrayList<>(target.rows("select " + columns + " from app." + table));
        // compared as sets of rows, since texts have no order that both know
        Collections.sort(expected);
        Collections.sort(found);
        assertThat(found).as("rows of " + table).isEqualTo(expected);
    }

    /** Ends the connections of Serai to a database, as a server or a network that fails does. */
    static void endConnections(TestDatabase database) {
        database.rows("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                + " and application_name like 'serai%' and pid <> pg_backend_pid()");
    }

    /** The state of a table, with the reason. */
    String state(String table) {
        return target.value(
                "select state || coalesce(': ' || reason, '') from meta.replicated_tables where source_table = ?",
                "public." + table);
    }

    void awaitState(String table, String state) {
        Waiting.soon().until(() -> state(table), found -> found != null && found.startsWith(state));
    }

    /** Waits for the error of the last run. */
    void awaitFailure(String text) {
        Waiting.soon()
                .until(
                        () -> target.value(
                                "select error from meta.runs where source = ? and status = 'failed'"
                                        + " order by run_id desc limit 1",
                                NAME),
                        found -> found != null && found.contains(text));
    }

    @Override
    public void close() throws Exception {
        stop();
        if (source.value("select 1 from pg_replication_slots where slot_name = ?", slot) != null) {
            Waiting.soon()
                    .until(() -> source.value("select 1 from pg_replication_slots where slot_name = ? and active", slot)
                            == null);
            source.execute("select pg_drop_replication_slot('" + slot + "')");
        }
        source.close();
        target.close();
    }
}
