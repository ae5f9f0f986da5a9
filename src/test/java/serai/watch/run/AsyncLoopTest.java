package serai.watch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AsyncLoopTest {

    @Test
    void aMillionStepsDoNotGrowTheStack() {
        AtomicInteger steps = new AtomicInteger();
        AsyncLoop.whileTrue(() -> CompletableFuture.completedFuture(steps.incrementAndGet() < 1_000_000))
                .join();
        assertThat(steps).hasValue(1_000_000);
    }

    @Test
    void theLoopWaitsForAStep() {
        CompletableFuture<Boolean> step = new CompletableFuture<>();
        CompletableFuture<Void> all = AsyncLoop.whileTrue(() -> step);
        assertThat(all).isNotDone();
        step.complete(false);
        assertThat(all).isCompleted();
    }

    @Test
    void theLoopFailsWithTheFailureOfAStep() {
        CompletableFuture<Void> all =
                AsyncLoop.whileTrue(() -> CompletableFuture.failedFuture(new IllegalStateException("gone")));
        assertThatThrownBy(all::join).hasRootCauseMessage("gone");
    }
}
