package serai.load.replicate;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import serai.load.replicate.mapping.SourceRow.Operation;
import serai.load.replicate.mapping.SourceTable;
import serai.load.replicate.mapping.TableRefusedException;
import serai.load.replicate.pgoutput.ChangeHandler;
import serai.load.replicate.pgoutput.PgOutputDecoder;
import serai.load.replicate.pgoutput.RowImage;
import serai.load.replicate.pgoutput.SourceRelation;
import serai.warehouse.Relation;

/** Reads the log of a source in a thread of its own, and makes chunks of it. */
final class LogReader implements ChangeHandler, AutoCloseable {

    /** Microseconds from 1970 to 2000, where PostgreSQL's times begin. */
    private static final long EPOCH_MICROS = 946_684_800_000_000L;

    /** Nanoseconds. */
    private static final long PAUSE = 1_000_000;

    private static final int LEAST_BETWEEN_PAUSES = 32;

    private final Connection connection;
    private final PGReplicationStream stream;
    private final TableCatalog catalog;
    private final ChunkQueue queue;
    private final Map<Integer, ReplicatedTable> tables = new HashMap<>();
    private final Map<String, ReplicatedTable> shapes = new HashMap<>();
    /** Tables whose shape was compared with that of the warehouse. */
    private final Set<String> compared = new HashSet<>();

    private final RowImage row = new RowImage();
    private final RowImage filled = new RowImage();
    private volatile boolean stopped;
    private Thread thread;
    private String commitLsn;
    private Instant committedAt;
    private long sequence;
    /** Messages since the last pause. */
    private int messages;

    private LogReader(Connection connection, PGReplicationStream stream, TableCatalog catalog, ChunkQueue queue) {
        this.connection = connection;
        this.stream = stream;
        this.catalog = catalog;
        this.queue = queue;
        catalog.tables().forEach(table -> shapes.put(table.toString(), table));
    }

    /**
     * Starts to read.
     *
     * @param connection for replication; closed with the reader
     * @param catalog used by the reading thread from now on
     */
    static LogReader start(
            Connection connection, String slot, String publication, long from, TableCatalog catalog, ChunkQueue queue)
            throws SQLException {
        PGReplicationStream stream = connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(slot)
                .withStartPosition(LogSequenceNumber.valueOf(from))
                .withStatusInterval(1, TimeUnit.SECONDS)
                // or the driver would acknowledge what was not applied
                .withAutomaticFlush(false)
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", Relation.quote(publication))
                .withSlotOption("messages", true)
                .start();
        LogReader reader = new LogReader(connection, stream, catalog, queue);
        reader.thread = new Thread(reader::run, "replicate-" + slot);
        reader.thread.setDaemon(true);
        reader.thread.start();
        return reader;
    }

    private void run() {
        PgOutputDecoder decoder = new PgOutputDecoder(this);
        Exception reason = new SQLException("the process is short of memory, or has an error");
        try {
            while (!stopped) {
                decoder.decode(next());
            }
        } catch (SQLException | InterruptedException | RuntimeException e) {
            reason = e;
        } finally {
            // also after an Error
            queue.fail(reason);
        }
    }

    /**
     * The next message. In a backlog, a reader that is faster than the source lets some messages gather: the source
     * spends much of its time on waking a reader that waits for each of them.
     */
    private ByteBuffer next() throws SQLException {
        messages++;
        if (messages >= LEAST_BETWEEN_PAUSES && ChunkQueue.isOld(committedAt)) {
            ByteBuffer message = stream.readPending();
            if (message != null) {
                return message;
            }
            messages = 0;
            LockSupport.parkNanos(PAUSE);
        }
        return stream.read();
    }

    /** All changes up to here were received. */
    long receivedLsn() {
        return stream.getLastReceiveLSN().asLong();
    }

    /** The source need not keep the log before this position. */
    void acknowledge(long lsn) {
        LogSequenceNumber applied = LogSequenceNumber.valueOf(lsn);
        stream.setAppliedLSN(applied);
        stream.setFlushedLSN(applied);
    }

    private void keepAlive() throws SQLException {
        stream.forceUpdateStatus();
    }

    @Override
    public void begin(long lsn, long micros, int xid) {
        commitLsn = LogPosition.text(lsn);
        committedAt = time(micros);
        sequence = 0;
        queue.begin(xid);
    }

    private static Instant time(long micros) {
        long since1970 = EPOCH_MICROS + micros;
        return Instant.ofEpochSecond(
                Math.floorDiv(since1970, 1_000_000L), Math.floorMod(since1970, 1_000_000L) * 1_000);
    }

    @Override
    public void commit(long endLsn, long micros) throws SQLException, InterruptedException {
        queue.commit(endLsn, time(micros), this::keepAlive);
    }

    @Override
    public void relation(SourceRelation relation) throws SQLException, InterruptedException {
        tables.remove(relation.id());
        try {
            Optional<ReplicatedTable> table = catalog.of(relation);
            if (table.isEmpty()) {
                return;
            }
            ReplicatedTable known = shapes.get(relation.toString());
            List<String> exposed = known == null ? List.of() : catalog.exposed(known, table.get());
            if (!exposed.isEmpty()) {
                throw new IllegalArgumentException("its columns " + exposed + " were renamed, and a rule protected them"
                        + " under the old names. Name them in the mapping.");
            }
            shapes.put(relation.toString(), table.get());
            tables.put(relation.id(), table.get());
            // the first one of a session with the warehouse's table, which may be older than the source's catalog
            if (compared.add(relation.toString()) || known == null || !known.hasSameShape(table.get())) {
                List<String> withDefault = catalog.withDefault(table.get());
                List<String> anew =
                        known == null ? List.of() : table.get().source().columnsMadeAnew(known.source());
                barrier(writer -> writer.reshape(table.get(), withDefault, !anew.isEmpty()));
            }
        } catch (TableRefusedException | IllegalArgumentException e) {
            SourceTable table = catalog.describe(relation);
            barrier(writer -> writer.park(table, e.getMessage()));
        }
    }

    private void barrier(Chunk.Barrier barrier) throws SQLException, InterruptedException {
        queue.current().barrier(barrier);
        queue.slice(this::keepAlive);
    }

    private void put(ReplicatedTable table, byte operation, RowImage image, Operation what)
            throws SQLException, InterruptedException {
        ReplicatedTable.ImageRow source = new ReplicatedTable.ImageRow(image, what, committedAt, commitLsn, ++sequence);
        byte change = operation;
        if (operation == TableChanges.UPSERT && table.plan().isIncomplete(source)) {
            change = TableChanges.REREAD;
        } else if (operation == TableChanges.UPSERT && !table.plan().selects(source)) {
            change = TableChanges.DELETE;
        }
        boolean kept = what == Operation.DELETE && table.plan().keepsDeleted();
        if (kept) {
            table.projectDeletion(source, row);
            queue.current().put(table, TableChanges.KEEP, row);
        }
        table.project(source, change != TableChanges.UPSERT, row);
        if (!kept) {
            queue.current().put(table, change, row);
        }
        if (table.plan().history()) {
            boolean gone = change == TableChanges.DELETE;
            queue.current().version(table, event(gone ? Operation.DELETE : what, change == TableChanges.REREAD), row);
        }
        if (queue.current().isFullOfOne()) {
            queue.slice(this::keepAlive);
        }
    }

    @Override
    public void insert(SourceRelation relation, RowImage image) throws SQLException, InterruptedException {
        ReplicatedTable table = tables.get(relation.id());
        if (table != null) {
            put(table, TableChanges.UPSERT, image, Operation.INSERT);
        }
    }

    @Override
    public void update(SourceRelation relation, RowImage old, boolean whole, RowImage image)
            throws SQLException, InterruptedException {
        ReplicatedTable table = tables.get(relation.id());
        if (table == null) {
            return;
        }
        RowImage present = whole && image.hasUnchanged() ? fill(old, image) : image;
        if (old == null || !isMoved(table, old, present)) {
            put(table, TableChanges.UPSERT, present, Operation.UPDATE);
        } else if (present.hasUnchanged() && !isIncomplete(table, present)) {
            move(table, old, present);
        } else {
            put(table, TableChanges.DELETE, old, Operation.UPDATE);
            put(table, TableChanges.UPSERT, present, Operation.UPDATE);
        }
    }

    private RowVersions.Event event(Operation what, boolean incomplete) {
        return new RowVersions.Event(
                what.name().toLowerCase(Locale.ROOT), incomplete, committedAt, commitLsn, sequence);
    }

    private boolean isIncomplete(ReplicatedTable table, RowImage image) {
        return table.plan()
                .isIncomplete(new ReplicatedTable.ImageRow(image, Operation.UPDATE, committedAt, commitLsn, sequence));
    }

    /** The new row, with values that were not sent from the old one; both are slices of one message. */
    private RowImage fill(RowImage old, RowImage image) {
        filled.start(image.bytes());
        for (int i = 0; i < image.size(); i++) {
            RowImage from = image.kind(i) == RowImage.UNCHANGED ? old : image;
            filled.add(from.kind(i), from.offset(i), from.length(i));
        }
        return filled;
    }

    /** Old keys are sent also when they did not change. */
    private static boolean isMoved(ReplicatedTable table, RowImage old, RowImage image) {
        for (int place : table.key()) {
            for (int column : table.plan().columns().get(place).reads()) {
                if (image.kind(column) == RowImage.TEXT && !Objects.equals(old.text(column), image.text(column))) {
                    return true;
                }
            }
        }
        return false;
    }

    private void move(ReplicatedTable table, RowImage old, RowImage image) throws SQLException, InterruptedException {
        ReplicatedTable.ImageRow source =
                new ReplicatedTable.ImageRow(image, Operation.UPDATE, committedAt, commitLsn, ++sequence);
        if (!table.plan().selects(source)) {
            put(table, TableChanges.DELETE, old, Operation.UPDATE);
            return;
        }
        TableChanges before = new TableChanges(table);
        table.project(new ReplicatedTable.ImageRow(old, Operation.DELETE, committedAt, commitLsn, sequence), true, row);
        before.put(TableChanges.DELETE, row);
        RowVersions versions = new RowVersions(table);
        versions.add(event(Operation.DELETE, false), row);
        sequence++;
        TableChanges after = new TableChanges(table);
        table.project(source, false, row);
        // the row at the old key may be another one, which a copy ahead of the log has brought
        after.put(table.canBeReadAgain() ? TableChanges.REREAD : TableChanges.UPSERT, row);
        versions.add(event(Operation.UPDATE, false), row);
        barrier(writer -> writer.move(before, after, versions));
    }

    @Override
    public void delete(SourceRelation relation, RowImage old, boolean whole) throws SQLException, InterruptedException {
        ReplicatedTable table = tables.get(relation.id());
        if (table != null) {
            put(table, TableChanges.DELETE, old, Operation.DELETE);
        }
    }

    @Override
    public void truncate(List<SourceRelation> relations) throws SQLException, InterruptedException {
        List<ReplicatedTable> truncated = new ArrayList<>();
        for (SourceRelation relation : relations) {
            if (tables.containsKey(relation.id())) {
                truncated.add(tables.get(relation.id()));
            }
        }
        if (!truncated.isEmpty()) {
            RowVersions.Event event = new RowVersions.Event("truncate", false, committedAt, commitLsn, ++sequence);
            barrier(writer -> writer.truncate(truncated, event));
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        queue.close();
        try {
            // a stream that is closed waits for its server
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // it is gone
        }
        thread.join();
    }
}
