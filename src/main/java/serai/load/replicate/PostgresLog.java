package serai.load.replicate;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.load.replicate.mapping.SourceTable;
import serai.warehouse.Sql;

/** The log of a PostgreSQL database: a publication says what is in it, and a slot keeps it. */
final class PostgresLog implements SourceLog {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresLog.class);

    private final PostgresDatabase database;
    private final ReplicationPlan plan;
    private final Connection source;
    private final Publication publication;
    private final AppliedTransactions applied;
    private String system;
    private long published;
    private Connection lookups;
    private LogReader reader;

    PostgresLog(PostgresDatabase database, ReplicationPlan plan, Connection source) {
        this.database = database;
        this.plan = plan;
        this.source = source;
        this.publication = new Publication(Sql.on(source), plan.publication(), plan.slot());
        this.applied = new AppliedTransactions(Sql.on(source));
    }

    @Override
    public List<ReplicatedTable> carried(List<ReplicatedTable> tables) throws SQLException {
        Set<String> names = publication.published();
        return tables.stream()
                .filter(table -> names.contains(table.source().toString()))
                .toList();
    }

    @Override
    public boolean isSame(LogPosition last) throws SQLException {
        return publication.oid() == last.publication();
    }

    @Override
    public void carry(List<SourceTable> tables) throws SQLException {
        system = system();
        published = publication.publish(tables);
        endOldReader();
    }

    private String system() throws SQLException {
        try (Connection replication = database.replication();
                Statement statement = replication.createStatement();
                ResultSet result = statement.executeQuery("IDENTIFY_SYSTEM")) {
            result.next();
            return result.getString("systemid");
        }
    }

    /** Another process that lost its lease may still read. */
    private void endOldReader() throws SQLException {
        Sql.on(source)
                .list(
                        "select pg_terminate_backend(active_pid) as ended from pg_replication_slots where slot_name = ?"
                                + " and active_pid is not null",
                        row -> row.flag("ended"),
                        plan.slot());
    }

    @Override
    public LogPosition begin() throws SQLException, LostPositionException {
        return position(publication.createSlot());
    }

    @Override
    public void require(LogPosition last) throws SQLException, LostPositionException {
        publication.require(last, system, published);
    }

    @Override
    public LogPosition taken() throws SQLException, LostPositionException {
        return position(publication.confirmed());
    }

    @Override
    public LogPosition renew() throws SQLException, LostPositionException {
        return position(publication.renewSlot());
    }

    private LogPosition position(long lsn) {
        return new LogPosition(lsn, system, published, null, null);
    }

    @Override
    public void follow(LogPosition from, ChunkQueue queue) throws SQLException {
        applied.begin();
        lookups = database.connect();
        TableCatalog catalog = new TableCatalog(database, lookups, plan.mapping());
        catalog.read();
        reader = LogReader.start(
                database.replication(), plan.slot(), plan.publication(), from.lsn(), lookups, catalog, queue);
    }

    @Override
    public boolean looksForTables() {
        return true;
    }

    @Override
    public boolean hasOtherTables() {
        return false;
    }

    @Override
    public long receivedLsn() {
        return reader.receivedLsn();
    }

    @Override
    public LogPosition at(LogPosition last, Chunk chunk) {
        return last.at(chunk.endLsn(), chunk.committedAt());
    }

    @Override
    public void acknowledge(long lsn) {
        reader.acknowledge(lsn);
    }

    @Override
    public void applied(Collection<Integer> xids) {
        applied.add(xids);
    }

    @Override
    public boolean isAppliedVisible() throws SQLException {
        return applied.areVisible();
    }

    @Override
    public void awaitVisible() throws SQLException {
        applied.awaitVisible();
    }

    @Override
    public void forgetVisible() throws SQLException {
        applied.forget();
    }

    @Override
    public void abort() {
        abort(source);
        abort(lookups);
    }

    private static void abort(Connection connection) {
        try {
            if (connection != null) {
                connection.abort(Runnable::run);
            }
        } catch (SQLException e) {
            LOG.debug("A connection was lost: {}", e.getMessage());
        }
    }

    @Override
    public void close() throws InterruptedException {
        // the reading thread may wait for a lock there
        abort(lookups);
        if (reader != null) {
            reader.close();
        }
    }
}
