package serai.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;

/** Creates a view or gives it another definition, whatever stands in its place and on it. */
final class ViewChange {

    private static final String OTHER_COLUMNS = "42P16";
    private static final String NOT_A_VIEW = "42809";

    private final Connection connection;
    private final Relation view;
    private final String select;

    ViewChange(Connection connection, Relation view, String select) {
        this.connection = connection;
        this.view = view;
        this.select = select;
    }

    void run(Map<Relation, String> definitions) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            execute("create or replace view " + view.sql() + " as " + select);
        } catch (SQLException e) {
            if (!OTHER_COLUMNS.equals(e.getSQLState()) && !NOT_A_VIEW.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
            createAgain(definitions);
        }
    }

    private void createAgain(Map<Relation, String> definitions) throws SQLException {
        DependentViews views = DependentViews.drop(connection, view);
        RelationPrivileges belongings = RelationPrivileges.of(connection, view.sql());
        execute("drop " + kindOf(connection, view).orElseThrow() + " " + view.sql());
        execute("create view " + view.sql() + " as " + select);
        belongings.giveTo(connection, "view", view.sql());
        views.restore(definitions);
    }

    /** {@code table} or {@code view}, as DROP wants to hear it. */
    static Optional<String> kindOf(Connection connection, Relation relation) throws SQLException {
        try (PreparedStatement s = RelationPrivileges.query(
                        connection, "select relkind from pg_class where oid = to_regclass(?)", relation.sql());
                ResultSet r = s.executeQuery()) {
            return r.next() ? Optional.of(r.getString(1).equals("v") ? "view" : "table") : Optional.empty();
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(sql);
        }
    }
}
