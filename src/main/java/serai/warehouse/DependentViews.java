package serai.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The views that stand on a relation, anybody's, near or far: taken away so that the relation can be replaced, and
 * created again in the same transaction with their owners, grants and comments.
 */
final class DependentViews {

    private record View(
            String schema,
            String name,
            boolean materialized,
            boolean filled,
            String options,
            String definition,
            List<String> indexes,
            RelationPrivileges belongings) {

        String kind() {
            return materialized ? "materialized view" : "view";
        }

        String sql() {
            return qualified(schema, name);
        }
    }

    private final Connection connection;
    private final List<View> views = new ArrayList<>();

    private DependentViews(Connection connection) {
        this.connection = connection;
    }

    /** @param connection in a transaction; the views are dropped in it */
    static DependentViews drop(Connection connection, Relation relation) throws SQLException {
        DependentViews dependents = new DependentViews(connection);
        dependents.read(relation);
        List<View> topDown = new ArrayList<>(dependents.views);
        Collections.reverse(topDown);
        for (View view : topDown) {
            dependents.execute("drop " + view.kind() + " " + view.sql());
        }
        return dependents;
    }

    private void read(Relation relation) throws SQLException {
        String path = searchPath();
        // so that definitions name every relation with its schema
        setSearchPath("");
        try (PreparedStatement s = RelationPrivileges.query(connection, """
                with recursive above (oid, depth) as (
                  select to_regclass(?)::oid, 0
                  union
                  select w.ev_class, above.depth + 1
                  from above
                  join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = above.oid and d.classid = 'pg_rewrite'::regclass
                  join pg_rewrite w on w.oid = d.objid and w.ev_class <> above.oid
                  where above.depth < 100)
                select n.nspname, c.relname, c.relkind = 'm', c.relispopulated, array_to_string(c.reloptions, ', '),
                  pg_get_viewdef(c.oid), array(select pg_get_indexdef(indexrelid) from pg_index where indrelid = c.oid)
                from (select oid, max(depth) as depth from above where depth > 0 group by oid) a
                join pg_class c on c.oid = a.oid join pg_namespace n on n.oid = c.relnamespace
                order by a.depth, c.relname""", relation.sql());
                ResultSet r = s.executeQuery()) {
            while (r.next()) {
                views.add(new View(
                        r.getString(1),
                        r.getString(2),
                        r.getBoolean(3),
                        r.getBoolean(4),
                        r.getString(5),
                        r.getString(6),
                        List.of((String[]) r.getArray(7).getArray()),
                        RelationPrivileges.of(connection, qualified(r.getString(1), r.getString(2)))));
            }
        } finally {
            setSearchPath(path);
        }
    }

    /**
     * Creates the views again.
     *
     * @param known definitions to be preferred to what the views said before, where they fit already; names follow the
     *     search path
     * @throws SQLException when a view needs a column that is gone; the message names the view
     */
    void restore(Map<Relation, String> known) throws SQLException {
        for (View view : views) {
            String preferred = known.entrySet().stream()
                    .filter(e -> e.getKey().sql().equals(view.sql()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(null);
            if (preferred == null || !created(view, preferred)) {
                create(view);
            }
            for (String index : view.indexes()) {
                execute(index);
            }
            view.belongings().giveTo(connection, view.kind(), view.sql());
        }
    }

    private boolean created(View view, String definition) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            execute(statement(view, definition));
            return true;
        } catch (SQLException e) {
            connection.rollback(before);
            return false;
        }
    }

    private void create(View view) throws SQLException {
        try {
            execute(statement(view, view.definition()));
        } catch (SQLException e) {
            throw new SQLException(
                    "The view " + view.schema() + "." + view.name() + " stands on it and would break: " + e.getMessage()
                            + ". Change or drop that view first.",
                    e.getSQLState(),
                    e);
        }
    }

    private static String qualified(String schema, String name) {
        return Relation.quote(schema) + "." + Relation.quote(name);
    }

    private static String statement(View view, String definition) {
        String select = definition.strip().replaceFirst(";$", "");
        String options = view.options() == null || view.options().isEmpty() ? "" : " with (" + view.options() + ")";
        return "create " + view.kind() + " " + view.sql() + options + " as " + select
                + (view.materialized() && !view.filled() ? " with no data" : "");
    }

    private void execute(String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(sql);
        }
    }

    private String searchPath() throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("select current_setting('search_path')")) {
            r.next();
            return r.getString(1);
        }
    }

    private void setSearchPath(String path) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("select set_config('search_path', ?, true)")) {
            s.setString(1, path);
            s.execute();
        }
    }
}
