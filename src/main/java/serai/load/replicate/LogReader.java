package serai.load.replicate;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import serai.load.replicate.mapping.SourceTable;
import serai.load.replicate.mapping.TableRefusedException;
import serai.load.replicate.pgoutput.ChangeHandler;
import serai.load.replicate.pgoutput.PgOutputDecoder;
import serai.load.replicate.pgoutput.RowImage;
import serai.load.replicate.pgoutput.SourceRelation;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/** Reads the log of a source in a thread of its own, and makes chunks of it. */
final class LogReader implements ChangeHandler, AutoCloseable {

    /** Microseconds from 1970 to 2000, where PostgreSQL's times begin. */
    private static final long EPOCH_MICROS = 946_684_800_000_000L;

    /** Nanoseconds. */
    private static final long PAUSE = 1_000_000;

    private static final int LEAST_BETWEEN_PAUSES = 32;

    private final Connection connection;
    private final PGReplicationStream stream;
    private final Connection lookups;
    private final TableCatalog catalog;
    private final ChunkQueue queue;
    private final LogChanges changes;
    private final Map<Integer, ReplicatedTable> tables = new HashMap<>();
    private volatile boolean stopped;
    private Thread thread;
    /** Messages since the last pause. */
    private int messages;

    private LogReader(
            Connection connection,
            PGReplicationStream stream,
            Connection lookups,
            TableCatalog catalog,
            ChunkQueue queue) {
        this.connection = connection;
        this.stream = stream;
        this.lookups = lookups;
        this.catalog = catalog;
        this.queue = queue;
        this.changes = new LogChanges(catalog, queue, this::keepAlive);
    }

    /**
     * Starts to read.
     *
     * @param connection for replication; closed with the reader
     * @param lookups for queries of the reading thread
     * @param catalog used by the reading thread from now on
     */
    static LogReader start(
            Connection connection,
            String slot,
            List<String> publications,
            long from,
            Connection lookups,
            TableCatalog catalog,
            ChunkQueue queue)
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
                .withSlotOption(
                        "publication_names",
                        publications.stream().map(Relation::quote).collect(Collectors.joining(",")))
                .withSlotOption("messages", true)
                .start();
        LogReader reader = new LogReader(connection, stream, lookups, catalog, queue);
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
        if (messages >= LEAST_BETWEEN_PAUSES && ChunkQueue.isOld(changes.committedAt())) {
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
        changes.begin(lsn, time(micros), xid);
    }

    private static Instant time(long micros) {
        long since1970 = EPOCH_MICROS + micros;
        return Instant.ofEpochSecond(
                Math.floorDiv(since1970, 1_000_000L), Math.floorMod(since1970, 1_000_000L) * 1_000);
    }

    @Override
    public void commit(long endLsn, long micros) throws SQLException, InterruptedException {
        changes.commit(endLsn, time(micros));
    }

    @Override
    public void relation(SourceRelation relation) throws SQLException, InterruptedException {
        tables.remove(relation.id());
        Optional<CatalogTable> present = catalog.present(relation.toString());
        SourceTable source = CatalogTable.of(Sql.on(lookups), relation, present);
        try {
            Optional<ReplicatedTable> table = catalog.of(source, relation.identity());
            if (table.isPresent()) {
                changes.shape(table.get());
                tables.put(relation.id(), table.get());
            }
        } catch (TableRefusedException | IllegalArgumentException e) {
            changes.park(source, e.getMessage());
        }
    }

    @Override
    public void insert(SourceRelation relation, RowImage image) throws SQLException, InterruptedException {
        ReplicatedTable table = tables.get(relation.id());
        if (table != null) {
            changes.insert(table, image);
        }
    }

    @Override
    public void update(SourceRelation relation, RowImage old, boolean whole, RowImage image)
            throws SQLException, InterruptedException {
        ReplicatedTable table = tables.get(relation.id());
        if (table != null) {
            changes.update(table, old, whole, image);
        }
    }

    @Override
    public void delete(SourceRelation relation, RowImage old, boolean whole) throws SQLException, InterruptedException {
        ReplicatedTable table = tables.get(relation.id());
        if (table != null) {
            changes.delete(table, old, whole);
        }
    }

    @Override
    public void truncate(List<SourceRelation> relations) throws SQLException, InterruptedException {
        List<ReplicatedTable> truncated = relations.stream()
                .map(relation -> tables.get(relation.id()))
                .filter(Objects::nonNull)
                .toList();
        if (!truncated.isEmpty()) {
            changes.truncate(truncated);
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
