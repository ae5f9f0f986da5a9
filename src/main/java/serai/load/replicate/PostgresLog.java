package serai.load.replicate;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
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
    private final Publication inserts;
    private final AppliedTransactions applied;
    private String system;
    private long published;
    /** 0 when there is no publication of inserts. */
    private long insertsOid;

    private long insertsSince;
    /** Whether the log is read with it. */
    private boolean hasInserts;

    private boolean insertsAreDue;
    private Connection lookups;
    private LogReader reader;

    PostgresLog(PostgresDatabase database, ReplicationPlan plan, Connection source) {
        this.database = database;
        this.plan = plan;
        this.source = source;
        this.publication = new Publication(Sql.on(source), plan.publication(), plan.slot());
        this.inserts = Publication.ofInserts(Sql.on(source), plan);
        this.applied = new AppliedTransactions(Sql.on(source));
    }

    @Override
    public List<ReplicatedTable> carried(List<ReplicatedTable> tables) throws SQLException {
        Set<String> names = new HashSet<>(publication.published());
        names.addAll(inserts.published());
        return tables.stream()
                .filter(table -> names.contains(table.source().toString()))
                .toList();
    }

    @Override
    public boolean isSame(LogPosition last) throws SQLException {
        return publication.oid() == last.publication();
    }

    @Override
    public void carry(List<ReplicatedTable> tables) throws SQLException {
        system = system();
        published = publication.publish(sources(tables, false));
        List<SourceTable> appended = sources(tables, true);
        insertsOid = inserts.oid();
        if (insertsOid != 0 || !appended.isEmpty()) {
            insertsOid = inserts.publish(appended);
        }
        endOldReader();
    }

    private static List<SourceTable> sources(List<ReplicatedTable> tables, boolean appended) {
        return tables.stream()
                .filter(table -> table.isAppended() == appended)
                .map(ReplicatedTable::source)
                .toList();
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
        return position(publication.createSlot()).with(new LogPosition.Inserts(insertsOid, 0));
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
        return position(publication.renewSlot()).with(new LogPosition.Inserts(insertsOid, 0));
    }

    private LogPosition position(long lsn) {
        return new LogPosition(lsn, system, published, null, null, null);
    }

    @Override
    public LogPosition complete(LogPosition from) throws SQLException {
        LogPosition complete = from;
        if (insertsOid != 0 && (from.inserts() == null || from.inserts().oid() != insertsOid)) {
            String now = Sql.on(source)
                    .first("select pg_current_wal_insert_lsn()::text as lsn", row -> row.text("lsn"))
                    .orElseThrow();
            complete = from.with(new LogPosition.Inserts(insertsOid, LogPosition.parse(now)));
        }
        insertsSince = insertsOid == 0 ? 0 : complete.inserts().since();
        hasInserts = insertsOid != 0 && isSince(complete.lsn());
        return complete;
    }

    private boolean isSince(long lsn) {
        return Long.compareUnsigned(lsn, insertsSince) >= 0;
    }

    @Override
    public boolean follows(ReplicatedTable table) {
        return !table.isAppended() || hasInserts;
    }

    @Override
    public void follow(LogPosition from, ChunkQueue queue) throws SQLException {
        applied.begin();
        lookups = database.connect();
        TableCatalog catalog = new TableCatalog(database, lookups, plan.mapping());
        catalog.read();
        List<String> publications =
                hasInserts ? List.of(plan.publication(), plan.insertPublication()) : List.of(plan.publication());
        reader =
                LogReader.start(database.replication(), plan.slot(), publications, from.lsn(), lookups, catalog, queue);
    }

    @Override
    public boolean looksForTables() {
        return true;
    }

    @Override
    public boolean hasOtherTables() {
        return insertsAreDue;
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
        insertsAreDue = insertsOid != 0 && !hasInserts && isSince(lsn);
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
