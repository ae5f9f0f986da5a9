package serai.refresh;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/** The columns of a relation, in order. */
record RelationColumns(List<Column> columns) {

    private static final String COLUMNS = """
            select attname, meta.type_name(atttypid, atttypmod) as type from pg_attribute
            where attrelid = to_regclass(?) and attnum > 0 and not attisdropped order by attnum""";

    /**
     * @param type as PostgreSQL formats it, with its schema unless it is built in, such as {@code timestamp with time
     *     zone}
     */
    record Column(String name, String type) {
        @Override
        public String toString() {
            return name + " " + type;
        }
    }

    /**
     * Reads the columns of a relation.
     *
     * @param name as SQL writes it; without a schema it follows the search path
     * @return empty when there is no such relation
     */
    static Optional<RelationColumns> read(Sql sql, String name) throws SQLException {
        List<Column> columns = sql.list(COLUMNS, row -> new Column(row.text("attname"), row.text("type")), name);
        return columns.isEmpty() ? Optional.empty() : Optional.of(new RelationColumns(columns));
    }

    /** Columns that are all of type {@code text}. */
    static RelationColumns ofText(List<String> names) {
        return new RelationColumns(
                names.stream().map(name -> new Column(name, "text")).toList());
    }

    List<String> names() {
        return columns.stream().map(Column::name).toList();
    }

    /** Whether another relation has the same columns, in any order. */
    boolean isSameAs(RelationColumns other) {
        return Set.copyOf(columns).equals(Set.copyOf(other.columns));
    }

    Optional<String> typeOf(String column) {
        return columns.stream()
                .filter(c -> c.name().equals(column))
                .map(Column::type)
                .findFirst();
    }

    /** How other columns differ from these, for a message: {@code without a text, with b integer}. */
    String difference(RelationColumns other) {
        List<String> differences = new ArrayList<>();
        columns.stream().filter(c -> !other.columns.contains(c)).forEach(c -> differences.add("without " + c));
        other.columns.stream().filter(c -> !columns.contains(c)).forEach(c -> differences.add("with " + c));
        return differences.isEmpty() ? "columns in another order" : String.join(", ", differences);
    }

    /** The column definitions of CREATE TABLE. */
    String definitions() {
        return columns.stream()
                .map(c -> Relation.quote(c.name()) + " " + c.type())
                .collect(Collectors.joining(", "));
    }

    /** The column names for a SELECT or an INSERT. */
    String list() {
        return columns.stream().map(c -> Relation.quote(c.name())).collect(Collectors.joining(", "));
    }
}
