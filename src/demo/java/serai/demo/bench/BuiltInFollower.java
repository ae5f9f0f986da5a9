package serai.demo.bench;

import java.sql.Connection;
import java.sql.SQLException;
import serai.warehouse.Sql;

/** PostgreSQL's own logical replication: a subscription with its defaults. */
final class BuiltInFollower extends Follower {

    private final String connectionString;

    /**
     * @param connectionString of libpq, by which the target's server reaches the source
     * @param target the database of the subscription, with empty tables
     */
    BuiltInFollower(String connectionString, Sql source, Connection target) throws SQLException {
        super("peer", "public", source, target);
        this.connectionString = connectionString;
        source.execute("drop publication if exists peer; create publication peer for table "
                + String.join(", ", SourceLoad.TABLES));
        SourceLoad.createTables(target());
    }

    @Override
    void create() throws SQLException {
        target().execute("create subscription peer connection '" + connectionString + "' publication peer");
    }

    @Override
    void resume() throws SQLException {
        target().execute("alter subscription peer enable");
    }

    @Override
    void pause() throws Exception {
        target().execute("alter subscription peer disable");
        await("its slot is free", () -> !isReading());
    }

    @Override
    boolean isCopied() throws SQLException {
        return target().first(
                        "select 1 from pg_subscription_rel having count(*) = ?"
                                + " and every(srsubstate in ('f', 's', 'r'))",
                        row -> true,
                        SourceLoad.TABLES.size())
                .isPresent();
    }

    @Override
    void remove() throws SQLException {
        target().execute("drop subscription if exists peer");
        target().execute("truncate " + String.join(", ", SourceLoad.TABLES));
    }

    @Override
    double cpuSeconds() {
        return 0;
    }

    @Override
    void requireAlive() {
        // the launcher starts its workers again
    }
}
