package serai.refresh;

import java.sql.SQLException;
import java.time.Duration;
import serai.warehouse.Sql;

/** How names in models are resolved, for the rest of a transaction. */
final class SearchPath {

    private SearchPath() {}

    static void set(Sql sql) throws SQLException {
        sql.execute("set local search_path = staging, star, report, landing, app");
    }

    /** Also limits how long to wait for a lock: while we wait for a long reader, all others wait behind us. */
    static void set(Sql sql, Duration lockTimeout) throws SQLException {
        set(sql);
        sql.execute("set local lock_timeout = " + lockTimeout.toMillis());
    }
}
