package serai.load.replicate;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.load.replicate.mapping.SourceTable;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;

/**
 * Looks after a source in a thread and on connections of its own, so that it does so also during a first copy, a large
 * transaction, a pause and the wait for the next attempt: it measures how far replication is, writes heartbeats, and
 * takes tables out of the publication that lost their key, and looks which ones lack audit columns. What fails here
 * never stops the stream.
 */
final class SourceMonitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SourceMonitor.class);
    /** How long a table may be published that lost its key, which makes updates of the application fail. */
    private static final Duration EVERY = Duration.ofSeconds(5);

    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final Duration AUDIT = Duration.ofMinutes(1);
    private static final int SOCKET_MILLIS = 10_000;
    private static final String ATTEMPT = """
            update meta.sources set attempt = ?, next_try = ?
            where source = ? and (attempt, next_try) is distinct from (?::bigint, ?::timestamptz)""";

    private final Warehouse warehouse;
    private final ReplicationPlan plan;
    private final SourceUpkeep upkeep;
    private final SourceMeasures measures;
    private final Thread thread;
    private volatile boolean closed;
    /** Whether this process is the one that follows the source, and not another one. */
    private volatile boolean owner;

    private volatile ReplicationSession session;
    private volatile Attempt attempt = new Attempt(0, null);
    private volatile Connection source;
    private long lastAudit = System.nanoTime() - AUDIT.toNanos();
    private long lastHeartbeat = System.nanoTime() - HEARTBEAT.toNanos();

    /** Failures since the last success, and when the next attempt follows. */
    private record Attempt(int failures, Instant next) {}

    SourceMonitor(Warehouse warehouse, ReplicationPlan plan) {
        this.warehouse = warehouse;
        this.plan = plan;
        this.upkeep = plan.database().upkeep(plan);
        this.measures = new SourceMeasures(plan);
        this.thread = new Thread(this::run, "replication-monitor-" + plan.source());
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Says whether this process is the source's writer. */
    void owns(boolean writer) {
        owner = writer;
    }

    /** Sets the session that follows the source now; null when there is none. */
    synchronized void observe(ReplicationSession open) {
        session = open;
        notifyAll();
    }

    /** Sets how often it has failed since it last succeeded. */
    void failed(int failures, Instant next) {
        attempt = new Attempt(failures, next);
    }

    private void run() {
        while (!closed) {
            if (owner) {
                look();
            }
            synchronized (this) {
                try {
                    if (!closed) {
                        wait(EVERY.toMillis());
                    }
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }

    private void look() {
        try {
            String error = attempt(this::guard);
            String other = attempt(this::heartbeat);
            String third = attempt(this::audit);
            SourceMeasures.Measured measured = upkeep.measure(connect());
            write(sql -> measures.write(sql, measured, session, first(error, other, third)));
        } catch (SQLException e) {
            failed(e);
        } catch (RuntimeException e) {
            LOG.warn("source={} It cannot be measured.", plan.source(), e);
        }
    }

    /** Something at the source. */
    @FunctionalInterface
    private interface Step {
        /** Does it. */
        void run() throws SQLException;
    }

    /** The error; null when there is none. Without it the source is measured all the same. */
    private static String attempt(Step step) {
        try {
            step.run();
            return null;
        } catch (SQLException e) {
            return e.getMessage();
        }
    }

    private static String first(String... errors) {
        return Stream.of(errors).filter(Objects::nonNull).findFirst().orElse(null);
    }

    private void failed(SQLException e) {
        disconnect();
        if (closed) {
            return;
        }
        String error = String.valueOf(e.getMessage());
        LOG.debug("source={} How far it is cannot be measured: {}", plan.source(), error);
        try {
            write(sql -> measures.writeError(sql, error));
        } catch (SQLException warehouseError) {
            LOG.debug("source={} Nor can this be written: {}", plan.source(), warehouseError.getMessage());
        }
    }

    /** Statements in the warehouse. */
    @FunctionalInterface
    private interface Statements {
        /** Runs them; each is a transaction of its own. */
        void on(Sql sql) throws SQLException;
    }

    private void write(Statements statements) throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            Sql sql = Sql.on(c);
            Attempt now = attempt;
            sql.update(ATTEMPT, now.failures(), now.next(), plan.source(), now.failures(), now.next());
            statements.on(sql);
        }
    }

    private Connection connect() throws SQLException {
        if (source == null) {
            Connection opened = plan.database().connect();
            // a source that does not answer is to be told, too
            opened.setNetworkTimeout(Runnable::run, SOCKET_MILLIS);
            source = opened;
            if (closed) {
                opened.abort(Runnable::run);
            }
        }
        return source;
    }

    private void disconnect() {
        Connection open = source;
        source = null;
        try {
            if (open != null) {
                open.abort(Runnable::run);
            }
        } catch (SQLException e) {
            // it is gone
        }
    }

    private void guard() throws SQLException {
        List<SourceTable> unpublished = upkeep.guard(connect());
        for (SourceTable table : unpublished) {
            LOG.warn(
                    "source={} table={} It has no key any more, so it is taken out of the publication: the"
                            + " application's updates of it would fail.",
                    plan.source(),
                    table);
        }
        measures.guarded(unpublished.size());
    }

    /** By its heartbeats an idle source is known to be idle, and need not keep its log. */
    private void heartbeat() throws SQLException {
        if (session == null || System.nanoTime() - lastHeartbeat < HEARTBEAT.toNanos()) {
            return;
        }
        lastHeartbeat = System.nanoTime();
        upkeep.heartbeat(connect());
        measures.heartbeat();
    }

    /** Which tables do not say when and by whom their rows were made and changed. */
    private void audit() throws SQLException {
        if (System.nanoTime() - lastAudit < AUDIT.toNanos()) {
            return;
        }
        try (Connection c = warehouse.dataSource().getConnection()) {
            if (new AuditColumns(plan, upkeep).look(connect(), Sql.on(c))) {
                lastAudit = System.nanoTime();
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        disconnect();
        thread.interrupt();
        thread.join();
    }
}
