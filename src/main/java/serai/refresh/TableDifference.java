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

    private static final String CHANGED = "pg_temp.serai_changed";
    private static final String GONE = "pg_temp.serai_gone";
    /** The whole row as text, and which of the rows with this text: the key of a row without a grain. */
    private static final List<String> WHOLE_ROW = List.of("line", "copy");

    private static final String UNIQUE_VIOLATION = "23505";

    private final Sql sql;
    private final Relation table;
    private final List<String> columns;
    /** Empty for a seed. */
    private final List<String> grain;

    private TableDifference(Sql sql, Relation table, List<String> columns, List<String> grain) {
        this.sql = sql;
        this.table = table;
        this.columns = columns;
        this.grain = grain;
    }

    /**
     * Compares the rows, and keeps the difference in temporary tables.
     *
     * @param sql on a connection in a transaction
     */
    static TableDifference find(Sql sql, Node node, StagingTable staging) throws SQLException {
        List<String> grain = node instanceof Model model ? model.grain() : List.of();
        TableDifference difference = new TableDifference(sql, node.relation(), staging.columns(), grain);
        difference.find(StagingTable.TABLE);
        return difference;
    }

    private void find(String staged) throws SQLException {
        // else rows that a policy hides from this role would be taken for missing
        sql.execute("set local row_security = off");
        sql.execute("drop table if exists " + CHANGED + ", " + GONE);
        sql.execute("create temp table serai_changed as select " + names(columns, "s.") + " from " + rows(staged)
                + " s left join " + rows(table.sql()) + " t on " + match("t", "s") + " where t.id is null or "
                + image("t.") + " *<> " + image("s."));
        sql.execute("create temp table serai_gone as select " + names(key(), "t.") + " from " + rows(table.sql())
                + " t left join " + rows(staged) + " s on " + match("t", "s") + " where s.id is null");
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
        long deleted = sql.update(
                grain.isEmpty()
                        ? "delete from " + table.sql() + " where ctid in (select t.id from " + rows(table.sql())
                                + " t join " + GONE + " s on " + match("t", "s") + ")"
                        : "delete from " + table.sql() + " t using " + GONE + " s where " + match("t", "s"));
        if (grain.isEmpty()) {
            return new Written(insert(""), 0, deleted);
        }
        Savepoint before = connection.setSavepoint();
        try {
            long updated = sql.update("update " + table.sql() + " as t set "
                    + columns.stream()
                            .map(c -> Relation.quote(c) + " = s." + Relation.quote(c))
                            .collect(Collectors.joining(", "))
                    + " from " + CHANGED + " s where " + match("t", "s"));
            return new Written(insert(absent()), updated, deleted);
        } catch (SQLException e) {
            if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            // two rows exchange the values of another unique index
            connection.rollback(before);
            long replaced =
                    sql.update("delete from " + table.sql() + " t using " + CHANGED + " s where " + match("t", "s"));
            return new Written(insert("") - replaced, replaced, deleted);
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
        return "(select ctid as id, " + names(columns, "")
                + (grain.isEmpty()
                        ? ", " + line + " as line, row_number() over (partition by " + line + ") as copy"
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
        return "row(" + names(columns, prefix) + ")::record";
    }

    private static String names(List<String> columns, String prefix) {
        return columns.stream().map(c -> prefix + Relation.quote(c)).collect(Collectors.joining(", "));
    }
}
