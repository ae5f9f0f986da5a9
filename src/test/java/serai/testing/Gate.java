package serai.testing;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A place at which the thread of a double stops until the test lets it go on. */
public final class Gate {

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    /** Stops here until the gate is open, or for two minutes: a test that fails must not hold what it closes. */
    public void pass() {
        reached.countDown();
        try {
            open.await(2, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until a thread has come to the gate. */
    public void awaitReached() throws InterruptedException {
        if (!reached.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Nothing has come to the gate within a minute.");
        }
    }

    /** From now on it stops nothing. */
    public void open() {
        open.countDown();
    }
}
