package serai.status;

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
 * The newest status, read at most once a second and by one thread. A hundred open pages cost the warehouse as much as
 * one, and a warehouse that hangs blocks one connection.
 */
public final class LatestStatus implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LatestStatus.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(4);
    private static final Duration MAX_AGE = Duration.ofSeconds(1);

    private final Callable<Status> reader;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(r -> {
        Thread t = new Thread(r, "show-status");
        t.setDaemon(true);
        return t;
    });
    private Future<Status> reading;
    private long startedAt;
    private boolean unavailable;

    /** @param reader reads the status; it is called by one thread at a time */
    public LatestStatus(Callable<Status> reader) {
        this.reader = reader;
    }

    /**
     * The status, at most a second old.
     *
     * @throws WarehouseUnavailableException within five seconds, when the warehouse does not answer
     */
    public Status get() throws WarehouseUnavailableException {
        try {
            Status status = reading().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            logChange(null);
            return status;
        } catch (ExecutionException e) {
            logChange(e.getCause());
        } catch (TimeoutException e) {
            logChange(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new WarehouseUnavailableException();
    }

    private synchronized Future<Status> reading() {
        boolean old = System.nanoTime() - startedAt > MAX_AGE.toNanos();
        if (reading == null || reading.isDone() && old) {
            FutureTask<Status> task = new FutureTask<>(reader);
            thread.execute(task);
            reading = task;
            startedAt = System.nanoTime();
        }
        return reading;
    }

    /** Logs when the warehouse stops answering and when it answers again, not each request. */
    private synchronized void logChange(Throwable failure) {
        if (failure != null && !unavailable) {
            LOG.warn(
                    "The status cannot be read from the warehouse: {}",
                    failure.getMessage() == null ? "no answer in time" : failure.getMessage());
        } else if (failure == null && unavailable) {
            LOG.info("The status can be read from the warehouse again.");
        }
        unavailable = failure != null;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
