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

    private static final String GRAIN = "_grain";

    private static final String DAYS = "_days";

    private static final String HAS_GRAIN = """
            select exists (
              select from pg_index i
              where i.indrelid = to_regclass(?) and i.indisunique and i.indisvalid and i.indpred is null
                and i.indexprs is null and not exists (
                  select from pg_attribute a
                  where a.attrelid = i.indrelid and not a.attnotnull and a.attnum = any (i.indkey))
                and array(
                  select a.attname::text collate "C" from pg_attribute a
                  where a.attrelid = i.indrelid and a.attnum = any (i.indkey) order by 1)
                    = array(select unnest(?::text[]) collate "C" order by 1)) as found""";

    private NewTable() {}

    static void create(Transaction tx, Relation table, RelationColumns columns, Node node) throws SQLException {
        if (node instanceof Model model && model.table().partition() != null) {
            tx.verbs()
                    .createPartitionedTable(
                            table, columns.definitions(), model.window().column());
        } else {
            tx.verbs().createTable(table, columns.definitions());
        }
        if (node instanceof Model model) {
            constrain(tx.sql(), table, model);
        }
    }

    private static void constrain(Sql sql, Relation table, Model model) throws SQLException {
        Set<String> notNull = new LinkedHashSet<>(model.key());
        String days = model.window() == null ? null : model.window().column();
        if (days != null && model.kind() != ModelKind.UPSERT) {
            notNull.add(days);
        }
        for (String column : notNull) {
            sql.execute("alter table " + table.sql() + " alter column " + Relation.quote(column) + " set not null");
        }
        if (days != null && !model.grain().get(0).equals(days)) {
            index(sql, "index", table, DAYS, List.of(days));
        }
        index(sql, "unique index", table, GRAIN, model.key());
    }

    /** Whether a table has the unique index of the model's grain, and no NULL in it. */
    static boolean hasGrain(Sql sql, Relation table, Model model) throws SQLException {
        return sql.first(HAS_GRAIN, row -> row.flag("found"), table.sql(), model.key())
                .orElseThrow();
    }

    /** Gives an empty table the grain of the model instead of another one. */
    static void changeGrain(Sql sql, Relation table, Model model) throws SQLException {
        for (String suffix : List.of(GRAIN, DAYS)) {
            sql.execute("drop index if exists " + new Relation(table.schema(), table.name() + suffix).sql());
        }
        for (String column : sql.list(
                "select attname from pg_attribute where attrelid = to_regclass(?) and attnum > 0 and attnotnull",
                row -> row.text("attname"),
                table.sql())) {
            sql.execute("alter table " + table.sql() + " alter column " + Relation.quote(column) + " drop not null");
        }
        constrain(sql, table, model);
    }

    private static void index(Sql sql, String kind, Relation table, String suffix, List<String> columns)
            throws SQLException {
        sql.execute("create " + kind + " " + Relation.quote(table.name() + suffix) + " on " + table.sql() + " ("
                + columns.stream().map(Relation::quote).collect(Collectors.joining(", ")) + ")");
    }
}
