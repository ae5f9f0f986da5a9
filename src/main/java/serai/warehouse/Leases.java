package serai.warehouse;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases of this process: rows of {@code meta.leases}, which say who may write a source. A lease that is not
 * renewed expires by the clock of the warehouse, and another process takes it and raises its epoch; a transaction with
 * the old epoch is refused. No session lock is held, so that a lease costs no connection, and nothing is left behind in
 * the sessions of a connection pooler.
 *
 * <p>One connection outside the pool renews all leases, three times in a term. A process that takes an expired lease
 * first ends the sessions of its owner, which may be paused in a transaction. What it still has to wait for after a
 * second, it ends too.
 */
final class Leases implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

    private static final long POLL_MILLIS = 200;
    /** A writer that has committed needs a moment to give its lease back: a run that follows is not to be skipped. */
    private static final long ENDING_MILLIS = 300;

    private static final long PATIENCE_MILLIS = 1_000;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

    private static final String FREE = "expires_at = '-infinity'";
    private static final String EXPIRED = "expires_at < clock_timestamp()";

    private static final String TAKE = """
            with taken as (
              update meta.leases set owner = ?, epoch = epoch + 1, expires_at = clock_timestamp() + ?::interval
              where source = ? and %s returning epoch
            ), added as (
              insert into meta.leases (source, owner, epoch, expires_at)
              select ?, ?, 1, clock_timestamp() + ?::interval
              where not exists (select from meta.leases where source = ?)
              on conflict (source) do nothing returning epoch
            )
            select epoch from taken union all select epoch from added""";

    private static final String TAKE_AGAIN = """
            update meta.leases set epoch = epoch + 1, expires_at = clock_timestamp() + ?::interval
            where source = ? and epoch = ? returning epoch""";

    /**
     * Its commit does not wait for the disk: a release that a crash of the server loses is made up for by the expiry.
     */
    private static final String RELEASE = """
            with at_leisure as (select set_config('synchronous_commit', 'off', true))
            update meta.leases set expires_at = '-infinity' from at_leisure where source = ? and epoch = ?""";

    private static final String END_BLOCKERS = """
            select pg_terminate_backend(blocker) from pg_stat_activity a, unnest(pg_blocking_pids(a.pid)) as blocker
            where a.pid <> pg_backend_pid() and a.wait_event_type = 'Lock' and a.query like '%' || ? || '%'""";

    /**
     * All sessions of a process whose lease of a source has expired: its other transactions could be in the way too.
     */
    private static final String END_OWNER = """
            select pg_terminate_backend(a.pid)
            from meta.leases l join pg_stat_activity a on a.application_name = 'serai ' || l.owner
            where l.source = ? and l.owner <> ? and l.expires_at < clock_timestamp() and l.expires_at > '-infinity'""";

    /** What every connection is set to, whatever the default of the role or the database is: writers lock rows. */
    static final String ISOLATION = "set default_transaction_isolation = 'read committed'";

    private final HikariDataSource pool;
    private final Duration term;
    /** Identifies this process in the table and, as a comment, its statements in {@code pg_stat_activity}. */
    private final String owner = ProcessHandle.current().pid() + "-" + UUID.randomUUID();

    /** One permit for each source: threads of this process exclude each other here. */
    private final Map<String, Semaphore> sources = new ConcurrentHashMap<>();

    private final LeaseRenewal renewal;

    /**
     * @param pool the warehouse's pool, whose address and login are used for the connection that renews
     * @param term how long a lease holds without a renewal
     */
    Leases(HikariDataSource pool, Duration term) {
        this.pool = pool;
        this.term = term;
        this.renewal = new LeaseRenewal(pool, term);
    }

    /**
     * Takes the lease of a source.
     *
     * @param wait whether to wait while another thread or process has it
     * @return the epoch; empty only without waiting
     */
    Optional<Long> take(String source, boolean wait) throws SQLException {
        Semaphore one = sources.computeIfAbsent(source, name -> new Semaphore(1, true));
        boolean taken = false;
        try {
            if (wait) {
                one.acquire();
            } else if (!one.tryAcquire(ENDING_MILLIS, TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
            try {
                Optional<Long> epoch = tryTake(source);
                while (wait && epoch.isEmpty()) {
                    Thread.sleep(POLL_MILLIS);
                    epoch = tryTake(source);
                }
                taken = epoch.isPresent();
                return epoch;
            } finally {
                if (!taken) {
                    one.release();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("Interrupted while waiting to write " + source, e);
        }
    }

    /** By which PostgreSQL and other processes know the sessions of this one. */
    String applicationName() {
        return "serai " + owner;
    }

    private Optional<Long> tryTake(String source) throws SQLException {
        Optional<Long> epoch = tryTake(source, FREE);
        if (epoch.isEmpty()) {
            endSessionsOfOwner(source);
            epoch = tryTake(source, EXPIRED);
        }
        epoch.ifPresent(number -> renewal.add(source, number));
        return epoch;
    }

    /** @param state which leases may be taken */
    private Optional<Long> tryTake(String source, String state) throws SQLException {
        return change(
                TAKE.formatted(state), owner, renewal.interval(), source, source, owner, renewal.interval(), source);
    }

    private void endSessionsOfOwner(String source) throws SQLException {
        try (Connection c = borrow(pool)) {
            List<Boolean> ended = Sql.on(c).list(END_OWNER, row -> true, source, owner);
            if (!ended.isEmpty()) {
                LOG.warn(
                        "source={} Its writer has not renewed its lease; its {} sessions were ended.",
                        source,
                        ended.size());
            }
        }
    }

    /**
     * Takes a lease of this process again with a new epoch, which waits for the transactions of the old one: after it,
     * their outcome does not change any more.
     *
     * @return empty when another process has taken it
     */
    Optional<Long> takeAgain(String source, long epoch) throws SQLException {
        Optional<Long> next = change(TAKE_AGAIN, renewal.interval(), source, epoch);
        next.ifPresent(number -> renewal.add(source, number));
        return next;
    }

    /** Runs a statement that returns an epoch, and ends the backends that it has to wait for. */
    private Optional<Long> change(String sql, Object... parameters) throws SQLException {
        try (Connection c = borrow(pool)) {
            Future<?> ending = renewal.repeat(this::endBlockers, PATIENCE_MILLIS);
            try {
                return Sql.on(c).first(sql + mark(), row -> row.number("epoch"), parameters);
            } finally {
                ending.cancel(false);
            }
        }
    }

    /**
     * A connection of the pool. When all are in use it waits for longer than the pool does: many imports may share few
     * connections. When the warehouse does not answer it fails as the pool does.
     */
    static Connection borrow(HikariDataSource pool) throws SQLException {
        long end = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (true) {
            try {
                return pool.getConnection();
            } catch (SQLTransientConnectionException e) {
                HikariPoolMXBean state = pool.getHikariPoolMXBean();
                if (state.getActiveConnections() < pool.getMaximumPoolSize() || System.nanoTime() > end) {
                    throw e;
                }
            }
        }
    }

    private String mark() {
        return " -- " + owner;
    }

    private void endBlockers() {
        try (Connection c = renewal.connect()) {
            List<Boolean> ended = Sql.on(c).list(END_BLOCKERS, row -> true, mark());
            if (!ended.isEmpty()) {
                LOG.warn(
                        "Ended {} transactions of a process that did not renew its leases, to take them over.",
                        ended.size());
            }
        } catch (SQLException e) {
            LOG.warn("Taking over a lease waits for a transaction that cannot be ended: {}", e.getMessage());
        }
    }

    /**
     * Locks the lease in a transaction, before it writes anything.
     *
     * @return the transaction's id, for {@link #isCommitted}
     * @throws FencedOffException when another process has taken the lease
     */
    static String fence(Sql sql, String source, long epoch) throws SQLException, FencedOffException {
        return sql.first(
                        "select pg_current_xact_id()::text as xid from meta.leases where source = ? and epoch = ?"
                                + " for key share",
                        row -> row.text("xid"),
                        source,
                        epoch)
                .orElseThrow(() -> new FencedOffException(source, epoch));
    }

    /** Whether no other process has taken a lease. */
    static boolean isHeld(Sql sql, String source, long epoch) throws SQLException {
        return sql.first("select 1 as held from meta.leases where source = ? and epoch = ?", row -> true, source, epoch)
                .isPresent();
    }

    /** Whether a lease was renewed so lately that it has not expired. */
    boolean isRenewed(String source, long epoch) {
        return renewal.isRenewed(source, epoch);
    }

    /** How a transaction ended of which that is not known, because its connection was lost at the commit. */
    static boolean isCommitted(Sql sql, String xid) throws SQLException {
        return sql.first("select pg_xact_status(?::xid8) as status", row -> row.text("status"), xid)
                .filter("committed"::equals)
                .isPresent();
    }

    /** Gives a lease back; when the warehouse does not answer, it expires. */
    void release(String source, long epoch) {
        renewal.remove(source, epoch);
        try (Connection c = borrow(pool)) {
            Sql.on(c).update(RELEASE, source, epoch);
        } catch (SQLException e) {
            LOG.debug("source={} The lease was not given back and will expire: {}", source, e.getMessage());
        } finally {
            sources.get(source).release();
        }
    }

    /** Stops renewing. What is still held expires. */
    @Override
    public void close() {
        renewal.close();
    }
}
