package serai.load.replicate;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
    private static final long FIRST_WAIT = 1_000;
    private static final long LONGEST_WAIT = 60_000;

    /** Takes batches; each must be applied when it returns. */
    @FunctionalInterface
    interface Batches {
        /** Passes a batch on. */
        void pass(ChangeBatch batch) throws Exception;
    }

    private final Warehouse warehouse;
    private final ReplicationPlan plan;
    private final Batches batches;
    private final Thread thread;
    private volatile boolean closed;
    private volatile ReplicationSession session;
    private int failures;

    Replication(Warehouse warehouse, ReplicationPlan plan, Batches batches) {
        this.warehouse = warehouse;
        this.plan = plan;
        this.batches = batches;
        this.thread = new Thread(this::run, "replication-" + plan.source());
    }

    void start() {
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
        if (writer.isEmpty()) {
            pause(POLL.toMillis());
            return;
        }
        try (Writer own = writer.get()) {
            own.begin(KIND, null);
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
        try (ReplicationSession opened = ReplicationSession.connect(warehouse, plan, writer)) {
            session = opened;
            opened.start();
            LOG.info("source={} Following {} from {}.", plan.source(), plan.database(), opened.lsn());
            while (!closed && opened.goOn()) {
                Chunk chunk = opened.next(opened.patience(POLL));
                if (chunk != null) {
                    pass(new ChangeBatch(opened, chunk));
                    failures = 0;
                }
            }
        }
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
