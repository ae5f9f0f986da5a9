package serai.show;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest status, read at most once a second and by one thread at a time, so that a hundred open pages ask the
 * warehouse no more than one does, and a warehouse that hangs holds up one connection.
 */
final class LatestStatus implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LatestStatus.class);
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final Duration FRESH_ENOUGH = Duration.ofSeconds(1);

    private final Callable<Status> reader;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(r -> {
        Thread t = new Thread(r, "show-status");
        t.setDaemon(true);
        return t;
    });
    private Future<Status> reading;
    private long begunAt;
    private boolean silent;

    LatestStatus(Callable<Status> reader) {
        this.reader = reader;
    }

    /** @throws WarehouseUnavailableException within five seconds, when the warehouse does not answer */
    Status get() throws WarehouseUnavailableException {
        try {
            Status status = reading().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            says(null);
            return status;
        } catch (ExecutionException e) {
            says(e.getCause());
        } catch (TimeoutException e) {
            says(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new WarehouseUnavailableException();
    }

    private synchronized Future<Status> reading() {
        boolean old = System.nanoTime() - begunAt > FRESH_ENOUGH.toNanos();
        if (reading == null || reading.isDone() && old) {
            FutureTask<Status> task = new FutureTask<>(reader);
            thread.execute(task);
            reading = task;
            begunAt = System.nanoTime();
        }
        return reading;
    }

    /** Logs the change from answering to silence and back, not each page that is asked for. */
    private synchronized void says(Throwable trouble) {
        if (trouble != null && !silent) {
            LOG.warn(
                    "The status cannot be read from the warehouse: {}",
                    trouble.getMessage() == null ? "no answer in time" : trouble.getMessage());
        } else if (trouble == null && silent) {
            LOG.info("The status can be read from the warehouse again.");
        }
        silent = trouble != null;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
