package serai.load.replicate;

import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import serai.load.replicate.mapping.SourceRow.Operation;
import serai.load.replicate.mapping.SourceTable;
import serai.load.replicate.pgoutput.RowImage;

/** Makes chunks of what is read in a log: the changes as they arrive, in the target's columns. */
final class LogChanges {

    private final TableCatalog catalog;
    private final ChunkQueue queue;
    private final ChunkQueue.KeepAlive keepAlive;
    private final Map<String, ReplicatedTable> shapes = new HashMap<>();
    /** Tables whose shape was compared with that of the warehouse. */
    private final Set<String> compared = new HashSet<>();

    private final RowImage row = new RowImage();
    private final RowImage filled = new RowImage();
    private String commitLsn;
    private Instant committedAt;
    private long sequence;

    /** @param catalog used by the reading thread from now on */
    LogChanges(TableCatalog catalog, ChunkQueue queue, ChunkQueue.KeepAlive keepAlive) {
        this.catalog = catalog;
        this.queue = queue;
        this.keepAlive = keepAlive;
        catalog.tables().forEach(table -> shapes.put(table.toString(), table));
    }

    /**
     * A transaction begins.
     *
     * @param lsn of its commit
     * @param xid the lower 32 bits of its number
     */
    void begin(long lsn, Instant time, int xid) {
        commitLsn = LogPosition.text(lsn);
        committedAt = time;
        sequence = 0;
        queue.begin(xid);
    }

    /** When the transaction was committed that is read, or was read last. */
    Instant committedAt() {
        return committedAt;
    }

    void commit(long endLsn, Instant time) throws SQLException, InterruptedException {
        queue.commit(endLsn, time, keepAlive);
    }

    /** A table has a shape from now on; another one than that of the warehouse is brought there first. */
    void shape(ReplicatedTable table) throws SQLException, InterruptedException {
        String name = table.toString();
        ReplicatedTable known = shapes.get(name);
        List<String> exposed = known == null ? List.of() : catalog.exposed(known, table);
        if (!exposed.isEmpty()) {
            throw new IllegalArgumentException("its columns " + exposed + " were renamed, and a rule protected them"
                    + " under the old names. Name them in the mapping.");
        }
        shapes.put(name, table);
        // the first one of a session with the warehouse's table, which may be older than the source's catalog
        if (compared.add(name) || known == null || !known.hasSameShape(table)) {
            List<String> withDefault = catalog.withDefault(table);
            List<String> anew = known == null ? List.of() : table.source().columnsMadeAnew(known.source());
            barrier(writer -> writer.reshape(table, withDefault, !anew.isEmpty()));
        }
    }

    /** A table is not followed any more. */
    void park(SourceTable table, String reason) throws SQLException, InterruptedException {
        barrier(writer -> writer.park(table, reason));
    }

    /** Does something after what was read until now. */
    void after(Chunk.Barrier barrier) throws SQLException, InterruptedException {
        barrier(barrier);
    }

    private void barrier(Chunk.Barrier barrier) throws SQLException, InterruptedException {
        queue.current().barrier(barrier);
        queue.slice(keepAlive);
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
            queue.slice(keepAlive);
        }
    }

    void insert(ReplicatedTable table, RowImage image) throws SQLException, InterruptedException {
        if (table.isKeyless()) {
            count(table, 1, image, Operation.INSERT);
            return;
        }
        put(table, TableChanges.UPSERT, image, Operation.INSERT);
    }

    /**
     * @param old what is known of the row before; null when its key did not change
     * @param whole whether all of it is known
     */
    void update(ReplicatedTable table, RowImage old, boolean whole, RowImage image)
            throws SQLException, InterruptedException {
        RowImage present = whole && image.hasUnchanged() ? fill(old, image) : image;
        if (table.isKeyless()) {
            requireWhole(table, whole);
            count(table, -1, old, Operation.UPDATE);
            count(table, 1, present, Operation.UPDATE);
        } else if (old == null || !isMoved(table, old, present)) {
            put(table, TableChanges.UPSERT, present, Operation.UPDATE);
        } else if (present.hasUnchanged() && !isIncomplete(table, present)) {
            move(table, old, present);
        } else {
            put(table, TableChanges.DELETE, old, Operation.UPDATE);
            put(table, TableChanges.UPSERT, present, Operation.UPDATE);
        }
    }

    private static void requireWhole(ReplicatedTable table, boolean whole) throws SQLException {
        if (!whole) {
            throw new SQLException("The log has only a part of an old row of " + table + ", which has no key.");
        }
    }

    /** A row of a table without a key came (1) or went (-1), if it arrives. */
    private void count(ReplicatedTable table, int count, RowImage image, Operation what)
            throws SQLException, InterruptedException {
        ReplicatedTable.ImageRow source = new ReplicatedTable.ImageRow(image, what, committedAt, commitLsn, ++sequence);
        if (table.plan().selects(source)) {
            table.project(source, false, row);
            queue.current().count(table, count, commitLsn, sequence, row);
            if (queue.current().isFullOfOne()) {
                queue.slice(keepAlive);
            }
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

    /** @param whole whether all of the old row is known */
    void delete(ReplicatedTable table, RowImage old, boolean whole) throws SQLException, InterruptedException {
        if (table.isKeyless()) {
            requireWhole(table, whole);
            count(table, -1, old, Operation.DELETE);
            return;
        }
        put(table, TableChanges.DELETE, old, Operation.DELETE);
    }

    void truncate(List<ReplicatedTable> truncated) throws SQLException, InterruptedException {
        RowVersions.Event event = new RowVersions.Event("truncate", false, committedAt, commitLsn, ++sequence);
        barrier(writer -> writer.truncate(truncated, event));
    }
}
