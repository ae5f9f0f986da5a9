package serai.load.replicate;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import serai.warehouse.Sql;

/**
 * A snapshot that a temporary slot exports, since that is the only one with a place in the log. Parts are ranges of
 * blocks; each is read in a transaction of its own that imports it.
 */
final class PostgresSnapshot implements TableSnapshot {

    private static final long MOST_BLOCKS = 1_000;
    private static final int DIVISOR = 10;

    private static final String BLOCKS = """
            select coalesce(max(pg_relation_size(relid)), 0) / current_setting('block_size')::int as blocks
            from pg_partition_tree(?::regclass)""";

    private final PostgresDatabase database;
    private final ReplicatedTable table;
    private final String slot;
    private final Connection exporter;
    private final Connection source;
    private String lsn;
    private String name;
    private long all;
    private long read;
    private long blocks = MOST_BLOCKS;
    private boolean done;

    /** @param slot a name for a temporary slot */
    PostgresSnapshot(PostgresDatabase database, ReplicatedTable table, String slot) throws SQLException {
        this.database = database;
        this.table = table;
        this.slot = slot;
        this.exporter = database.replication();
        try {
            this.source = database.connect();
        } catch (SQLException e) {
            exporter.close();
            throw e;
        }
    }

    @Override
    public void take() throws SQLException {
        try (Statement statement = exporter.createStatement();
                ResultSet result = statement.executeQuery(
                        "CREATE_REPLICATION_SLOT " + slot + " TEMPORARY LOGICAL pgoutput EXPORT_SNAPSHOT")) {
            result.next();
            lsn = result.getString("consistent_point");
            name = result.getString("snapshot_name");
        }
        all = Sql.on(source)
                .first(BLOCKS, row -> row.number("blocks"), table.source().sql())
                .orElseThrow();
    }

    @Override
    public String lsn() {
        return lsn;
    }

    @Override
    public boolean next(Duration longest, SourceRows.RowWork work) throws SQLException {
        long end = read + blocks;
        // the table may have grown
        boolean last = end >= all;
        String range = "ctid >= '(" + read + ",0)'" + (last ? "" : " and ctid < '(" + end + ",0)'");
        source.setAutoCommit(false);
        try {
            Sql.on(source)
                    .execute("set transaction isolation level repeatable read; set transaction snapshot "
                            + Sql.literal(name) + "; set local statement_timeout = "
                            + (blocks > 1 ? longest.toMillis() : 0));
            new PostgresRows(source).each(table, range, work);
        } catch (SQLException e) {
            if (!database.isCanceled(e) || blocks == 1) {
                throw e;
            }
            blocks = Math.max(1, blocks / DIVISOR);
            return false;
        } finally {
            source.rollback();
            source.setAutoCommit(true);
        }
        read = end;
        done = last;
        return true;
    }

    @Override
    public boolean isRead() {
        return done;
    }

    @Override
    public void abort() {
        for (Connection connection : new Connection[] {exporter, source}) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                // it is gone
                continue;
            }
        }
    }

    @Override
    public void close() throws SQLException {
        // a server that waits for transactions does not hear that its client has gone
        exporter.abort(Runnable::run);
        source.close();
    }
}
