package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** How names in models are found, for the rest of a transaction. */
final class SearchPath {

    private SearchPath() {}

    static void set(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("set local search_path = staging, star, report, landing, app");
        }
    }

    /** Also bounds the wait for a lock: a long reader would hold up everybody behind us. */
    static void set(Connection connection, Duration lockTimeout) throws SQLException {
        set(connection);
        try (Statement s = connection.createStatement()) {
            s.execute("set local lock_timeout = " + lockTimeout.toMillis());
        }
    }
}
