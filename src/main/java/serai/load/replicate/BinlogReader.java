package serai.load.replicate;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import java.io.IOException;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.load.replicate.mapping.SourceColumn;
import serai.load.replicate.mapping.SourceTable;
import serai.load.replicate.mapping.TableRefusedException;
import serai.load.replicate.mariadb.BinlogColumn;
import serai.load.replicate.mariadb.BinlogHandler;
import serai.load.replicate.mariadb.BinlogPosition;
import serai.load.replicate.mariadb.BinlogStream;
import serai.load.replicate.mariadb.BinlogTable;
import serai.load.replicate.mariadb.LoggedStatement;
import serai.load.replicate.mariadb.MariaDbType;
import serai.load.replicate.pgoutput.RowImage;

/** Reads the binary log of a MariaDB server in a thread of its own, and makes chunks of it. */
final class BinlogReader implements BinlogHandler, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BinlogReader.class);
    private static final int JOIN_MILLIS = 200;

    private final MariaDbDatabase database;
    private final Connection lookups;
    private final TableCatalog catalog;
    private final ChunkQueue queue;
    private final LogChanges changes;
    private final long from;
    private final Map<String, Shape> shapes = new HashMap<>();
    private final RowTexts texts = new RowTexts();
    private final RowTexts oldTexts = new RowTexts();
    private final RowImage row = new RowImage();
    private final RowImage old = new RowImage();
    /** Names of transactions that are not applied yet, by where they end. */
    private final Deque<Mark> marks = new ArrayDeque<>();

    private BinlogStream stream;
    private Thread thread;
    private volatile long received;
    private volatile boolean otherTables;
    private boolean withdrawn;
    private long began;
    private final Set<String> changed = new HashSet<>();

    /** A table in the log; {@code table} is null when it is not followed. */
    private record Shape(List<BinlogColumn> columns, List<MariaDbType> types, ReplicatedTable table) {}

    private record Mark(long end, String gtid) {}

    /**
     * @param lookups for queries of the reading thread
     * @param catalog used by the reading thread from now on
     * @param from a position
     */
    BinlogReader(MariaDbDatabase database, Connection lookups, TableCatalog catalog, ChunkQueue queue, long from) {
        this.database = database;
        this.lookups = lookups;
        this.catalog = catalog;
        this.queue = queue;
        this.from = from;
        this.received = from;
        this.changes = new LogChanges(catalog, queue, () -> {});
    }

    /** Starts to read. */
    void start(BinaryLogClient client, String file, String name) throws SQLException {
        stream = new BinlogStream(
                client, file, BinlogPosition.place(from), new MariaDbCatalog(lookups).charsets(), this);
        thread = new Thread(this::run, "replicate-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        Exception reason = new SQLException("the process is short of memory, or has an error");
        try {
            stream.run();
        } catch (Exception e) {
            reason = e instanceof SQLException ? e : new SQLException("The log cannot be read: " + e.getMessage(), e);
        } finally {
            // also after an Error
            queue.fail(reason);
        }
    }

    /** All changes up to here were received. */
    long received() {
        return received;
    }

    /** Whether a statement was applied that makes, drops or changes tables. */
    boolean hasOtherTables() {
        return otherTables;
    }

    /** The name of the transaction that ends at a position; null when it is not known. */
    synchronized String mark(long end) {
        return marks.stream()
                .filter(mark -> mark.end() == end)
                .map(Mark::gtid)
                .findFirst()
                .orElse(null);
    }

    synchronized void forgetMarks(long upTo) {
        marks.removeIf(mark -> mark.end() <= upTo);
    }

    @Override
    public void begin(long position, Instant time) {
        began = position;
        withdrawn = database.withdrawn().contains(position);
        changed.clear();
        changes.begin(position, time, 0);
    }

    @Override
    public void insert(BinlogTable table, Serializable[] values) throws Exception {
        Shape shape = shape(table);
        if (shape != null) {
            put(shape, () -> changes.insert(shape.table(), image(shape, values, texts, row)));
        }
    }

    @Override
    public void update(BinlogTable table, Serializable[] before, Serializable[] after) throws Exception {
        Shape shape = shape(table);
        if (shape != null) {
            RowImage whole = image(shape, before, oldTexts, old);
            put(shape, () -> changes.update(shape.table(), whole, true, image(shape, after, texts, row)));
        }
    }

    @Override
    public void delete(BinlogTable table, Serializable[] values) throws Exception {
        Shape shape = shape(table);
        if (shape != null) {
            put(shape, () -> changes.delete(shape.table(), image(shape, values, texts, row), true));
        }
    }

    /** A change. */
    private interface Change {
        void put() throws SQLException, InterruptedException;
    }

    private void put(Shape shape, Change change) throws SQLException, InterruptedException {
        try {
            change.put();
        } catch (IllegalArgumentException e) {
            // such as a date in the key that does not exist
            ReplicatedTable table = shape.table();
            shapes.put(table.toString(), new Shape(shape.columns(), shape.types(), null));
            changes.park(table.source(), e.getMessage());
        }
    }

    private static RowImage image(Shape shape, Serializable[] values, RowTexts texts, RowImage out) {
        Set<Integer> needed = shape.table().plan().reads();
        texts.start();
        for (int i = 0; i < values.length; i++) {
            texts.add(
                    needed.contains(i)
                            ? shape.types().get(i).logged(shape.columns().get(i).text(values[i]))
                            : null);
        }
        return texts.image(out);
    }

    /** @return null when the rows do not count */
    private Shape shape(BinlogTable table) throws SQLException, InterruptedException {
        Shape known = shapes.get(table.toString());
        if (known == null || !known.columns().equals(table.columns())) {
            known = read(table);
            shapes.put(table.toString(), known);
        }
        if (known.table() == null) {
            return null;
        }
        changed.add(table.toString());
        return withdrawn ? null : known;
    }

    private Shape read(BinlogTable table) throws SQLException, InterruptedException {
        List<String> names = table.columns().stream().map(BinlogColumn::name).toList();
        Optional<CatalogTable> present = catalog.known(table.toString());
        if (present.isEmpty()
                || !present.get().table().columns().stream()
                        .map(SourceColumn::name)
                        .toList()
                        .equals(names)) {
            present = catalog.present(table.toString());
        }
        List<String> key = present.map(known -> known.table().primaryKey()).orElse(List.of());
        SourceTable described = new SourceTable(table.database(), table.name(), List.of(), key);
        Map<String, MariaDbType> declared = new MariaDbCatalog(lookups).types(described);
        List<MariaDbType> types = names.stream()
                .map(name -> declared.getOrDefault(name, MariaDbType.of("text", false)))
                .toList();
        List<SourceColumn> columns = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            columns.add(new SourceColumn(names.get(i), types.get(i).postgres()));
        }
        SourceTable source =
                new SourceTable(table.database(), table.name(), columns, names.containsAll(key) ? key : List.of());
        try {
            Optional<ReplicatedTable> planned = catalog.of(source, 'f');
            if (planned.isPresent() && table.unreadable() != null) {
                throw new IllegalArgumentException(table.unreadable());
            }
            if (planned.isPresent()) {
                changes.shape(planned.get());
            }
            return new Shape(table.columns(), types, planned.orElse(null));
        } catch (TableRefusedException | IllegalArgumentException e) {
            changes.park(source, e.getMessage());
            return new Shape(table.columns(), types, null);
        }
    }

    @Override
    public void statement(String schema, String sql) throws SQLException, InterruptedException {
        List<ReplicatedTable> followed = catalog.tables();
        List<String> names = followed.stream().map(ReplicatedTable::toString).toList();
        LoggedStatement statement = LoggedStatement.of(schema, sql, names);
        List<ReplicatedTable> named = followed.stream()
                .filter(table -> statement.tables().contains(table.toString()))
                .toList();
        switch (statement.effect()) {
            case TRUNCATE -> {
                if (!named.isEmpty()) {
                    changes.truncate(named);
                }
            }
            case CATALOG -> changes.after(writer -> otherTables = true);
            case OTHER_ROWS ->
                copyAnew(
                        named,
                        "the source changed its columns or rows by a statement (ALTER, RENAME,"
                                + " CREATE, or one that it logs without its rows)");
            case COMMIT_PREPARED -> copyPrepared(followed);
            default -> {
                // nothing that concerns rows
            }
        }
    }

    private void copyPrepared(List<ReplicatedTable> followed) throws SQLException, InterruptedException {
        Collection<String> prepared = database.prepared();
        copyAnew(
                followed.stream()
                        .filter(table -> prepared.isEmpty() || prepared.contains(table.toString()))
                        .toList(),
                "a transaction that another session prepared (XA) has changed it");
    }

    private void copyAnew(List<ReplicatedTable> named, String reason) throws SQLException, InterruptedException {
        for (ReplicatedTable table : named) {
            changes.after(writer -> writer.copyAnew(table.source(), reason));
        }
        changes.after(writer -> otherTables = true);
    }

    @Override
    public void end(End end, long position, Instant time, String gtid) throws SQLException, InterruptedException {
        if (end != End.COMMIT && !changed.isEmpty() && !withdrawn) {
            if (end == End.PREPARED) {
                database.prepared().addAll(changed);
            }
            database.withdrawn().add(began);
            throw new SQLException("A transaction was rolled back, or only prepared, after it was logged. It is read"
                    + " again without its rows.");
        }
        if (gtid != null) {
            synchronized (this) {
                marks.add(new Mark(position, gtid));
            }
        }
        changes.commit(position, time);
        received = position;
    }

    @Override
    public void idle(long position) {
        received = Math.max(received, position);
    }

    @Override
    public void close() throws InterruptedException {
        queue.close();
        while (thread != null && thread.isAlive()) {
            try {
                stream.close();
            } catch (IOException e) {
                LOG.debug("The stream of the log was lost: {}", e.getMessage());
            }
            thread.join(JOIN_MILLIS);
        }
    }
}
