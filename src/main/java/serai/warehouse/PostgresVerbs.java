package serai.warehouse;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** The verbs for one PostgreSQL server. */
final class PostgresVerbs implements WriteVerbs {

    private final Connection connection;
    private final Sql sql;

    PostgresVerbs(Connection connection) {
        this.connection = connection;
        this.sql = Sql.on(connection);
    }

    @Override
    public void createTable(Relation table, String columns) throws SQLException {
        sql.execute("create table " + table.sql() + " (" + columns + ")");
    }

    @Override
    public void createPartitionedTable(Relation table, String columns, String column) throws SQLException {
        sql.execute("create table " + table.sql() + " (" + columns + ") partition by range (" + Relation.quote(column)
                + ")");
    }

    @Override
    public CopyIn copyIn(String table, List<String> columns) throws SQLException {
        return connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("copy " + table + " (" + names(columns) + ") from stdin");
    }

    @Override
    public long deleteRange(Relation relation, RowRange range) throws SQLException {
        return sql.update("delete from " + relation.sql() + " where " + range.condition(), range.parameters());
    }

    @Override
    public Written replaceRange(
            Relation relation, RowRange range, List<String> columns, String select, Object... parameters)
            throws SQLException {
        long deleted = deleteRange(relation, range);
        return new Written(sql.update(insert(relation, columns, "", select), parameters), 0, deleted);
    }

    @Override
    public Written mergeOnKey(
            Relation relation, List<String> key, List<String> columns, String select, Object... parameters)
            throws SQLException {
        List<String> others = columns.stream().filter(c -> !key.contains(c)).toList();
        String action = others.isEmpty()
                ? "nothing"
                : "update set "
                        + others.stream()
                                .map(c -> Relation.quote(c) + " = excluded." + Relation.quote(c))
                                .collect(Collectors.joining(", "))
                        + " where (" + qualified("target", others) + ") is distinct from ("
                        + qualified("excluded", others) + ")";
        String merge = insert(relation, columns, " on conflict (" + names(key) + ") do " + action, select);
        // a row that was updated has the transaction that removed its old version in xmax
        return sql.first(
                        "with merged as (" + merge + " returning target.xmax = 0 as is_new) select"
                                + " count(*) filter (where is_new) as inserted,"
                                + " count(*) filter (where not is_new) as updated from merged",
                        row -> new Written(row.number("inserted"), row.number("updated"), 0),
                        parameters)
                .orElseThrow();
    }

    @Override
    public long insertAbsent(
            Relation relation, List<String> key, List<String> columns, String select, Object... parameters)
            throws SQLException {
        return sql.update(
                insert(relation, columns, " on conflict (" + names(key) + ") do nothing", select), parameters);
    }

    private static String insert(Relation relation, List<String> columns, String onConflict, String select) {
        String list = names(columns);
        return "insert into " + relation.sql() + " as target (" + list + ") select " + list + " from (" + select
                + ") as source(" + list + ")" + onConflict;
    }

    @Override
    public void alterColumns(Relation table, List<String> actions, Map<Relation, String> definitions)
            throws SQLException {
        String statement = "alter table " + table.sql() + " " + String.join(", ", actions);
        if (actions.stream().allMatch(action -> action.startsWith("add column "))) {
            sql.execute(statement);
            return;
        }
        DependentViews views = DependentViews.drop(connection, table);
        sql.execute(statement);
        views.restore(definitions);
    }

    @Override
    public void swap(Relation table, Relation shadow, Map<Relation, String> definitions) throws SQLException {
        new TableSwap(connection, table, shadow).run(definitions);
    }

    @Override
    public void replaceView(Relation view, String select, Map<Relation, String> definitions) throws SQLException {
        new ViewChange(connection, view, select).run(definitions);
    }

    private static String names(List<String> columns) {
        return columns.stream().map(Relation::quote).collect(Collectors.joining(", "));
    }

    private static String qualified(String alias, List<String> columns) {
        return columns.stream().map(c -> alias + "." + Relation.quote(c)).collect(Collectors.joining(", "));
    }
}
