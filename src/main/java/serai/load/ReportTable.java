package serai.load;

import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.warehouse.Relation;
import serai.warehouse.Row;
import serai.warehouse.RowRange;
import serai.warehouse.Sql;

/**
 * The table that a report fills, as the database describes it.
 *
 * @param columns by name, in the table's order; generated columns are left out
 * @param optional columns that a report may leave out, because they have a default
 * @param window the column by whose date or time rows belong to a window; null for none
 */
record ReportTable(Relation relation, Map<String, ReportColumn> columns, Set<String> optional, ReportColumn window) {

    private static final String COLUMNS = """
            select a.attname, t.typname, a.atttypmod, a.attlen, a.attnotnull,
              a.atthasdef or a.attidentity <> '' as has_default
            from pg_attribute a join pg_type t on t.oid = a.atttypid
            where a.attrelid = to_regclass(?) and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
            order by a.attnum""";

    /**
     * Reads the table's columns.
     *
     * @param window the column that decides the day of a row; empty for none
     * @param emptyTexts names of text columns in which an empty field is the empty text and not NULL
     * @param zone of times that come without an offset
     * @throws ReportHeldException when a report cannot fill the table: a column, its type or the window column is wrong
     */
    static ReportTable read(Sql sql, Relation relation, String window, List<String> emptyTexts, ZoneId zone)
            throws SQLException, ReportHeldException {
        List<Attribute> attributes = sql.list(COLUMNS, Attribute::of, relation.sql());
        Map<String, ReportColumn> columns = new LinkedHashMap<>();
        Set<String> optional = new HashSet<>();
        for (Attribute attribute : attributes) {
            String name = attribute.name();
            FieldFormat format = FieldFormat.of(
                    attribute.type(), attribute.length(), attribute.modifier(), zone, name.equals(window));
            boolean emptyIsText = emptyTexts.contains(name) && format instanceof TextFormat;
            columns.put(name, new ReportColumn(name, format, attribute.required(), emptyIsText));
            if (attribute.hasDefault()) {
                optional.add(name);
            }
        }
        ReportTable table = new ReportTable(relation, columns, optional, columns.get(window));
        table.check(window, emptyTexts);
        return table;
    }

    /** A column as {@code pg_attribute} describes it. */
    private record Attribute(String name, String type, int length, int modifier, boolean required, boolean hasDefault) {

        static Attribute of(Row row) throws SQLException {
            return new Attribute(
                    row.text("attname"),
                    row.text("typname"),
                    (int) row.number("attlen"),
                    (int) row.number("atttypmod"),
                    row.flag("attnotnull"),
                    row.flag("has_default"));
        }
    }

    private void check(String windowName, List<String> emptyTexts) throws ReportHeldException {
        if (columns.isEmpty()) {
            throw new ReportHeldException("There is no table " + relation + ". Create it by a file in sql/migrations.");
        }
        requireColumns("emptyText", emptyTexts);
        if (!windowName.isEmpty() && (window == null || !(window.format() instanceof TimeFormat))) {
            throw new ReportHeldException("The window column " + relation + "." + windowName
                    + (window == null ? " does not exist." : " is not a date or time.")
                    + " Name a column of type date, timestamp or timestamptz as 'window'.");
        }
    }

    /** @throws ReportHeldException when the table lacks a column that a property of the route names */
    void requireColumns(String property, List<String> names) throws ReportHeldException {
        for (String name : names) {
            if (!columns.containsKey(name)) {
                throw new ReportHeldException(
                        "'" + property + "' names the column '" + name + "', which " + relation + " does not have.");
            }
        }
    }

    /** @throws ReportHeldException when the table does not have the text column of a scope */
    void requireScope(Scope scope) throws ReportHeldException {
        if (!scope.isAll()) {
            requireColumns("scope", List.of(scope.column()));
            if (!(columns.get(scope.column()).format() instanceof TextFormat)) {
                throw new ReportHeldException(
                        "'scope' names " + relation + "." + scope.column() + ", which is no text. Name a text column.");
            }
        }
    }

    /** How dates or times of the window column are read. */
    TimeFormat windowFormat() {
        return (TimeFormat) window.format();
    }

    /**
     * The table's rows of some days.
     *
     * @param end the day after the last
     * @param zone in which the days of a {@code timestamptz} begin
     */
    RowRange range(LocalDate first, LocalDate end, ZoneId zone) {
        return switch (windowFormat().type()) {
            case DATE -> RowRange.ofDays(window.name(), first, end);
            case TIMESTAMP -> RowRange.ofTimes(window.name(), first.atStartOfDay(), end.atStartOfDay());
            case TIMESTAMPTZ ->
                RowRange.ofInstants(
                        window.name(),
                        first.atStartOfDay(zone).toInstant(),
                        end.atStartOfDay(zone).toInstant(),
                        zone);
        };
    }
}
