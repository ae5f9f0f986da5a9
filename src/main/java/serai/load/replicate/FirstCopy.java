package serai.load.replicate;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.load.CopyStream;
import serai.load.replicate.mapping.SourceColumn;
import serai.load.replicate.mapping.SourceRow.Operation;
import serai.load.replicate.pgoutput.RowImage;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.WatchedRows;
import serai.warehouse.Writer;

/**
 * Copies tables by ranges of their keys, over two connections. Each range is one transaction with its row in
 * {@code meta.copy_ranges}, so that a restart repeats only the ranges it interrupted. Rows that change meanwhile are
 * brought by the log, which is kept from before the first range on.
 */
final class FirstCopy {

    private static final Logger LOG = LoggerFactory.getLogger(FirstCopy.class);
    private static final int CONNECTIONS = 2;
    private static final int ROWS_OF_RANGE = 50_000;
    private static final int ROWS_OF_CHUNK = 5_000;

    private final Warehouse warehouse;
    private final ReplicationPlan plan;
    private final Writer writer;

    /** @param writer of the source */
    FirstCopy(Warehouse warehouse, ReplicationPlan plan, Writer writer) {
        this.warehouse = warehouse;
        this.plan = plan;
        this.writer = writer;
    }

    /** A part of a table: keys are texts, empty where it is open. */
    private record Range(ReplicatedTable table, int number, List<String> after, List<String> upTo) {

        String condition() {
            String key = "(" + String.join(", ", table.sourceKey()) + ")";
            List<String> conditions = new ArrayList<>();
            if (!after.isEmpty()) {
                conditions.add(key + " > " + literals(after));
            }
            if (!upTo.isEmpty()) {
                conditions.add(key + " <= " + literals(upTo));
            }
            return conditions.isEmpty() ? "true" : String.join(" and ", conditions);
        }

        private static String literals(List<String> key) {
            return key.stream().map(Sql::literal).collect(Collectors.joining(", ", "(", ")"));
        }

        String from() {
            return " from " + table.source().sql() + " where " + condition();
        }
    }

    /** Copies what is not copied yet of the tables whose state is {@code copying}. */
    void run(List<ReplicatedTable> tables, TableStates states) throws Exception {
        ConcurrentLinkedQueue<Range> ranges = new ConcurrentLinkedQueue<>();
        List<ReplicatedTable> copied = new ArrayList<>();
        for (ReplicatedTable table : tables) {
            if (states.of(table.source()) == TableStates.State.COPYING) {
                ranges.addAll(ranges(table));
                copied.add(table);
            }
        }
        if (copied.isEmpty()) {
            return;
        }
        LOG.info("source={} Copying {} tables, {} ranges.", plan.source(), copied.size(), ranges.size());
        copy(ranges, states);
        String copiedTo;
        try (Connection source = plan.database().connect()) {
            copiedTo = Sql.on(source)
                    .first("select pg_current_wal_insert_lsn()::text as lsn", row -> row.text("lsn"))
                    .orElseThrow();
        }
        writer.commitWithState(tx -> {
            for (ReplicatedTable table : copied) {
                if (!states.isParked(table.source())) {
                    states.set(tx.sql(), table, TableStates.State.CATCHING_UP, copiedTo);
                    WatchedRows.all(tx.sql(), table.target());
                }
                tx.sql()
                        .update(
                                "delete from meta.copy_ranges where source = ? and source_table = ?",
                                plan.source(),
                                table.toString());
            }
            return RunOutcome.ok();
        });
    }

    private List<Range> ranges(ReplicatedTable table) throws Exception {
        if (writer.read(sql -> read(sql, table)).isEmpty()) {
            List<Range> made = divide(table);
            writer.commitWithState(tx -> {
                for (Range range : made) {
                    tx.sql()
                            .update(
                                    "insert into meta.copy_ranges (source, source_table, number, after, up_to)"
                                            + " values (?, ?, ?, ?::text[], ?::text[])",
                                    plan.source(),
                                    table.toString(),
                                    range.number(),
                                    range.after(),
                                    range.upTo());
                }
                return RunOutcome.ok();
            });
        }
        return writer.read(sql -> read(sql, table)).stream()
                .filter(range -> range.number() >= 0)
                .toList();
    }

    /** The ranges of a table; those that are done have the number -1. */
    private List<Range> read(Sql sql, ReplicatedTable table) throws SQLException {
        return sql.list(
                "select case when done_at is null then number else -1 end as number, after, up_to from meta.copy_ranges"
                        + " where source = ? and source_table = ? order by number",
                row -> new Range(table, (int) row.number("number"), row.texts("after"), row.texts("up_to")),
                plan.source(),
                table.toString());
    }

    private List<Range> divide(ReplicatedTable table) throws SQLException {
        String key = String.join(", ", table.sourceKey());
        String texts = "array[" + String.join("::text, ", table.sourceKey()) + "::text]";
        List<Range> ranges = new ArrayList<>();
        try (Connection source = plan.database().connect()) {
            List<String> after = List.of();
            while (true) {
                List<String> upTo = Sql.on(source)
                        .first(
                                "select " + texts + " as key" + new Range(table, 0, after, List.of()).from()
                                        + " order by " + key + " offset " + (ROWS_OF_RANGE - 1) + " limit 1",
                                row -> row.texts("key"))
                        .orElse(List.of());
                ranges.add(new Range(table, ranges.size(), after, upTo));
                if (upTo.isEmpty()) {
                    return ranges;
                }
                after = upTo;
            }
        }
    }

    private void copy(ConcurrentLinkedQueue<Range> ranges, TableStates states) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            List<Callable<Void>> workers = new ArrayList<>();
            for (int i = 1; i <= Math.min(CONNECTIONS, ranges.size()); i++) {
                String name = plan.source() + ":copy-" + i;
                workers.add(() -> work(name, ranges, states));
            }
            for (Future<Void> worker : threads.invokeAll(workers)) {
                worker.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            // what a worker has begun is finished or rolled back by itself
            ranges.clear();
            threads.shutdownNow();
        }
    }

    private Void work(String name, ConcurrentLinkedQueue<Range> ranges, TableStates states) throws Exception {
        try (Writer own = warehouse.writer(name);
                Connection source = plan.database().connect()) {
            for (Range range = ranges.poll(); range != null; range = ranges.poll()) {
                Range next = range;
                own.commitWithState(tx -> copy(tx, source, next, states));
            }
            return null;
        } catch (Exception e) {
            // the other worker ends, too
            ranges.clear();
            throw e;
        }
    }

    private RunOutcome copy(Transaction tx, Connection source, Range range, TableStates states)
            throws SQLException, InterruptedException {
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
        tx.sql().execute(SourceDatabase.localTextFormats());
        if (!range.table().isCopied() || !pipe(tx, source, range)) {
            change(tx, source, range, states);
        }
        return RunOutcome.ok();
    }

    /** False when the table has some of the rows already, or refuses one. */
    private static boolean pipe(Transaction tx, Connection source, Range range) throws SQLException {
        List<String> columns = range.table().plan().columns().stream()
                .map(column -> Relation.quote(
                        range.table().source().columns().get(column.source()).name()))
                .toList();
        Savepoint before = tx.connection().setSavepoint();
        CopyOut from = copyOut(source, "select " + String.join(", ", columns) + range.from());
        try (CopyStream to = new CopyStream(
                tx.verbs().copyIn(range.table().target().sql(), range.table().names()))) {
            for (byte[] line = from.readFromCopy(); line != null; line = from.readFromCopy()) {
                to.row(line, 0, line.length - 1);
            }
            to.end();
            return true;
        } catch (SQLException e) {
            if (from.isActive()) {
                from.cancelCopy();
            }
            if (!String.valueOf(e.getSQLState()).matches("(22|23|44|54|P0).*")) {
                throw e;
            }
            tx.connection().rollback(before);
            return false;
        }
    }

    /** Writes the rows as changes. */
    private void change(Transaction tx, Connection source, Range range, TableStates states) throws SQLException {
        ReplicatedTable table = range.table();
        List<SourceColumn> columns = table.source().columns();
        String selected = IntStream.range(0, columns.size())
                .mapToObj(i -> table.plan().reads().contains(i)
                        ? Relation.quote(columns.get(i).name())
                        : "null")
                .collect(Collectors.joining(", "));
        String lsn = Sql.on(source)
                .first("select pg_current_wal_insert_lsn()::text as lsn", row -> row.text("lsn"))
                .orElseThrow();
        ChunkWriter out = new ChunkWriter(tx, states, null, plan.refusedRow(), lsn);
        CopiedLine reader = new CopiedLine();
        RowImage row = new RowImage();
        // of the plan's own, since another thread may make rows of the same table
        ReplicatedTable own = new ReplicatedTable(table.source(), table.plan(), table.target());
        Chunk chunk = new Chunk();
        CopyOut from = copyOut(source, "select " + selected + range.from());
        try {
            for (byte[] line = from.readFromCopy(); line != null; line = from.readFromCopy()) {
                ReplicatedTable.ImageRow image =
                        new ReplicatedTable.ImageRow(reader.read(line), Operation.INSERT, Instant.now(), lsn, 0);
                if (table.plan().selects(image)) {
                    own.project(image, false, row);
                    chunk.put(own, TableChanges.UPSERT, row);
                }
                if (chunk.changes() >= ROWS_OF_CHUNK || chunk.isFull()) {
                    out.write(chunk);
                    chunk = new Chunk();
                }
            }
        } finally {
            if (from.isActive()) {
                from.cancelCopy();
            }
        }
        out.write(chunk);
    }

    private static CopyOut copyOut(Connection source, String select) throws SQLException {
        return source.unwrap(PGConnection.class).getCopyAPI().copyOut("copy (" + select + ") to stdout");
    }
}
