package serai.refresh;

import java.sql.SQLException;
import java.time.Duration;
import serai.warehouse.Sql;

/** How names in models are resolved, for the rest of a transaction. */
final class SearchPath {

    private static final String SCHEMAS = "staging, star, report, landing, app, public";

    private SearchPath() {}

    static void set(Sql sql) throws SQLException {
        sql.execute("set local search_path = " + SCHEMAS);
    }

    /** The same, with the schema before all others in which a graph has nodes that were moved. */
    static void set(Sql sql, ModelGraph graph) throws SQLException {
        sql.execute("set local search_path = " + (graph.schema() == null ? "" : graph.schema() + ", ") + SCHEMAS);
    }

    /** The same, with temporary relations before all others. */
    static void setWithTemporary(Sql sql) throws SQLException {
        sql.execute("set local search_path = pg_temp, " + SCHEMAS);
    }

    /** Also limits the wait for a lock: new readers queue up while this transaction waits for an old one. */
    static void set(Sql sql, Duration lockTimeout) throws SQLException {
        sql.execute("set local search_path = " + SCHEMAS + "; set local lock_timeout = " + lockTimeout.toMillis());
    }
}
