package serai.load.replicate;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.load.RefusedRows;
import serai.load.RejectedRecord;
import serai.load.ReportHeldException;
import serai.load.replicate.mapping.SourceTable;
import serai.load.replicate.pgoutput.RowImage;
import serai.warehouse.Reject;
import serai.warehouse.Relation;
import serai.warehouse.Transaction;
import serai.warehouse.WatchedRows;

/**
 * Writes chunks in one transaction. Rows that the database refuses are found by halving; a table whose changes do not
 * fit it is parked, and the others go on.
 */
final class ChunkWriter {

    /** What is done with a row that the database refuses. */
    enum RefusedRow {
        /** The source waits until it is repaired. */
        STOP,
        /** The row is kept in {@code meta.rejects}, and the rest goes on. */
        PARK_ROW,
        /** Its table is not followed any more, and the rest goes on. */
        PARK_TABLE
    }

    /** Reads rows at the source. */
    @FunctionalInterface
    interface RowReader {
        /** Rows by their keys, and a delete for those that the source has no more or that do not arrive. */
        TableChanges read(ReplicatedTable table, List<List<String>> keys) throws SQLException;
    }

    private static final int MOST_READ_AGAIN = 1_000;

    private final Transaction tx;
    private final TableStates states;
    private final RowReader source;
    private final RefusedRow policy;
    private final String lsn;

    /** @param lsn the position, for rejects */
    ChunkWriter(Transaction tx, TableStates states, RowReader source, RefusedRow policy, String lsn) {
        this.tx = tx;
        this.states = states;
        this.source = source;
        this.policy = policy;
        this.lsn = lsn;
    }

    Transaction transaction() {
        return tx;
    }

    /** Writes the changes of a chunk, then its barrier. */
    void write(Chunk chunk) throws SQLException {
        for (TableChanges changes : chunk.tables()) {
            writeOrPark(changes.table(), () -> {
                RowVersions versions = chunk.versions(changes.table());
                if (versions != null) {
                    // values that were not sent are those of the version before
                    new TableHistory(tx, changes.table()).write(versions, source);
                }
                for (Relation relation : states.relations(changes.table())) {
                    write(changes, relation);
                }
            });
        }
        for (CountedRows rows : chunk.counted()) {
            writeOrPark(rows.table(), () -> keyless(rows.table()).write(rows, policy));
        }
        if (chunk.barrier() != null) {
            chunk.barrier().run(this);
        }
    }

    private KeylessTable keyless(ReplicatedTable table) {
        return new KeylessTable(tx, states, table);
    }

    /** Statements on one table. */
    @FunctionalInterface
    interface TableWork {
        /** Writes it. */
        void run() throws SQLException;
    }

    /** What does not fit the table as it is, such as a value for a column that somebody dropped, parks it. */
    void writeOrPark(ReplicatedTable table, TableWork work) throws SQLException {
        if (states.isParked(table.source())) {
            return;
        }
        Savepoint before = tx.connection().setSavepoint();
        try {
            work.run();
            tx.connection().releaseSavepoint(before);
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (!state.startsWith("42") && !state.startsWith("0A") && !state.startsWith("2B")) {
                throw e;
            }
            tx.connection().rollback(before);
            states.park(tx.sql(), table.source(), table.target(), e.getMessage());
        }
    }

    /** Writes changes to the table of the warehouse, or to the one in which it is copied anew. */
    void write(TableChanges changes, Relation relation) throws SQLException {
        try {
            new RefusedRows(tx).write(new Part(changes, relation, 0, changes.size()));
        } catch (ReportHeldException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Some of the changes of a table. */
    private final class Part implements RefusedRows.Rows {

        private final TableChanges changes;
        private final Relation relation;
        private final int from;
        private final int to;

        Part(TableChanges changes, Relation relation, int from, int to) {
            this.changes = changes;
            this.relation = relation;
            this.from = from;
            this.to = to;
        }

        @Override
        public boolean areMany() {
            return to - from > 1;
        }

        @Override
        public void write() throws SQLException {
            if (!states.isParked(changes.table().source())) {
                StagedChanges staged = new StagedChanges(tx, changes.table(), relation);
                List<List<String>> again = staged.write(changes, from, to);
                resolveRejects(staged, changes.table(), relation);
                readAgain(changes.table(), relation, again);
            }
        }

        @Override
        public List<RefusedRows.Rows> halves() {
            int middle = (from + to) / 2;
            return List.of(new Part(changes, relation, from, middle), new Part(changes, relation, middle, to));
        }

        @Override
        public void reject(String column, String reason) throws SQLException {
            ReplicatedTable table = changes.table();
            String text = (column == null ? "The row " : "Column " + column + " ") + reason;
            if (policy == RefusedRow.STOP) {
                throw new SQLException("A row of " + table + " " + reason
                        + " Repair it at the source, or let rows be parked (refusedRow).");
            }
            if (policy == RefusedRow.PARK_TABLE) {
                states.park(tx.sql(), table.source(), table.target(), text);
                return;
            }
            Map<String, Object> place = new LinkedHashMap<>();
            place.put("key", changes.key(from));
            place.put("lsn", lsn);
            place.put("column", column);
            RowImage row = new RowImage();
            changes.read(from, row);
            tx.reject(new Reject(table.target(), place, changes.key(from), payload(table, row), reason));
        }
    }

    /** A row as it would have been written, as CSV with a header. */
    static byte[] payload(ReplicatedTable table, RowImage row) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            values.add(row.text(i));
        }
        String csv = RejectedRecord.csv(table.names()) + "\n" + RejectedRecord.csv(values);
        return csv.getBytes(StandardCharsets.UTF_8);
    }

    /** Only what the table itself has taken is settled. */
    private static void resolveRejects(StagedChanges staged, ReplicatedTable table, Relation relation)
            throws SQLException {
        if (relation.equals(table.target())) {
            staged.resolveRejects();
        }
    }

    /** The source's present rows; changes that follow in the log are applied over them. */
    private void readAgain(ReplicatedTable table, Relation relation, List<List<String>> keys) throws SQLException {
        for (int from = 0; from < keys.size(); from += MOST_READ_AGAIN) {
            List<List<String>> part = keys.subList(from, Math.min(keys.size(), from + MOST_READ_AGAIN));
            TableChanges rows = source.read(table, part);
            StagedChanges staged = new StagedChanges(tx, table, relation);
            staged.write(rows, 0, rows.size());
            resolveRejects(staged, table, relation);
        }
    }

    /**
     * Gives a row another key, of which large values were not sent.
     *
     * @param old the deletion at the old key
     * @param moved the row at the new key; it is read again at the source unless its key is masked
     */
    void move(TableChanges old, TableChanges moved, RowVersions versions) throws SQLException {
        ReplicatedTable table = old.table();
        writeOrPark(table, () -> {
            if (table.plan().history()) {
                new TableHistory(tx, table).move(versions);
            }
            for (Relation relation : states.relations(table)) {
                if (table.canBeReadAgain()) {
                    write(old, relation);
                    write(moved, relation);
                } else if (states.isAhead(table, relation)
                        || !new StagedChanges(tx, table, relation).move(old, moved)) {
                    throw new SQLException(
                            "A row of " + table + " got another key while its large values are not known, and its key"
                                    + " is masked: copy the table anew.",
                            "42000");
                }
            }
        });
    }

    /** Gives up a table that cannot be planned any more. */
    void park(SourceTable table, String reason) throws SQLException {
        if (!states.isParked(table)) {
            states.park(tx.sql(), table, null, reason);
        }
    }

    /** Gives a table up until it is copied anew, which begins by itself. */
    void copyAnew(SourceTable table, String reason) throws SQLException {
        states.copyAnew(tx.sql(), table, reason);
    }

    /** Empties tables. */
    void truncate(List<ReplicatedTable> tables, RowVersions.Event event) throws SQLException {
        for (ReplicatedTable table : tables) {
            writeOrPark(table, () -> {
                if (table.isKeyless()) {
                    keyless(table).truncate(event.position());
                    return;
                }
                if (table.plan().history()) {
                    new TableHistory(tx, table).truncate(event);
                }
                for (Relation relation : states.relations(table)) {
                    tx.sql().execute("truncate " + relation.sql());
                    WatchedRows.all(tx.sql(), relation);
                }
            });
        }
    }

    /**
     * Brings the target to another shape of the source.
     *
     * @param withDefault columns that have values in rows that were not written, if they are new
     * @param madeAnew whether a column was dropped and added again, so that rows have lost its values
     */
    void reshape(ReplicatedTable table, List<String> withDefault, boolean madeAnew) throws SQLException {
        writeOrPark(table, () -> {
            if (table.isKeyless()) {
                keyless(table).reshape(withDefault, madeAnew);
                return;
            }
            boolean filled = madeAnew;
            for (Relation relation : states.relations(table)) {
                List<String> added = new TargetTable(tx, table, relation).prepare();
                filled |= added.stream().anyMatch(withDefault::contains);
            }
            if (table.plan().history()) {
                new TableHistory(tx, table).prepare();
            }
            if (filled) {
                // the source has filled its rows without a word in the log
                copyAgain(table);
            }
        });
    }

    /** Copies a table over itself, or goes on to copy it anew from the beginning. */
    private void copyAgain(ReplicatedTable table) throws SQLException {
        states.reshaped();
        if (states.of(table.source()) == TableStates.State.RELOADING) {
            states.reload(tx.sql(), table, states.hasGap(table.source()));
        } else {
            states.set(tx.sql(), table, TableStates.State.COPYING, null);
        }
        CopyRanges.forget(tx, table);
    }
}
