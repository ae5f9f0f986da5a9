package serai.refresh;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import serai.warehouse.Relation;

/** The columns of a relation in their order. */
record RelationColumns(List<Column> columns) {

    record Column(String name, String type) {
        @Override
        public String toString() {
            return name + " " + type;
        }
    }

    /**
     * Reads the columns of a relation.
     *
     * @param name as it would be written in SQL; unqualified names follow the search path
     * @return empty when there is no such relation
     */
    static Optional<RelationColumns> read(Connection connection, String name) throws SQLException {
        List<Column> columns = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement("""
                select attname, format_type(atttypid, atttypmod) from pg_attribute
                where attrelid = to_regclass(?) and attnum > 0 and not attisdropped order by attnum""")) {
            s.setString(1, name);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    columns.add(new Column(r.getString(1), r.getString(2)));
                }
            }
        }
        return columns.isEmpty() ? Optional.empty() : Optional.of(new RelationColumns(columns));
    }

    static RelationColumns ofTexts(List<String> names) {
        return new RelationColumns(
                names.stream().map(n -> new Column(n, "text")).toList());
    }

    List<String> names() {
        return columns.stream().map(Column::name).toList();
    }

    Optional<String> typeOf(String column) {
        return columns.stream()
                .filter(c -> c.name().equals(column))
                .map(Column::type)
                .findFirst();
    }

    /**
     * Whether a view of this shape may become one of the other by {@code create or replace}: columns may only be added
     * at the end.
     */
    boolean isStartOf(RelationColumns other) {
        return other.columns.size() >= columns.size()
                && other.columns.subList(0, columns.size()).equals(columns);
    }

    /** How the other differs, in words: {@code without a, with b integer}. */
    String difference(RelationColumns other) {
        List<String> words = new ArrayList<>();
        columns.stream().filter(c -> !other.columns.contains(c)).forEach(c -> words.add("without " + c));
        other.columns.stream().filter(c -> !columns.contains(c)).forEach(c -> words.add("with " + c));
        return words.isEmpty() ? "columns in another order" : String.join(", ", words);
    }

    /** Column definitions for CREATE TABLE. */
    String definitions() {
        return columns.stream()
                .map(c -> Relation.quote(c.name()) + " " + c.type())
                .collect(Collectors.joining(", "));
    }

    /** The column names for a select or an insert. */
    String list() {
        return columns.stream().map(c -> Relation.quote(c.name())).collect(Collectors.joining(", "));
    }
}
