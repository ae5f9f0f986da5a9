package serai.load.replicate;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.load.CopyBuffer;
import serai.load.CopyStream;
import serai.load.replicate.mapping.SourceRow.Operation;
import serai.load.replicate.pgoutput.RowImage;
import serai.warehouse.RunOutcome;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.WatchedRows;
import serai.warehouse.Writer;

/**
 * Copies tables by ranges of their keys, over two connections, between batches of the log. Each range is one
 * transaction with its row in {@code meta.copy_ranges}, so that a restart repeats only the ranges it interrupted. No
 * changes are applied while a range is copied, and all that are applied later are applied over it: so a range is never
 * older than what it replaces.
 */
final class TableCopy implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TableCopy.class);
    private static final int CONNECTIONS = 2;
    private static final int ROWS_OF_CHUNK = 5_000;
    /** No range begins after this time, so that changes need not wait for long. */
    private static final Duration STEP = Duration.ofSeconds(2);

    private final Warehouse warehouse;
    private final ReplicationPlan plan;
    private final Writer writer;
    private final TableStates states;
    private final CopyRanges parts;
    /** Ranges whose query was ended at the source since it lasted too long. */
    private final Queue<CopyRanges.Range> overdue = new ConcurrentLinkedQueue<>();

    private volatile KeylessCopy keyless;
    private final List<Worker> workers = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);

    /** @param writer of the source */
    TableCopy(Warehouse warehouse, ReplicationPlan plan, Writer writer, TableStates states) {
        this.warehouse = warehouse;
        this.plan = plan;
        this.writer = writer;
        this.states = states;
        this.parts = new CopyRanges(plan, writer);
    }

    /** What a thread copies with. */
    private record Worker(Writer writer, Connection source, SourceRows rows) {}

    /**
     * Copies some ranges of the tables that are to be copied.
     *
     * @return whether a table is copied now
     */
    boolean step(List<ReplicatedTable> tables) throws Exception {
        long end = System.nanoTime() + STEP.toNanos();
        Queue<CopyRanges.Range> ranges = new ConcurrentLinkedQueue<>();
        boolean finished = keyless(tables, end);
        List<ReplicatedTable> copying = tables.stream()
                .filter(table -> states.isCopying(table.source()) && !table.isKeyless())
                .toList();
        for (ReplicatedTable table : copying) {
            ranges.addAll(parts.of(table));
            if (System.nanoTime() > end) {
                break;
            }
        }
        copy(ranges, end);
        for (CopyRanges.Range range = overdue.poll(); range != null; range = overdue.poll()) {
            parts.divide(range);
        }
        for (ReplicatedTable table : copying) {
            if (parts.areDone(table)) {
                finish(table);
                finished = true;
            }
        }
        return finished;
    }

    /** Copies parts of one table without a key. */
    private boolean keyless(List<ReplicatedTable> tables, long end) throws Exception {
        if (keyless == null) {
            ReplicatedTable next = tables.stream()
                    .filter(table -> states.isCopying(table.source()) && table.isKeyless())
                    .findFirst()
                    .orElse(null);
            keyless = next == null ? null : new KeylessCopy(plan, writer, states, next);
        }
        if (keyless == null || keyless.step(end)) {
            return false;
        }
        keyless.close();
        keyless = null;
        return true;
    }

    private void finish(ReplicatedTable table) throws Exception {
        String copiedTo;
        try (Connection source = plan.database().connect()) {
            copiedTo = plan.database().rows(source).position();
        }
        writer.commitWithState(tx -> {
            if (states.isCopying(table.source())) {
                if (states.of(table.source()) == TableStates.State.COPYING) {
                    WatchedRows.all(tx.sql(), table.target());
                }
                states.copied(tx.sql(), table, copiedTo);
            }
            CopyRanges.forget(tx, table);
            return RunOutcome.ok();
        });
        LOG.info("source={} table={} It is copied.", plan.source(), table);
    }

    private void copy(Queue<CopyRanges.Range> ranges, long end) throws Exception {
        for (int i = workers.size(); i < Math.min(CONNECTIONS, ranges.size()); i++) {
            Writer own = warehouse.writer(plan.source() + ":copy-" + (i + 1));
            try {
                Connection source = plan.database().connect();
                workers.add(new Worker(own, source, plan.database().rows(source)));
            } catch (SQLException e) {
                own.close();
                throw e;
            }
        }
        try {
            List<Callable<Void>> work = new ArrayList<>();
            workers.forEach(worker -> work.add(() -> work(worker, ranges, end)));
            for (Future<Void> done : threads.invokeAll(work)) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            // what a worker has begun is finished or rolled back by itself
            ranges.clear();
        }
    }

    private Void work(Worker worker, Queue<CopyRanges.Range> ranges, long end) throws Exception {
        try {
            for (CopyRanges.Range range = ranges.poll();
                    range != null && System.nanoTime() < end;
                    range = ranges.poll()) {
                CopyRanges.Range next = range;
                plan.database().limitQueries(worker.source(), next.limit(plan.queryLimit()));
                worker.writer().commitWithState(tx -> copyInTime(tx, worker.rows(), next));
            }
            return null;
        } catch (Exception e) {
            // the other worker ends, too
            ranges.clear();
            throw e;
        }
    }

    /** Ends its queries at the source. */
    void abort() {
        KeylessCopy other = keyless;
        if (other != null) {
            other.abort();
        }
        for (Worker worker : workers) {
            try {
                worker.source().abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("source={} A connection was lost: {}", plan.source(), e.getMessage());
            }
        }
    }

    @Override
    public void close() throws SQLException {
        threads.shutdownNow();
        if (keyless != null) {
            keyless.close();
        }
        for (Worker worker : workers) {
            worker.writer().close();
            worker.source().close();
        }
    }

    /** A range that takes too long at the source is rolled back, and divided later. */
    private RunOutcome copyInTime(Transaction tx, SourceRows source, CopyRanges.Range range) throws SQLException {
        try {
            return copy(tx, source, range);
        } catch (SQLException e) {
            if (!plan.database().isCanceled(e) || !range.isLimited()) {
                throw e;
            }
            overdue.add(range);
            return RunOutcome.unchanged();
        }
    }

    private RunOutcome copy(Transaction tx, SourceRows source, CopyRanges.Range range) throws SQLException {
        long mine = tx.sql()
                .update(
                        "update meta.copy_ranges set done_at = clock_timestamp()"
                                + " where source = ? and source_table = ? and number = ? and done_at is null",
                        plan.source(),
                        range.table().toString(),
                        range.number());
        if (mine == 0) {
            return RunOutcome.unchanged();
        }
        // its writer has only a part of the work of the source
        tx.actFor(plan.source());
        tx.sql().execute(PostgresDatabase.localTextFormats());
        if (!pipe(tx, source, range)) {
            change(tx, source, range);
        }
        return RunOutcome.ok();
    }

    /** False when the table has some of the rows already, or refuses one. */
    private boolean pipe(Transaction tx, SourceRows source, CopyRanges.Range range) throws SQLException {
        ReplicatedTable table = range.table();
        Savepoint before = tx.connection().setSavepoint();
        try (CopyStream to = new CopyStream(tx.verbs().copyIn(states.copy(table).sql(), table.names()))) {
            boolean copied =
                    table.isCopied() && source.lines(table, range.keys(), line -> to.row(line, 0, line.length - 1));
            if (!copied) {
                CopyBuffer out = new CopyBuffer();
                rows(source, range, source.position(), (own, row) -> {
                    out.startRow();
                    StagedChanges.writeValues(row, out);
                    to.row(out.bytes(), 0, out.length());
                });
            }
            to.end();
            return true;
        } catch (SQLException e) {
            if (!String.valueOf(e.getSQLState()).matches("(22|23|44|54|P0).*")) {
                throw e;
            }
            tx.connection().rollback(before);
            return false;
        }
    }

    /** Writes the rows as changes. */
    private void change(Transaction tx, SourceRows source, CopyRanges.Range range) throws SQLException {
        String lsn = source.position();
        ChunkWriter out = new ChunkWriter(tx, states, null, plan.refusedRow(), lsn);
        Chunk[] chunk = {new Chunk()};
        rows(source, range, lsn, (own, row) -> {
            chunk[0].put(own, TableChanges.UPSERT, row);
            if (chunk[0].changes() >= ROWS_OF_CHUNK || chunk[0].isFull()) {
                out.write(chunk[0]);
                chunk[0] = new Chunk();
            }
        });
        out.write(chunk[0]);
    }

    /** Takes rows of the target; each is valid until the next one. */
    private interface Rows {
        void take(ReplicatedTable table, RowImage row) throws SQLException;
    }

    /** The rows of a range as they arrive. */
    private static void rows(SourceRows source, CopyRanges.Range range, String lsn, Rows rows) throws SQLException {
        ReplicatedTable table = range.table();
        // of the copy's own, since another thread may make rows of the same table
        ReplicatedTable own = new ReplicatedTable(table.source(), table.plan(), table.target());
        RowImage projected = new RowImage();
        source.each(own, range.keys(), 0, row -> {
            ReplicatedTable.ImageRow image = new ReplicatedTable.ImageRow(row, Operation.INSERT, Instant.now(), lsn, 0);
            if (own.plan().selects(image)) {
                own.project(image, false, projected);
                rows.take(own, projected);
            }
        });
    }
}
