package serai.load.replicate;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.request.Pauses;
import serai.request.Subject;
import serai.warehouse.RunOutcome;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * Follows a source in a thread of its own, for as long as it is not closed. While another process is the source's
 * writer it waits. What fails is tried again for ever, with growing waits.
 */
final class Replication implements AutoCloseable {

    /** The kind of its runs. */
    static final String KIND = "replicate";

    private static final Logger LOG = LoggerFactory.getLogger(Replication.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE_CHECK = Duration.ofSeconds(1);
    private static final long FIRST_WAIT = 1_000;
    private static final long LONGEST_WAIT = 60_000;

    /** Takes batches; each must be applied when it returns. */
    @FunctionalInterface
    interface Batches {
        /** Passes a batch on. */
        void pass(ChangeBatch batch) throws Exception;
    }

    private final Warehouse warehouse;
    private ReplicationPlan plan;
    private final Batches batches;
    private final Thread thread;
    private final SourceMonitor monitor;
    private volatile boolean closed;
    private volatile ReplicationSession session;
    private int failures;
    private boolean paused;
    private long lastPauseCheck = System.nanoTime() - PAUSE_CHECK.toNanos();

    Replication(Warehouse warehouse, ReplicationPlan plan, Batches batches) {
        this.warehouse = warehouse;
        this.plan = plan;
        this.batches = batches;
        this.thread = new Thread(this::run, "replication-" + plan.source());
        this.monitor = new SourceMonitor(warehouse, plan);
    }

    void start() {
        monitor.start();
        thread.start();
    }

    private void run() {
        while (!closed) {
            try {
                follow();
            } catch (InterruptedException e) {
                LOG.debug("source={} Stopped.", plan.source());
            } catch (Exception e) {
                retry(e);
            }
        }
    }

    private void retry(Exception e) {
        if (closed) {
            return;
        }
        failures++;
        long wait = Math.min(LONGEST_WAIT, FIRST_WAIT << Math.min(failures - 1, 6));
        monitor.failed(failures, Instant.now().plusMillis(wait));
        LOG.warn(
                "source={} attempt={} {} The next attempt is in {} s.",
                plan.source(),
                failures,
                e.getMessage(),
                wait / 1_000);
        try {
            pause(wait);
        } catch (InterruptedException interrupted) {
            LOG.debug("source={} Stopped.", plan.source());
        }
    }

    private synchronized void pause(long millis) throws InterruptedException {
        if (!closed) {
            wait(millis);
        }
    }

    private void follow() throws Exception {
        Optional<Writer> writer = warehouse.tryWriter(plan.source());
        monitor.owns(writer.isPresent());
        if (writer.isEmpty()) {
            pause(POLL.toMillis());
            return;
        }
        try (Writer own = writer.get()) {
            waitWhilePaused(own);
            try {
                follow(own);
            } catch (InterruptedException e) {
                own.end(RunOutcome.ok());
                throw e;
            } catch (LostPositionException e) {
                recordFailure(own, lost(e));
                throw new SQLException(lost(e), e);
            } catch (Exception e) {
                recordFailure(own, String.valueOf(e.getMessage()));
                throw e;
            }
        }
    }

    /** The run that began the session has ended, perhaps days ago. */
    private void recordFailure(Writer writer, String error) {
        try {
            writer.begin(KIND, null);
            writer.end(RunOutcome.failed(error));
        } catch (SQLException e) {
            LOG.debug("source={} The failure could not be recorded: {}", plan.source(), e.getMessage());
        }
    }

    private String lost(LostPositionException e) {
        return e.getMessage()
                + ". Changes are lost, so that the tables have to be copied anew: see \"Lost position\" in"
                + " docs/replication.md.";
    }

    private void follow(Writer writer) throws Exception {
        if (closed || paused) {
            return;
        }
        plan = plan.newest();
        try (ReplicationSession opened = ReplicationSession.connect(warehouse, plan, writer)) {
            session = opened;
            opened.start();
            LOG.info("source={} Following {} from {}.", plan.source(), plan.database(), opened.lsn());
            // an attempt that does not come so far is no run that succeeded
            writer.begin(KIND, null);
            monitor.observe(opened);
            while (!closed && !isPaused() && !plan.mapping().hasNewer() && opened.goOn()) {
                Chunk chunk = opened.next(opened.patience(POLL));
                if (chunk != null) {
                    pass(new ChangeBatch(opened, chunk));
                    failures = 0;
                    monitor.failed(0, null);
                }
            }
        } finally {
            monitor.observe(null);
        }
    }

    /** The lease stays, so that one process measures the log that the source keeps meanwhile. */
    private void waitWhilePaused(Writer writer) throws Exception {
        if (isPaused()) {
            LOG.info("source={} It is paused. The source keeps its log meanwhile.", plan.source());
        }
        while (!closed && isPaused() && writer.isRenewed()) {
            pause(POLL.toMillis());
        }
    }

    private boolean isPaused() throws SQLException {
        if (System.nanoTime() - lastPauseCheck > PAUSE_CHECK.toNanos()) {
            lastPauseCheck = System.nanoTime();
            paused = Pauses.find(warehouse, new Subject(Subject.Kind.SOURCE, plan.source()))
                    .isPresent();
        }
        return paused;
    }

    private void pass(ChangeBatch batch) throws Exception {
        if (batch.isEmpty()) {
            batch.apply();
            return;
        }
        batches.pass(batch);
        if (!batch.isApplied()) {
            throw new SQLException("The route did not apply the changes. Begin it with kamelet:replicate, which does.");
        }
    }

    @Override
    public void close() throws InterruptedException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        monitor.close();
        thread.join(10_000);
        if (thread.isAlive()) {
            // a copy, or a transaction of which the rest does not come
            thread.interrupt();
            thread.join(10_000);
        }
        ReplicationSession waiting = session;
        if (thread.isAlive() && waiting != null) {
            waiting.abort();
        }
        thread.join();
    }
}
