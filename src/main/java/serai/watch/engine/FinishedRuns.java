package serai.watch.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs under way, and those of them that have ended and wait for their commit. */
final class FinishedRuns {

    private static final Duration GATHER = Duration.ofMillis(100);
    private static final int MOST_AT_ONCE = 500;

    private final AtomicInteger underWay = new AtomicInteger();
    private final BlockingQueue<FinishedRun> ended = new LinkedBlockingQueue<>();

    void begun() {
        underWay.incrementAndGet();
    }

    /** How many have begun and are not settled. */
    int underWay() {
        return underWay.get();
    }

    int waiting() {
        return ended.size();
    }

    void add(FinishedRun run) {
        ended.add(run);
    }

    /** Says that a run is committed, or will never be. */
    void settled() {
        underWay.decrementAndGet();
    }

    /** Waits for a run to end, and a little longer while others are about to. */
    List<FinishedRun> gather(Duration atMost) throws InterruptedException {
        List<FinishedRun> batch = new ArrayList<>();
        FinishedRun run = ended.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
        long end = System.nanoTime() + GATHER.toNanos();
        while (run != null) {
            batch.add(run);
            boolean all = batch.size() >= Math.min(underWay.get(), MOST_AT_ONCE);
            run = batch.size() == MOST_AT_ONCE
                    ? null
                    : ended.poll(all ? 0 : Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
        return batch;
    }

    /** Lets go of all that have ended. */
    void drop() {
        List<FinishedRun> left = new ArrayList<>();
        ended.drainTo(left);
        left.forEach(run -> settled());
    }
}
