package serai.load.replicate;

import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.load.CopyBuffer;
import serai.load.CopyStream;
import serai.load.replicate.mapping.SourceRow.Operation;
import serai.load.replicate.pgoutput.RowImage;
import serai.warehouse.RunOutcome;
import serai.warehouse.Transaction;
import serai.warehouse.Writer;

/** Copies a table without a key, beside itself, in parts. What interrupts it makes it begin anew. */
final class KeylessCopy implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KeylessCopy.class);

    private final ReplicationPlan plan;
    private final Writer writer;
    private final TableStates states;
    private final ReplicatedTable table;
    private final TableSnapshot snapshot;
    private CompletableFuture<Void> taken;

    KeylessCopy(ReplicationPlan plan, Writer writer, TableStates states, ReplicatedTable table) throws SQLException {
        this.plan = plan;
        this.writer = writer;
        this.states = states;
        // of the copy's own, since another thread may make rows of the same table
        this.table = new ReplicatedTable(table.source(), table.plan(), table.target());
        this.snapshot = plan.database().snapshot(table, plan.slot());
    }

    /**
     * Copies some parts.
     *
     * @param end when no other part is begun, by {@link System#nanoTime}
     * @return false when it has ended, or has to begin anew
     */
    boolean step(long end) throws Exception {
        if (taken == null) {
            begin();
            return true;
        }
        if (!taken.isDone()) {
            return true;
        }
        try {
            taken.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
        while (System.nanoTime() < end) {
            if (!part()) {
                LOG.info("source={} table={} Its copy begins anew.", plan.source(), table);
                return false;
            }
            if (snapshot.isRead()) {
                return !finish();
            }
        }
        return true;
    }

    /** What changes from now on is kept, then the instant is chosen. */
    private void begin() throws Exception {
        writer.commitWithState(tx -> {
            new KeylessTable(tx, states, table).beginCopy();
            tx.sql()
                    .update(
                            "insert into meta.copy_ranges (source, source_table, number, after, up_to)"
                                    + " values (?, ?, 0, '{}', '{}')",
                            plan.source(),
                            table.toString());
            return RunOutcome.ok();
        });
        taken = CompletableFuture.runAsync(() -> {
            try {
                snapshot.take();
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        });
    }

    /** False when somebody had the table copied from its beginning. */
    private boolean isWanted(Transaction tx) throws SQLException {
        return tx.sql()
                .first(
                        "select 1 from meta.copy_ranges where source = ? and source_table = ?",
                        row -> true,
                        plan.source(),
                        table.toString())
                .isPresent();
    }

    /** False when the copy is not wanted any more. */
    private boolean part() throws Exception {
        boolean[] wanted = {false};
        writer.commitWithState(tx -> {
            wanted[0] = isWanted(tx);
            if (!wanted[0]) {
                return RunOutcome.unchanged();
            }
            tx.sql().execute(PostgresDatabase.localTextFormats());
            String shadow = TableStates.shadow(table.target()).sql();
            try (CopyStream to = new CopyStream(tx.verbs().copyIn(shadow, table.names()))) {
                if (!snapshot.next(plan.queryLimit(), rows(to))) {
                    return RunOutcome.unchanged();
                }
                to.end();
            }
            return RunOutcome.ok();
        });
        return wanted[0];
    }

    private SourceRows.RowWork rows(CopyStream to) {
        RowImage projected = new RowImage();
        CopyBuffer out = new CopyBuffer();
        return row -> {
            ReplicatedTable.ImageRow image =
                    new ReplicatedTable.ImageRow(row, Operation.INSERT, Instant.now(), snapshot.lsn(), 0);
            if (table.plan().selects(image)) {
                table.project(image, false, projected);
                out.startRow();
                StagedChanges.writeValues(projected, out);
                to.row(out.bytes(), 0, out.length());
            }
        };
    }

    private boolean finish() throws Exception {
        RunOutcome outcome = writer.commitWithState(tx -> {
            if (!isWanted(tx)) {
                return RunOutcome.unchanged();
            }
            tx.sql().execute(PostgresDatabase.localTextFormats());
            new ChunkWriter(tx, states, null, plan.refusedRow(), snapshot.lsn())
                    .writeOrPark(table, () -> new KeylessTable(tx, states, table).settle(snapshot.lsn()));
            return RunOutcome.ok();
        });
        LOG.info("source={} table={} It is copied.", plan.source(), table);
        return outcome.status() == RunOutcome.Status.OK;
    }

    /** Ends what may wait at the source. */
    void abort() {
        snapshot.abort();
    }

    @Override
    public void close() throws SQLException {
        snapshot.close();
    }
}
