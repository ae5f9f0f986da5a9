package serai.warehouse;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Map;

/** Creates a view or changes its definition, whatever has its name now and whatever views read it. */
final class ViewChange {

    private static final String OTHER_COLUMNS = "42P16";
    private static final String NOT_A_VIEW = "42809";

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

    private void dropAndCreate(Map<Relation, String> definitions) throws SQLException {
        DependentViews views = DependentViews.drop(connection, view);
        RelationMetadata metadata = RelationMetadata.read(connection, view.sql());
        RelationKind kind = RelationKind.of(connection, view).orElseThrow();
        sql.execute("drop " + kind.sql() + " " + view.sql());
        sql.execute("create view " + view.sql() + " as " + select);
        metadata.applyTo(connection, RelationKind.VIEW, view.sql());
        views.restore(definitions);
    }
}
