package serai.warehouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only writer of a source. It holds an advisory lock on its own connection, so a second writer waits. It has also
 * raised the source's epoch, so a writer that lost its lock without noticing (a paused process behind a connection
 * pooler) is refused at its commit. Not thread-safe.
 */
public final class Writer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Connection connection;
    private final Sql sql;
    private final String source;
    private final long epoch;
    private final JsonNode position;
    private long runId;

    private Writer(Connection connection, String source, long epoch, JsonNode position) {
        this.connection = connection;
        this.sql = Sql.on(connection);
        this.source = source;
        this.epoch = epoch;
        this.position = position;
    }

    /** @param wait whether to wait while the source has another writer; without it the result is then empty */
    static Optional<Writer> open(Connection connection, String source, boolean wait) throws SQLException {
        try {
            connection.setAutoCommit(true);
            if (!lock(connection, source, wait)) {
                connection.close();
                return Optional.empty();
            }
            return Optional.of(raiseEpoch(connection, source));
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static boolean lock(Connection connection, String source, boolean wait) throws SQLException {
        String key = "(hashtextextended('serai ' || ?, 0))";
        String select = wait
                ? "select true as locked from pg_advisory_lock" + key
                : "select pg_try_advisory_lock" + key + " as locked";
        return Sql.on(connection)
                .first(select, row -> row.flag("locked"), source)
                .orElseThrow();
    }

    private static Writer raiseEpoch(Connection connection, String source) throws SQLException {
        return Sql.on(connection)
                .first(
                        """
                        insert into meta.offsets (source, epoch) values (?, 1)
                        on conflict (source) do update set epoch = meta.offsets.epoch + 1
                        returning epoch, position""",
                        row -> new Writer(connection, source, row.number("epoch"), json(source, row.text("position"))),
                        source)
                .orElseThrow();
    }

    private static JsonNode json(String source, String position) {
        try {
            return JSON.readTree(position);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The position of " + source + " in meta.offsets is not JSON", e);
        }
    }

    /** The source's name, the key of its position. */
    public String source() {
        return source;
    }

    /** The position that the last commit wrote, a JSON object; empty if there was none. */
    public JsonNode position() {
        return position;
    }

    /**
     * This writer's own connection, in auto-commit: for reading, and for staging rows in temporary tables before the
     * commit.
     */
    public Connection connection() {
        return connection;
    }

    /** Statements on {@link #connection()}. */
    public Sql sql() {
        return sql;
    }

    /**
     * Opens a row of {@code meta.runs} for a run and closes those that a crash left open.
     *
     * @param kind what runs, such as {@code metabase-report}
     * @param window the window that it covers, or null
     * @return the run's id
     */
    public long begin(String kind, TimeWindow window) throws SQLException {
        sql.update("""
                update meta.runs set status = 'interrupted', finished_at = clock_timestamp(),
                  error = 'The process ended during this run.'
                where source = ? and status = 'running'""", source);
        runId = sql.first(
                        "insert into meta.runs (source, kind, window_from, window_to) values (?, ?, ?, ?)"
                                + " returning run_id",
                        row -> row.number("run_id"),
                        source,
                        kind,
                        window == null ? null : window.from(),
                        window == null ? null : window.to())
                .orElseThrow();
        return runId;
    }

    /** What a run does inside its transaction. */
    @FunctionalInterface
    public interface Work {
        /**
         * Writes by the verbs of the transaction.
         *
         * @return how the run ended; with any status but {@code OK} the rows that it wrote are rolled back, and only
         *     the rejects and the row of {@code meta.runs} are kept
         * @throws Exception to roll everything back; the run is then recorded as {@code failed}
         */
        RunOutcome in(Transaction tx) throws Exception;
    }

    /**
     * The only way in which data is written: rows, dirty days, position and the row of {@code meta.runs} commit
     * together or not at all.
     *
     * @throws FencedOffException when another writer has taken the source since this one was opened
     * @throws Exception what the work threw, after everything was rolled back and the run was recorded as
     *     {@code failed}
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
            end(outcome);
            connection.commit();
            return outcome;
        } catch (Exception e) {
            rollback(e);
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** Ends the run in {@code meta.runs} without writing anything else; does nothing when no run was begun. */
    public void end(RunOutcome outcome) throws SQLException {
        if (runId == 0) {
            return;
        }
        sql.update(
                """
                update meta.runs set finished_at = clock_timestamp(), status = ?, rows_read = ?, rows_inserted = ?,
                  rows_updated = ?, rows_deleted = ?, rows_rejected = ?, data_as_of = ?, error = ?
                where run_id = ?""",
                outcome.status().name().toLowerCase(Locale.ROOT),
                outcome.read(),
                outcome.inserted(),
                outcome.updated(),
                outcome.deleted(),
                outcome.rejected(),
                outcome.dataAsOf(),
                outcome.error(),
                runId);
    }

    private void rollback(Exception cause) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
            end(RunOutcome.failed(cause.getMessage() == null ? cause.toString() : cause.getMessage()));
        } catch (SQLException e) {
            // the connection is lost, and the transaction with it; the next writer marks the run as interrupted
            LOG.warn("source={} The failed run could not be written to meta.runs: {}", source, e.getMessage());
        }
    }

    /** Releases the lock and gives the connection back. */
    @Override
    public void close() throws SQLException {
        try (Connection c = connection) {
            Sql.on(c).execute("discard temp; select pg_advisory_unlock_all()");
        } catch (SQLException e) {
            LOG.debug("source={} The lock was released with its lost connection: {}", source, e.getMessage());
        }
    }
}
