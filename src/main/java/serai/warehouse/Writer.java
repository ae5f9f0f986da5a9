package serai.warehouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only writer of a source: it has the source's lease (see {@link Leases}), which every transaction checks and
 * locks, so a writer that was paused and whose lease another process has taken meanwhile cannot commit. A writer holds
 * no connection of the pool, except from {@link #connection()} to the end of the next commit. Not thread-safe.
 */
public final class Writer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration FAIL_OVER = Duration.ofMinutes(1);

    private final HikariDataSource pool;
    private final Leases leases;
    private final String source;
    private final JsonNode position;
    private long epoch;
    private long runId;
    /** Null while none is held. */
    private Connection connection;

    private Writer(HikariDataSource pool, Leases leases, String source, long epoch, JsonNode position) {
        this.pool = pool;
        this.leases = leases;
        this.source = source;
        this.epoch = epoch;
        this.position = position;
    }

    /** @param wait whether to wait while the source has another writer; without it the result is then empty */
    static Optional<Writer> open(HikariDataSource pool, Leases leases, String source, boolean wait)
            throws SQLException {
        Optional<Long> epoch = leases.take(source, wait);
        if (epoch.isEmpty()) {
            return Optional.empty();
        }
        try (Connection c = Leases.borrow(pool)) {
            String position = Sql.on(c)
                    .first("select position from meta.offsets where source = ?", row -> row.text("position"), source)
                    .orElse("{}");
            return Optional.of(new Writer(pool, leases, source, epoch.get(), json(source, position)));
        } catch (SQLException | RuntimeException e) {
            leases.release(source, epoch.get());
            throw e;
        }
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
     * A connection of this writer alone, in auto-commit: for reading, and for staging rows in temporary tables before
     * the commit. It is kept until the next commit has ended, or the writer is closed.
     */
    public Connection connection() throws SQLException {
        if (connection == null) {
            connection = Leases.borrow(pool);
        }
        return connection;
    }

    /** Statements on {@link #connection()}. */
    public Sql sql() throws SQLException {
        return Sql.on(connection());
    }

    /** Whether the warehouse answers, and no other process has taken over the source. */
    public boolean isValid() {
        try (Connection c = Leases.borrow(pool)) {
            return Leases.isHeld(Sql.on(c), source, epoch);
        } catch (SQLException e) {
            return false;
        }
    }

    /**
     * Whether the lease holds for sure, by this process's own clock: it was renewed lately. Does not ask the warehouse.
     */
    public boolean isRenewed() {
        return leases.isRenewed(source, epoch);
    }

    /**
     * Opens a row of {@code meta.runs} for a run and closes those that a crash left open.
     *
     * @param kind what runs, such as {@code metabase-report}
     * @param window the window that it covers, or null
     * @return the run's id
     */
    public long begin(String kind, TimeWindow window) throws SQLException {
        runId = read(sql -> RunLedger.begin(sql, source, kind, window));
        return runId;
    }

    /**
     * Statements that read, or write what does not belong to a run.
     *
     * @param <E> what they throw beside the database's errors
     */
    @FunctionalInterface
    public interface Statements<T, E extends Exception> {
        /** Runs them; each is a transaction of its own. */
        T on(Sql sql) throws SQLException, E;
    }

    /** Runs statements on the connection that is held, or else on one that is given back at once. */
    public <T, E extends Exception> T read(Statements<T, E> statements) throws SQLException, E {
        if (connection != null) {
            return statements.on(Sql.on(connection));
        }
        try (Connection c = Leases.borrow(pool)) {
            return statements.on(Sql.on(c));
        }
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
            RunOutcome outcome = transaction(work);
            discard();
            return outcome;
        } catch (Exception e) {
            discard();
            recordFailure(e);
            throw e;
        }
    }

    private RunOutcome transaction(Work work) throws Exception {
        Connection c = connection();
        c.setAutoCommit(false);
        Sql sql = Sql.on(c);
        String xid = Leases.fence(sql, source, epoch);
        Transaction tx = new Transaction(c, source, runId);
        var start = c.setSavepoint();
        RunOutcome outcome = work.in(tx);
        if (outcome.status() != RunOutcome.Status.OK) {
            c.rollback(start);
        }
        tx.writeRejects(outcome.status());
        tx.writePosition(outcome.status());
        tx.writeCompleteness(outcome.status());
        RunLedger.end(sql, runId, outcome);
        commit(c, xid);
        return outcome;
    }

    /**
     * Commits. When the connection is lost meanwhile, it is unknown whether the server did: the lease is taken again,
     * which waits until the old transaction is over, and then the server knows.
     */
    private void commit(Connection c, String xid) throws SQLException {
        try {
            c.commit();
        } catch (SQLException e) {
            boolean lost = String.valueOf(e.getSQLState()).startsWith("08") || !c.isValid(5);
            if (!lost) {
                throw e;
            }
            discard();
            if (!isCommitted(xid, e)) {
                throw e;
            }
            LOG.info("source={} The connection was lost at a commit; the server has committed.", source);
        }
    }

    /** Tries for a while: the warehouse may be failing over to another server. */
    private boolean isCommitted(String xid, SQLException lost) throws SQLException {
        long end = System.nanoTime() + FAIL_OVER.toNanos();
        while (true) {
            try {
                epoch = leases.takeAgain(source, epoch).orElse(epoch);
                return read(sql -> Leases.isCommitted(sql, xid));
            } catch (SQLException e) {
                lost.addSuppressed(e);
                if (System.nanoTime() > end) {
                    throw lost;
                }
                LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
            }
        }
    }

    /** Gives the connection back to the pool as it was; what is not committed is rolled back. */
    private void release() throws SQLException {
        try (Connection c = connection) {
            connection = null;
            if (c != null) {
                if (!c.getAutoCommit()) {
                    c.rollback();
                    c.setAutoCommit(true);
                }
                Sql.on(c).execute("discard temp");
            }
        }
    }

    /** The same for a connection that may be lost. */
    private void discard() {
        try {
            release();
        } catch (SQLException e) {
            LOG.debug("source={} The connection was lost: {}", source, e.getMessage());
        }
    }

    /** Ends the run in {@code meta.runs} without writing anything else; does nothing when no run was begun. */
    public void end(RunOutcome outcome) throws SQLException {
        read(sql -> {
            RunLedger.end(sql, runId, outcome);
            return null;
        });
    }

    private void recordFailure(Exception cause) {
        try {
            end(RunOutcome.failed(cause.getMessage() == null ? cause.toString() : cause.getMessage()));
        } catch (SQLException e) {
            // the next writer marks the run as interrupted
            LOG.warn("source={} The failed run could not be written to meta.runs: {}", source, e.getMessage());
        }
    }

    /** Gives the lease and the connection back. */
    @Override
    public void close() {
        discard();
        leases.release(source, epoch);
    }
}
