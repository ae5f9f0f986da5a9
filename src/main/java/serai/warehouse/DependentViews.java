package serai.warehouse;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The views that read a relation, directly or through other views, of any owner. They are dropped so that the relation
 * can be replaced, and created again in the same transaction with their owners, grants and comments.
 */
final class DependentViews {

    /**
     * @param name as messages name it; {@code sql} is the same, quoted
     * @param isDisposable whether it is in a schema of development, and is left away where it no longer fits
     */
    private record View(
            String name,
            String sql,
            RelationKind kind,
            boolean populated,
            String options,
            String definition,
            List<String> indexes,
            boolean isModel,
            boolean isDisposable,
            RelationMetadata metadata) {}

    private static final Logger LOG = LoggerFactory.getLogger(DependentViews.class);

    private static final String DISPOSABLE =
            "coalesce(obj_description(n.oid, 'pg_namespace') = " + Sql.literal(DevelopmentSchema.COMMENT) + ", false)";

    private static final String OF_RELATION = "select to_regclass(?)::oid, 0";
    private static final String OF_MODELS = """
            select c.oid, 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
            join meta.model_state m on m.model = c.relname and m.kind = 'view'
            where c.relkind = 'v' and n.nspname in ('staging', 'star', 'report')
            union
            select c.oid, 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'v' and\s""" + DISPOSABLE;

    private final Connection connection;
    private final Sql sql;
    private final List<View> views;

    private DependentViews(Connection connection, List<View> views) {
        this.connection = connection;
        this.sql = Sql.on(connection);
        this.views = views;
    }

    /** @param connection in a transaction; the views are dropped in it */
    static DependentViews drop(Connection connection, Relation relation) throws SQLException {
        return drop(connection, read(connection, OF_RELATION, relation.sql()));
    }

    /**
     * Drops the views of models, and those that read them.
     *
     * @param connection in a transaction
     */
    static DependentViews dropModels(Connection connection) throws SQLException {
        return drop(connection, read(connection, OF_MODELS));
    }

    private static DependentViews drop(Connection connection, List<View> views) throws SQLException {
        DependentViews dependents = new DependentViews(connection, views);
        List<View> topDown = new ArrayList<>(dependents.views);
        Collections.reverse(topDown);
        for (View view : topDown) {
            dependents.sql.execute("drop " + view.kind().sql() + " " + view.sql());
        }
        return dependents;
    }

    /** The views, each after those that it reads. */
    private static List<View> read(Connection connection, String roots, Object... parameters) throws SQLException {
        Sql sql = Sql.on(connection);
        String path = setSearchPath(sql, "");
        // with an empty search path pg_get_viewdef names every relation with its schema
        try {
            return sql.list(
                    """
                    with recursive above (oid, depth) as (
                      %s
                      union
                      select w.ev_class, above.depth + 1
                      from above
                      join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = above.oid
                        and d.classid = 'pg_rewrite'::regclass
                      join pg_rewrite w on w.oid = d.objid and w.ev_class <> above.oid
                      where above.depth < 100)
                    select n.nspname || '.' || c.relname as name, format('%%I.%%I', n.nspname, c.relname) as sql,
                      c.relkind = 'm' as materialized,
                      c.relispopulated as populated, array_to_string(c.reloptions, ', ') as options,
                      pg_get_viewdef(c.oid) as definition,
                      array(select pg_get_indexdef(indexrelid) from pg_index where indrelid = c.oid) as indexes,
                      n.nspname in ('staging', 'star', 'report')
                        and exists (select from meta.model_state where model = c.relname) as is_model,
                      %s as is_disposable
                    from (select oid, max(depth) as depth from above where depth > 0 group by oid) a
                    join pg_class c on c.oid = a.oid join pg_namespace n on n.oid = c.relnamespace
                    order by a.depth, c.relname""".formatted(roots, DISPOSABLE),
                    row -> new View(
                            row.text("name"),
                            row.text("sql"),
                            row.flag("materialized") ? RelationKind.MATERIALIZED_VIEW : RelationKind.VIEW,
                            row.flag("populated"),
                            row.text("options"),
                            row.text("definition"),
                            row.texts("indexes"),
                            row.flag("is_model"),
                            row.flag("is_disposable"),
                            RelationMetadata.read(connection, row.text("sql"))),
                    parameters);
        } finally {
            setSearchPath(sql, path);
        }
    }

    /** Sets the search path for the rest of the transaction and returns the one before. */
    private static String setSearchPath(Sql sql, String path) throws SQLException {
        return sql.first(
                        "select current_setting('search_path') as before, set_config('search_path', ?, true)",
                        row -> row.text("before"),
                        path)
                .orElseThrow();
    }

    /**
     * Creates the views again.
     *
     * @param newer definitions that are used instead of the old ones where they fit; names follow the search path
     * @throws SQLException when a view needs a column that no longer exists; the message names the view
     */
    void restore(Map<Relation, String> newer) throws SQLException {
        Map<String, String> newerByName = newer.entrySet().stream()
                .collect(Collectors.toMap(e -> e.getKey().toString(), Map.Entry::getValue));
        for (View view : views) {
            if (createAs(view, newerByName.get(view.name()))
                    || view.isDisposable() && createAs(view, view.definition())) {
                complete(view);
            } else if (view.isDisposable()) {
                leaveAway(view);
            } else {
                create(view);
                complete(view);
            }
        }
    }

    /**
     * Creates the views again. A view of a model that no longer fits is left away: the next refresh creates it from its
     * file, or says what is wrong with it.
     *
     * @throws SQLException when another view no longer fits; the message names it
     */
    void restoreThoseThatFit() throws SQLException {
        for (View view : views) {
            if (createAs(view, view.definition())) {
                complete(view);
            } else if (view.isDisposable()) {
                leaveAway(view);
            } else if (view.isModel()) {
                LOG.warn("view={} A migration changes what it reads. The next refresh creates it again.", view.name());
            } else {
                create(view);
            }
        }
    }

    private static void leaveAway(View view) {
        LOG.warn("view={} What it reads has changed. It is dropped; build its schema again.", view.name());
    }

    private void complete(View view) throws SQLException {
        for (String index : view.indexes()) {
            sql.execute(index);
        }
        view.metadata().applyTo(connection, view.kind(), view.sql());
    }

    private boolean createAs(View view, String definition) throws SQLException {
        if (definition == null) {
            return false;
        }
        Savepoint before = connection.setSavepoint();
        try {
            sql.execute(statement(view, definition));
            return true;
        } catch (SQLException e) {
            connection.rollback(before);
            return false;
        }
    }

    private void create(View view) throws SQLException {
        try {
            sql.execute(statement(view, view.definition()));
        } catch (SQLException e) {
            throw new SQLException(
                    "The view " + view.name() + " reads it and would break: " + e.getMessage()
                            + ". Change or drop that view first.",
                    e.getSQLState(),
                    e);
        }
    }

    private static String statement(View view, String definition) {
        String select = definition.strip().replaceFirst(";$", "");
        String options = view.options() == null || view.options().isEmpty() ? "" : " with (" + view.options() + ")";
        boolean empty = view.kind() == RelationKind.MATERIALIZED_VIEW && !view.populated();
        return "create " + view.kind().sql() + " " + view.sql() + options + " as " + select
                + (empty ? " with no data" : "");
    }
}
