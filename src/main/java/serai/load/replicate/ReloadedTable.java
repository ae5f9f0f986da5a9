package serai.load.replicate;

import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import serai.warehouse.Relation;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;
import serai.warehouse.WatchedRows;

/**
 * A table that was copied anew beside itself: it is brought to what the copy has by the smallest difference, in one
 * transaction, so that its rights, views and unchanged rows stay.
 */
final class ReloadedTable {

    private static final int ROWS = 1_000;

    private final Transaction tx;
    private final TableStates states;
    private final ChunkWriter out;
    private final ReplicatedTable table;
    private final String position;
    private final Relation copy;
    /** Whether a row that the source does not have was deleted there, and stays; it may have left a filter. */
    private final boolean keepsGone;

    private final Map<String, String> marks;

    /** @param position of the source */
    ReloadedTable(Transaction tx, TableStates states, ChunkWriter out, ReplicatedTable table, String position) {
        this.tx = tx;
        this.states = states;
        this.out = out;
        this.table = table;
        this.position = position;
        this.copy = TableStates.shadow(table.target());
        this.keepsGone = table.plan().keepsDeleted() && table.plan().filter() == null;
        this.marks = keepsGone ? table.deletionMarks() : Map.of();
    }

    /** Begins: the copy is empty. */
    void begin(boolean gap) throws SQLException {
        tx.sql().execute("drop table if exists " + copy.sql());
        new TargetTable(tx, table, copy).prepare();
        CopyRanges.forget(tx, table);
        states.reload(tx.sql(), table, gap);
    }

    /** Writes what differs. The table is complete afterwards, or parked. */
    void settle() throws SQLException {
        out.writeOrPark(table, () -> {
            shape();
            compare();
            if (table.plan().history()) {
                TableHistory history = new TableHistory(tx, table);
                history.prepare();
                history.reconcile(position);
            }
        });
        if (!states.isParked(table.source())) {
            tx.sql().execute("drop table " + copy.sql());
            states.set(tx.sql(), table, TableStates.State.COMPLETE, null);
        }
    }

    /** Rows of a table that was not followed may not fit the types that its columns have now. */
    private void shape() throws SQLException {
        Savepoint before = tx.connection().setSavepoint();
        try {
            new TargetTable(tx, table, table.target()).prepare();
        } catch (SQLException e) {
            if (!states.hasGap(table.source()) || !TargetTable.UNFITTING.equals(e.getSQLState())) {
                throw e;
            }
            tx.connection().rollback(before);
            WatchedRows.all(tx.sql(), table.target());
            tx.sql().execute("truncate " + table.target().sql());
            new TargetTable(tx, table, table.target()).prepare();
        }
    }

    private void compare() throws SQLException {
        tx.sql().execute(PostgresDatabase.localTextFormats());
        // parameters are not possible in a cursor of SQL
        tx.sql().execute("declare serai_difference no scroll cursor for " + difference());
        boolean more = true;
        while (more) {
            TableChanges changes = new TableChanges(table);
            tx.sql().each("fetch " + ROWS + " from serai_difference", row -> {
                if (row.flag("gone") && keepsGone) {
                    changes.put(TableChanges.KEEP, SourceRows.keptImage(table, row.texts("key"), marks));
                } else if (row.flag("gone")) {
                    changes.put(TableChanges.DELETE, SourceRows.keyImage(table, row.texts("key")));
                } else {
                    changes.put(TableChanges.UPSERT, SourceRows.image(row.texts("texts")));
                }
            });
            more = changes.size() > 0;
            if (more) {
                out.write(changes, table.target());
            }
        }
        tx.sql().execute("close serai_difference");
    }

    /** Rows are compared as texts, since some types have no equality, and others have one that is not exact. */
    private String difference() {
        List<String> key =
                table.plan().primaryKey().stream().map(Relation::quote).toList();
        String keys = key.stream()
                .map(column -> "coalesce(s." + column + ", t." + column + ")::text")
                .collect(Collectors.joining(", ", "array[", "]"));
        String same =
                key.stream().map(column -> "t." + column + " = s." + column).collect(Collectors.joining(" and "));
        String first = key.get(0);
        return "select s." + first + " is null as gone, " + keys + " as key, array[" + texts("s")
                + "] as texts from " + table.target().sql() + " t full join " + copy.sql() + " s on " + same
                + " where (s." + first + " is null" + unmarked()
                + " and not exists (select from meta.rejects r where r.source = "
                + literal(tx.source()) + " and r.target = "
                + literal(table.target().toString())
                + " and r.resolved_at is null and r.locator -> 'key' = to_jsonb(" + keys + "))) or t." + first
                + " is null or (s." + first + " is not null and row(" + texts("t") + ") is distinct from row("
                + texts("s") + "))";
    }

    /** Deleted rows that are known as such. */
    private String unmarked() {
        return marks.isEmpty()
                ? ""
                : marks.entrySet().stream()
                        .map(mark -> "t." + Relation.quote(mark.getKey()) + "::text is distinct from "
                                + (mark.getValue() == null ? "null" : literal(mark.getValue())))
                        .collect(Collectors.joining(" or ", " and (", ")"));
    }

    private static String literal(String text) {
        return Sql.literal(text);
    }

    private String texts(String from) {
        return table.names().stream()
                .map(column -> from + "." + Relation.quote(column) + "::text")
                .collect(Collectors.joining(", "));
    }
}
