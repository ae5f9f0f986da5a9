package serai.warehouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of a source. It holds an advisory lock on its own connection, so a second one waits, and it raised the
 * source's epoch, so that a writer whose lock was lost without its knowing (a paused process behind a pooler) is
 * refused at its commit. Not thread-safe.
 */
public final class Writer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Connection connection;
    private final String source;
    private final long epoch;
    private final JsonNode position;
    private long runId;

    private Writer(Connection connection, String source, long epoch, JsonNode position) {
        this.connection = connection;
        this.source = source;
        this.epoch = epoch;
        this.position = position;
    }

    static Optional<Writer> open(Connection connection, String source, boolean wait) throws SQLException {
        try {
            connection.setAutoCommit(true);
            if (!lock(connection, source, wait)) {
                connection.close();
                return Optional.empty();
            }
            return Optional.of(take(connection, source));
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static boolean lock(Connection connection, String source, boolean wait) throws SQLException {
        String call = wait
                ? "select true from pg_advisory_lock(hashtextextended('serai ' || ?, 0))"
                : "select pg_try_advisory_lock(hashtextextended('serai ' || ?, 0))";
        try (PreparedStatement s = connection.prepareStatement(call)) {
            s.setString(1, source);
            try (ResultSet r = s.executeQuery()) {
                r.next();
                return r.getBoolean(1);
            }
        }
    }

    private static Writer take(Connection connection, String source) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                insert into meta.offsets (source, epoch) values (?, 1)
                on conflict (source) do update set epoch = meta.offsets.epoch + 1
                returning epoch, position""")) {
            s.setString(1, source);
            try (ResultSet r = s.executeQuery()) {
                r.next();
                return new Writer(connection, source, r.getLong(1), JSON.readTree(r.getString(2)));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("meta.offsets has a position of " + source + " that is not JSON", e);
        }
    }

    public String source() {
        return source;
    }

    /** The position that the last commit left, an object; empty if there was none. */
    public JsonNode position() {
        return position;
    }

    /**
     * This writer's own connection, in auto-commit: for reading, and for staging into temporary tables before the
     * commit.
     */
    public Connection connection() {
        return connection;
    }

    /**
     * Opens a ledger row for a run and closes those that a crash left open.
     *
     * @param kind what runs, such as {@code metabase-report}
     * @param window the window that it covers, or null
     * @return the run's id
     */
    public long begin(String kind, TimeWindow window) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                update meta.runs set status = 'interrupted', finished_at = clock_timestamp(), error = 'The process ended during this run.'
                where source = ? and status = 'running'""")) {
            s.setString(1, source);
            s.executeUpdate();
        }
        try (PreparedStatement s = connection.prepareStatement(
                "insert into meta.runs (source, kind, window_from, window_to) values (?, ?, ?, ?) returning run_id")) {
            s.setString(1, source);
            s.setString(2, kind);
            s.setTimestamp(3, window == null ? null : Timestamp.from(window.from()));
            s.setTimestamp(4, window == null ? null : Timestamp.from(window.to()));
            try (ResultSet r = s.executeQuery()) {
                r.next();
                runId = r.getLong(1);
                return runId;
            }
        }
    }

    /** What a run does inside its transaction. */
    @FunctionalInterface
    public interface Work {
        /**
         * @return how it ended; with any status but {@code OK} the rows that it wrote are taken back and the ledger row
         *     alone is kept
         * @throws Exception to take everything back; the ledger row then says {@code failed}
         */
        RunOutcome in(Transaction tx) throws Exception;
    }

    /**
     * The only way in which data is written: rows, dirty days, position and ledger row commit together or not at all.
     *
     * @throws FencedOffException when another writer has taken the source meanwhile
     * @throws Exception what the work threw, after everything was taken back and the ledger says so
     */
    public RunOutcome commitWithState(Work work) throws Exception {
        try {
            connection.setAutoCommit(false);
            Transaction tx = new Transaction(connection, source, runId);
            var start = connection.setSavepoint();
            RunOutcome outcome = work.in(tx);
            if (outcome.status() != RunOutcome.Status.OK) {
                connection.rollback(start);
            }
            tx.writeRejects();
            tx.writePosition(epoch, outcome.status());
            finish(outcome);
            connection.commit();
            return outcome;
        } catch (Exception e) {
            rollback(e);
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** Ends the run in the ledger without writing anything else. */
    public void end(RunOutcome outcome) throws SQLException {
        finish(outcome);
    }

    private void finish(RunOutcome outcome) throws SQLException {
        if (runId == 0) {
            return;
        }
        try (PreparedStatement s = connection.prepareStatement("""
                update meta.runs set finished_at = clock_timestamp(), status = ?, rows_read = ?, rows_inserted = ?, rows_deleted = ?,
                  rows_rejected = ?, data_as_of = ?, error = ? where run_id = ?""")) {
            s.setString(1, outcome.status().name().toLowerCase(java.util.Locale.ROOT));
            s.setLong(2, outcome.read());
            s.setLong(3, outcome.inserted());
            s.setLong(4, outcome.deleted());
            s.setLong(5, outcome.rejected());
            s.setTimestamp(6, outcome.dataAsOf() == null ? null : Timestamp.from(outcome.dataAsOf()));
            s.setString(7, outcome.error());
            s.setLong(8, runId);
            s.executeUpdate();
        }
    }

    private void rollback(Exception cause) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
            finish(RunOutcome.failed(cause.getMessage() == null ? cause.toString() : cause.getMessage()));
        } catch (SQLException e) {
            // the connection is gone, and the transaction with it; the next writer marks the run as interrupted
            LOG.warn("source={} The failed run could not be written to the ledger: {}", source, e.getMessage());
        }
    }

    @Override
    public void close() throws SQLException {
        try (Connection c = connection;
                var s = c.createStatement()) {
            s.execute("discard temp");
            s.execute("select pg_advisory_unlock_all()");
        } catch (SQLException e) {
            LOG.debug("source={} The lock went with its connection: {}", source, e.getMessage());
        }
    }
}
