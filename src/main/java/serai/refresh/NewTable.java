package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import serai.warehouse.Relation;

/** Creates the table of a model: its grain is unique and not null, its days have an index. */
final class NewTable {

    private NewTable() {}

    static void create(Connection connection, Relation table, RelationColumns shape, CatalogEntry entry)
            throws SQLException {
        execute(connection, "create table " + table.sql() + " (" + shape.definitions() + ")");
        if (entry instanceof Model model) {
            for (String column : model.grain()) {
                execute(
                        connection,
                        "alter table " + table.sql() + " alter column " + Relation.quote(column) + " set not null");
            }
            if (model.window() != null) {
                String day = model.window().column();
                execute(
                        connection,
                        "alter table " + table.sql() + " alter column " + Relation.quote(day) + " set not null");
                if (!model.grain().get(0).equals(day)) {
                    index(connection, "index", table, "days", List.of(day));
                }
            }
            if (!model.grain().isEmpty()) {
                index(connection, "unique index", table, "grain", model.grain());
            }
        }
        comment(connection, "table", table, entry);
    }

    private static void index(Connection connection, String kind, Relation table, String suffix, List<String> columns)
            throws SQLException {
        execute(
                connection,
                "create " + kind + " " + Relation.quote(table.name() + "_" + suffix) + " on " + table.sql() + " ("
                        + columns.stream().map(Relation::quote).collect(Collectors.joining(", ")) + ")");
    }

    static void comment(Connection connection, String kind, Relation relation, CatalogEntry entry) throws SQLException {
        execute(
                connection,
                "comment on " + kind + " " + relation.sql() + " is E'"
                        + entry.about().replace("\\", "\\\\").replace("'", "''") + "'");
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(sql);
        }
    }
}
