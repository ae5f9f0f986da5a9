package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.stream.Collectors;
import serai.warehouse.Relation;
import serai.warehouse.Sql;
import serai.warehouse.WriteVerbs.Written;

/**
 * How the staged rows differ from those of a table with the same columns. Rows are found by the grain, those of a seed
 * as a whole, and compared by their binary images, as PostgreSQL does when it refreshes a materialized view: that needs
 * no equality of types, and also finds values that are equal and not the same, such as 1.0 and 1.00.
 */
final class TableDifference {

    /** The staged rows that the table does not have as they are. */
    static final String CHANGED = "pg_temp.serai_changed";
    /** The keys of the table's rows that are not staged any more. */
    static final String GONE = "pg_temp.serai_gone";
    /** The whole row as text, and which of the rows with this text: the key of a row without a grain. */
    private static final List<String> WHOLE_ROW = List.of("serai_line", "serai_copy");

    private static final String UNIQUE_VIOLATION = "23505";

    /** Which rows of the table are gone when they are not staged: all, those of {@link DirtyKeys#TABLE}, or none. */
    enum Scope {
        ALL,
        KEYS,
        NONE
    }

    private final Sql sql;
    private final Relation table;
    private final List<String> columns;
    /** Empty for a seed. */
    private final List<String> grain;
    /** The columns that an update writes; the others keep the value of the insert. */
    private final List<String> updated;
    /** The column that is set in rows that are gone; null when these are deleted. */
    private final String deleted;

    private TableDifference(Sql sql, Node node, List<String> columns) {
        this.sql = sql;
        this.table = node.relation();
        this.columns = columns;
        this.grain = node instanceof Model model ? model.key() : List.of();
        List<String> kept = node instanceof Model model ? model.write().keep() : List.of();
        this.updated = columns.stream().filter(column -> !kept.contains(column)).toList();
        this.deleted = node instanceof Model model ? model.write().deleted() : null;
    }

    /**
     * Compares the rows, and keeps the difference in temporary tables.
     *
     * @param sql on a connection in a transaction
     */
    static TableDifference find(Sql sql, Node node, StagingTable staging) throws SQLException {
        return find(sql, node, staging, Scope.ALL);
    }

    /** The same, where not all rows of the table have to be staged. */
    static TableDifference find(Sql sql, Node node, StagingTable staging, Scope scope) throws SQLException {
        TableDifference difference = new TableDifference(sql, node, staging.columns());
        difference.find(
                StagingTable.TABLE,
                switch (scope) {
                    case ALL -> "true";
                    case KEYS -> DirtyKeys.condition((Model) node);
                    case NONE -> "false";
                });
        return difference;
    }

    private void find(String staged, String scope) throws SQLException {
        // else rows that a policy hides from this role would be taken for missing
        sql.execute("set local row_security = off");
        sql.execute("drop table if exists " + CHANGED + ", " + GONE);
        sql.execute("create temp table serai_changed as select " + names(columns, "s.") + " from " + rows(staged)
                + " s left join " + rows(table.sql()) + " t on " + match("t", "s") + " where t.serai_row is null or "
                + image("t.") + " *<> " + image("s."));
        String mayGo = deleted == null ? scope : scope + " and " + Relation.quote(deleted) + " is not true";
        sql.execute("create temp table serai_gone as select " + names(key(), "t.") + " from "
                + rows(table.sql() + " where " + mayGo) + " t left join " + rows(staged) + " s on " + match("t", "s")
                + " where s.serai_row is null");
        sql.execute("analyze " + CHANGED + ", " + GONE);
    }

    /** A condition on the rows of a table with a grain, named {@code t}, that {@link #apply} writes. */
    String written() {
        return "(" + names(grain, "t.") + ") in (select " + names(grain, "") + " from " + CHANGED + " union all select "
                + names(grain, "") + " from " + GONE + ")";
    }

    /** Whether the table has just the staged rows. */
    boolean isEmpty() throws SQLException {
        return sql.first(
                        "select exists (select from " + CHANGED + ") or exists (select from " + GONE + ") as differs",
                        row -> !row.flag("differs"))
                .orElseThrow();
    }

    /** Gives the table the staged rows; those that do not differ are not touched. */
    Written apply(Connection connection) throws SQLException {
        sql.execute("set local row_security = off");
        // a ctid is known in one table alone, and a model's may have partitions
        String gone = grain.isEmpty()
                ? " where ctid in (select t.serai_row from " + rows(table.sql()) + " t join " + GONE + " s on "
                        + match("t", "s") + ")"
                : " s where " + match("t", "s");
        String source = grain.isEmpty() ? "" : GONE;
        long flagged = deleted == null
                ? 0
                : sql.update("update " + table.sql() + " t set " + Relation.quote(deleted) + " = true"
                        + (source.isEmpty() ? "" : " from " + source) + gone);
        long removed = deleted == null
                ? sql.update("delete from " + table.sql() + " t" + (source.isEmpty() ? "" : " using " + source) + gone)
                : 0;
        if (grain.isEmpty()) {
            return new Written(insert(""), 0, removed);
        }
        Savepoint before = connection.setSavepoint();
        try {
            long changed = sql.update("update " + table.sql() + " as t set "
                    + updated.stream()
                            .map(c -> Relation.quote(c) + " = s." + Relation.quote(c))
                            .collect(Collectors.joining(", "))
                    + " from " + CHANGED + " s where " + match("t", "s"));
            return new Written(insert(absent()), changed + flagged, removed);
        } catch (SQLException e) {
            if (!UNIQUE_VIOLATION.equals(e.getSQLState()) || updated.size() < columns.size()) {
                throw e;
            }
            // two rows exchange the values of another unique index
            connection.rollback(before);
            long replaced =
                    sql.update("delete from " + table.sql() + " t using " + CHANGED + " s where " + match("t", "s"));
            return new Written(insert("") - replaced, replaced + flagged, removed);
        }
    }

    private long insert(String condition) throws SQLException {
        return sql.update("insert into " + table.sql() + " (" + names(columns, "") + ") select " + names(columns, "s.")
                + " from " + CHANGED + " s" + condition);
    }

    private String absent() {
        return " where not exists (select from " + table.sql() + " t where " + match("t", "s") + ")";
    }

    private List<String> key() {
        return grain.isEmpty() ? WHOLE_ROW : grain;
    }

    /** The rows of a table with their place in it and their key, as a part of FROM. */
    private String rows(String from) {
        String line = "row(" + names(columns, "") + ")::text";
        return "(select ctid as serai_row, " + names(columns, "")
                + (grain.isEmpty()
                        ? ", " + line + " as serai_line, row_number() over (partition by " + line + ") as serai_copy"
                        : "")
                + " from " + from + ")";
    }

    private String match(String one, String other) {
        return key().stream()
                .map(Relation::quote)
                .map(column -> one + "." + column + " = " + other + "." + column)
                .collect(Collectors.joining(" and "));
    }

    /** Without the cast the rows would be compared column by column. */
    private String image(String prefix) {
        return "row(" + names(updated, prefix) + ")::record";
    }

    private static String names(List<String> columns, String prefix) {
        return columns.stream().map(c -> prefix + Relation.quote(c)).collect(Collectors.joining(", "));
    }
}
