package serai;

import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.quartz.spi.ThreadPool;

/**
 * The threads of Quartz's jobs, made when they are needed. An import keeps its thread for as long as its source takes
 * to answer: with Quartz's own ten threads, ten slow reports stopped all other timers, also those of rules and refresh.
 * And idle threads of that pool wake up twice a second each.
 */
public final class TimerThreads implements ThreadPool {

    /** Jobs at the same time. */
    static final int MOST = 200;

    private static final int IDLE_SECONDS = 60;

    private final Semaphore free = new Semaphore(MOST);
    private final AtomicInteger made = new AtomicInteger();
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(0, MOST, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), this::thread);

    private Thread thread(Runnable job) {
        Thread thread = new Thread(job, "timer-" + made.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public boolean runInThread(Runnable job) {
        if (threads.isShutdown() || !free.tryAcquire()) {
            return false;
        }
        threads.execute(() -> {
            try {
                job.run();
            } finally {
                free.release();
            }
        });
        return true;
    }

    @Override
    public int blockForAvailableThreads() {
        free.acquireUninterruptibly();
        free.release();
        return Math.max(1, free.availablePermits());
    }

    @Override
    public void initialize() {
        // threads are made when they are needed
    }

    @Override
    public void shutdown(boolean waitForJobsToComplete) {
        threads.shutdown();
        if (waitForJobsToComplete) {
            try {
                threads.awaitTermination(Long.MAX_VALUE, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public int getPoolSize() {
        return MOST;
    }

    @Override
    public void setInstanceId(String id) {
        // there is one scheduler
    }

    @Override
    public void setInstanceName(String name) {
        // there is one scheduler
    }
}
