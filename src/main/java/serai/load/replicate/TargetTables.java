package serai.load.replicate;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import serai.warehouse.Relation;
import serai.warehouse.Transaction;

/** The tables of the warehouse that a source arrives in, with their histories. */
final class TargetTables {

    private final TableStates states;

    TargetTables(TableStates states) {
        this.states = states;
    }

    /** Creates the table of a table that was not replicated before. */
    void begin(Transaction tx, ReplicatedTable table) throws SQLException {
        new TargetTable(tx, table, table.target()).prepare();
        if (table.plan().history()) {
            new TableHistory(tx, table).prepare();
        }
        boolean filled = tx.sql()
                .first("select 1 from " + table.target().sql() + " limit 1", row -> true)
                .isPresent();
        if (filled) {
            throw new SQLException(table.target() + " has rows that are not of this source. Empty it.", "42P07");
        }
        states.set(tx.sql(), table, TableStates.State.COPYING, null);
    }

    /** Brings the table to the source's shape, and begins its history if that is new. */
    void shape(Transaction tx, ReplicatedTable table, long lsn) throws SQLException {
        for (Relation relation : states.relations(table)) {
            new TargetTable(tx, table, relation).prepare();
        }
        TableHistory history = new TableHistory(tx, table);
        boolean begun = table.plan().history() && history.prepare();
        if (begun && states.of(table.source()) == TableStates.State.COMPLETE) {
            history.reconcile(LogPosition.text(lsn));
        }
    }

    /** Tables whose copy has no newer rows than the position any more are complete, and so are their histories. */
    void reach(Transaction tx, List<ReplicatedTable> tables, long lsn) throws SQLException {
        Set<String> reached = states.reach(tx.sql(), LogPosition.text(lsn));
        for (ReplicatedTable table : tables) {
            if (table.plan().history() && reached.contains(table.toString())) {
                new TableHistory(tx, table).reconcile(LogPosition.text(lsn));
            }
        }
    }
}
