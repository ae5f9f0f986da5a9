package serai.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.warehouse.Relation;

/**
 * The table that a report fills, as the database describes it.
 *
 * @param columns by name, in the table's order; generated columns are left out
 * @param optional columns that a report may leave out, because they have a default
 * @param window the column that says when a row is from
 */
record ReportTable(Relation relation, Map<String, ReportColumn> columns, Set<String> optional, ReportColumn window) {

    /**
     * Reads the table's columns.
     *
     * @param emptyTexts names of text columns in which an empty field is the empty text and not NULL
     * @throws ReportHeldException when the table, its window column or a column's type is not what a report can fill
     */
    static ReportTable read(
            Connection connection, Relation relation, String window, List<String> emptyTexts, ZoneId zone)
            throws SQLException, ReportHeldException {
        Map<String, ReportColumn> columns = new LinkedHashMap<>();
        Set<String> optional = new java.util.HashSet<>();
        try (PreparedStatement s = connection.prepareStatement("""
                select a.attname, t.typname, a.atttypmod, a.attlen, a.attnotnull, a.atthasdef or a.attidentity <> ''
                from pg_attribute a join pg_type t on t.oid = a.atttypid
                where a.attrelid = to_regclass(?) and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                order by a.attnum""")) {
            s.setString(1, relation.sql());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    columns.put(r.getString(1), column(relation, r, emptyTexts, zone));
                    if (r.getBoolean(6)) {
                        optional.add(r.getString(1));
                    }
                }
            }
        }
        return new ReportTable(relation, columns, optional, windowColumn(relation, columns, window, emptyTexts));
    }

    private static ReportColumn column(Relation relation, ResultSet r, List<String> emptyTexts, ZoneId zone)
            throws SQLException, ReportHeldException {
        String name = r.getString(1);
        ColumnType type = ColumnType.of(r.getString(2));
        if (type == null) {
            throw new ReportHeldException("The column " + relation + "." + name + " has the type " + r.getString(2)
                    + ", which a report cannot fill. Make it text and cast it in a staging view.");
        }
        int modifier = r.getInt(3);
        int size = type == ColumnType.TEXT ? Math.max(0, modifier - 4) : r.getInt(4);
        int precision = type == ColumnType.NUMERIC && modifier >= 0 ? modifier - 4 >> 16 & 0xffff : 0;
        int scale = type == ColumnType.NUMERIC && modifier >= 0 ? modifier - 4 & 0x7ff : 0;
        return new ReportColumn(name, type, size, precision, scale, r.getBoolean(5), emptyTexts.contains(name), zone);
    }

    private static ReportColumn windowColumn(
            Relation relation, Map<String, ReportColumn> columns, String window, List<String> emptyTexts)
            throws ReportHeldException {
        if (columns.isEmpty()) {
            throw new ReportHeldException("There is no table " + relation + ". Create it by a file in sql/schema.");
        }
        for (String name : emptyTexts) {
            if (!columns.containsKey(name)) {
                throw new ReportHeldException(
                        "emptyText names the column '" + name + "', which " + relation + " does not have.");
            }
        }
        ReportColumn column = columns.get(window);
        if (column == null || !column.type().isTime()) {
            throw new ReportHeldException("The window column " + relation + "." + window
                    + (column == null ? " does not exist." : " is not a date or time.")
                    + " Name a column of type date, timestamp or timestamptz as 'window'.");
        }
        return column;
    }
}
