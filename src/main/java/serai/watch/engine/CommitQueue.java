package serai.watch.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Finished runs that wait for their commit, and the number of runs that have begun and are not settled. */
final class CommitQueue {

    private static final Duration GATHER = Duration.ofMillis(100);
    private static final int MAX_BATCH = 500;

    private final AtomicInteger underWay = new AtomicInteger();
    private final BlockingQueue<FinishedRun> finished = new LinkedBlockingQueue<>();

    /** Counts a run that begins. */
    void begun() {
        underWay.incrementAndGet();
    }

    /** Runs that have begun and are not settled. */
    int underWay() {
        return underWay.get();
    }

    /** Runs that have finished and wait. */
    int size() {
        return finished.size();
    }

    void add(FinishedRun run) {
        finished.add(run);
    }

    /** Counts a run that is committed, or will never be. */
    void settled() {
        underWay.decrementAndGet();
    }

    /** Waits for a run to finish, and a little longer while others are under way; empty after the time-out. */
    List<FinishedRun> poll(Duration timeout) throws InterruptedException {
        List<FinishedRun> batch = new ArrayList<>();
        FinishedRun run = finished.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        long end = System.nanoTime() + GATHER.toNanos();
        while (run != null) {
            batch.add(run);
            boolean all = batch.size() >= Math.min(underWay.get(), MAX_BATCH);
            run = batch.size() == MAX_BATCH
                    ? null
                    : finished.poll(all ? 0 : Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
        return batch;
    }

    /** Drops all finished runs. */
    void clear() {
        List<FinishedRun> dropped = new ArrayList<>();
        finished.drainTo(dropped);
        dropped.forEach(run -> settled());
    }
}
