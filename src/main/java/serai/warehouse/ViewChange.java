package serai.warehouse;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Map;

/** Creates a view or changes its definition, whatever has its name now and whatever views read it. */
final class ViewChange {

    private static final String OTHER_COLUMNS = "42P16";
    private static final String NOT_A_VIEW = "42809";

    private static final String OBJECTS = """
            select pg_describe_object(class::regclass, oid, 0) as object
            from (select to_regclass(?)::oid as id) t, lateral (
              select 'pg_policy' as class, oid from pg_policy where polrelid = t.id
              union all select 'pg_trigger', oid from pg_trigger where tgrelid = t.id and not tgisinternal
              union all select 'pg_constraint', oid from pg_constraint
                where conrelid = t.id and contype in ('c', 'f', 'x') or confrelid = t.id
              union all select 'pg_publication_rel', oid from pg_publication_rel where prrelid = t.id
              union all select 'pg_statistic_ext', oid from pg_statistic_ext where stxrelid = t.id) o
            order by 1""";

    private final Connection connection;
    private final Sql sql;
    private final Relation view;
    private final String select;

    ViewChange(Connection connection, Relation view, String select) {
        this.connection = connection;
        this.sql = Sql.on(connection);
        this.view = view;
        this.select = select;
    }

    void run(Map<Relation, String> definitions) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            sql.execute("create or replace view " + view.sql() + " as " + select);
        } catch (SQLException e) {
            if (!OTHER_COLUMNS.equals(e.getSQLState()) && !NOT_A_VIEW.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
            dropAndCreate(definitions);
        }
    }

    /** What a table can have and a view cannot. */
    private void refuseLoss() throws SQLException {
        List<String> objects = sql.list(OBJECTS, row -> row.text("object"), view.sql());
        if (!objects.isEmpty()) {
            throw new SQLException(view + " is a table, and a view cannot have what was put on it: "
                    + String.join("; ", objects) + ". Drop that first, or give the view another name.");
        }
    }

    private void dropAndCreate(Map<Relation, String> definitions) throws SQLException {
        refuseLoss();
        DependentViews views = DependentViews.drop(connection, view);
        RelationMetadata metadata = RelationMetadata.read(connection, view.sql());
        RelationKind kind = RelationKind.of(connection, view).orElseThrow();
        sql.execute("drop " + kind.sql() + " " + view.sql());
        sql.execute("create view " + view.sql() + " as " + select);
        metadata.applyTo(connection, RelationKind.VIEW, view.sql());
        views.restore(definitions);
    }
}
