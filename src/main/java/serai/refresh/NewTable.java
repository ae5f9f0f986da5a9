package serai.refresh;

import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import serai.warehouse.Relation;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;

/** Creates the table of a node: the grain of a model is unique and not null, its days have an index. */
final class NewTable {

    private NewTable() {}

    static void create(Transaction tx, Relation table, RelationColumns columns, Node node) throws SQLException {
        tx.verbs().createTable(table, columns.definitions());
        if (node instanceof Model model) {
            constrain(tx.sql(), table, model);
        }
    }

    private static void constrain(Sql sql, Relation table, Model model) throws SQLException {
        Set<String> notNull = new LinkedHashSet<>(model.grain());
        if (model.window() != null) {
            notNull.add(model.window().column());
        }
        for (String column : notNull) {
            sql.execute("alter table " + table.sql() + " alter column " + Relation.quote(column) + " set not null");
        }
        if (model.window() != null
                && !model.grain().get(0).equals(model.window().column())) {
            index(sql, "index", table, "days", List.of(model.window().column()));
        }
        index(sql, "unique index", table, "grain", model.grain());
    }

    private static void index(Sql sql, String kind, Relation table, String suffix, List<String> columns)
            throws SQLException {
        sql.execute("create " + kind + " " + Relation.quote(table.name() + "_" + suffix) + " on " + table.sql() + " ("
                + columns.stream().map(Relation::quote).collect(Collectors.joining(", ")) + ")");
    }
}
