package serai.load.replicate;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.load.replicate.mariadb.BinlogPosition;

/**
 * The binary log of a MariaDB server. It has the changes of all tables, and is kept for a time that the server sets.
 */
final class MariaDbLog implements SourceLog {

    private static final Logger LOG = LoggerFactory.getLogger(MariaDbLog.class);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private static final Duration LEAST_SESSION = Duration.ofSeconds(3);

    private static final String SETTINGS = "show global variables where variable_name in ('version', 'server_id',"
            + " 'log_bin', 'binlog_format', 'binlog_row_image', 'binlog_row_metadata', 'log_bin_compress',"
            + " 'log_bin_basename', 'binlog_expire_logs_seconds')";

    private final MariaDbDatabase database;
    private final ReplicationPlan plan;
    private final Connection source;
    private Map<String, String> settings = Map.of();
    private Connection lookups;
    private BinlogReader reader;
    private long followedSince;

    MariaDbLog(MariaDbDatabase database, ReplicationPlan plan, Connection source) {
        this.database = database;
        this.plan = plan;
        this.source = source;
    }

    /** What a server must have, so that its log can be followed: settings that are wrong, with the fix. */
    static Map<String, String> lacks(Map<String, String> settings) {
        Map<String, String> lacks = new HashMap<>();
        if (!settings.getOrDefault("version", "").contains("MariaDB")) {
            lacks.put(
                    "it is no MariaDB but " + settings.get("version"),
                    "replicate MariaDB 10.5 or newer, or PostgreSQL");
        }
        if (!"ON".equals(settings.get("log_bin"))) {
            lacks.put("it writes no binary log", "set log_bin in its configuration, and start it again");
        }
        require(lacks, settings, "binlog_format", "ROW");
        require(lacks, settings, "binlog_row_image", "FULL");
        require(lacks, settings, "binlog_row_metadata", "FULL");
        if ("ON".equals(settings.get("log_bin_compress"))) {
            lacks.put("its log_bin_compress is on", "set global log_bin_compress = 'OFF';");
        }
        return lacks;
    }

    private static void require(Map<String, String> lacks, Map<String, String> settings, String name, String value) {
        if (!value.equals(settings.get(name))) {
            lacks.put("its " + name + " is " + settings.get(name), "set global " + name + " = '" + value + "';");
        }
    }

    /** Settings of the server, by name. */
    static Map<String, String> settings(Connection source) throws SQLException {
        Map<String, String> settings = new HashMap<>();
        new MariaDbCatalog(source).query(SETTINGS, row -> settings.put(row.getString(1), row.getString(2)));
        return settings;
    }

    @Override
    public List<ReplicatedTable> carried(List<ReplicatedTable> tables) {
        return tables;
    }

    @Override
    public boolean isSame(LogPosition last) {
        return true;
    }

    @Override
    public void carry(List<ReplicatedTable> tables) throws SQLException {
        settings = settings(source);
        for (Map.Entry<String, String> lack : lacks(settings).entrySet()) {
            throw new SQLException("The source cannot be followed: " + lack.getKey() + ". Run there: " + lack.getValue()
                    + " and put it into its configuration.");
        }
    }

    @Override
    public LogPosition begin() throws SQLException {
        return new LogPosition(MariaDbRows.end(source), settings.get("server_id"), 0, null, null, null);
    }

    @Override
    public void require(LogPosition last) throws SQLException, LostPositionException {
        if (!last.system().equals(settings.get("server_id"))) {
            throw new LostPositionException("The source is another server than before (server_id "
                    + settings.get("server_id") + ", not " + last.system() + ")");
        }
        String file = file(last.lsn());
        List<Long> sizes = new ArrayList<>();
        new MariaDbCatalog(source).query("show binary logs", row -> {
            if (row.getString(1).equals(file)) {
                sizes.add(row.getLong(2));
            }
        });
        if (sizes.isEmpty()) {
            throw new LostPositionException("The source has no binary log " + file + " any more");
        }
        if (sizes.get(0) < BinlogPosition.place(last.lsn())) {
            throw new LostPositionException("The source's binary log " + file + " is shorter than what was applied of"
                    + " it: it is another one");
        }
        if (last.mark() != null && !marks(last).contains(last.mark())) {
            throw new LostPositionException("The source's binary log " + file + " is another one than before: it has"
                    + " not the transaction " + last.mark() + " where it was");
        }
    }

    /** The last transactions before a position, one of each domain. */
    private List<String> marks(LogPosition position) throws SQLException {
        List<String> marks = new ArrayList<>();
        new MariaDbCatalog(source)
                .query(
                        "select binlog_gtid_pos('" + file(position.lsn()) + "', " + BinlogPosition.place(position.lsn())
                                + ")",
                        row -> marks.addAll(
                                List.of(String.valueOf(row.getString(1)).split(","))));
        return marks;
    }

    private String file(long position) {
        String base = settings.get("log_bin_basename");
        return BinlogPosition.file(base.substring(base.lastIndexOf('/') + 1), position);
    }

    @Override
    public LogPosition taken() throws LostPositionException {
        throw new LostPositionException("MariaDB has no slot that another reader could have moved: reload the tables");
    }

    @Override
    public LogPosition renew() throws SQLException {
        return begin();
    }

    @Override
    public void follow(LogPosition from, ChunkQueue queue) throws SQLException {
        database.applied(from.lsn());
        followedSince = System.nanoTime();
        lookups = database.connect();
        TableCatalog catalog = new TableCatalog(database, lookups, plan.mapping());
        catalog.read();
        reader = new BinlogReader(database, lookups, catalog, queue, from.lsn());
        reader.start(database.binlog(), file(from.lsn()), plan.source());
    }

    @Override
    public boolean looksForTables() {
        return false;
    }

    @Override
    public boolean hasOtherTables() {
        // applications that make and drop tables all the time must not keep sessions from their work
        return reader.hasOtherTables() && System.nanoTime() - followedSince > LEAST_SESSION.toNanos();
    }

    @Override
    public long receivedLsn() {
        return reader.received();
    }

    @Override
    public LogPosition at(LogPosition last, Chunk chunk) {
        String mark = reader.mark(chunk.endLsn());
        LogPosition next = last.at(chunk.endLsn(), chunk.committedAt());
        return mark == null ? next : next.marked(mark);
    }

    @Override
    public void acknowledge(long lsn) {
        database.applied(lsn);
        reader.forgetMarks(lsn);
    }

    @Override
    public void applied(Collection<Integer> xids) {
        // positions say it
    }

    @Override
    public boolean isAppliedVisible() throws SQLException {
        return sees(database.applied());
    }

    @Override
    public void awaitVisible() throws SQLException {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!sees(reader.received())) {
            if (System.nanoTime() > end) {
                throw new SQLException(
                        "The source does not show transactions that are in its log; does it wait for a" + " replica?");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** A commit is in the log before queries see its rows. A snapshot knows its place in the log. */
    private boolean sees(long position) throws SQLException {
        Map<String, String> status = new HashMap<>();
        try (Statement statement = source.createStatement()) {
            statement.execute("start transaction with consistent snapshot");
            new MariaDbCatalog(source)
                    .query(
                            "show status like 'binlog_snapshot_%'",
                            row -> status.put(row.getString(1).toLowerCase(Locale.ROOT), row.getString(2)));
            statement.execute("commit");
        }
        long seen = BinlogPosition.of(
                status.get("binlog_snapshot_file"), Long.parseLong(status.get("binlog_snapshot_position")));
        return seen >= position;
    }

    @Override
    public void forgetVisible() {
        // nothing is remembered
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
        abort(lookups);
        if (reader != null) {
            reader.close();
        }
    }
}
