package serai.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatestStatusTest {

    private static final Status EMPTY = new Status(Instant.EPOCH, List.of());

    @Test
    void manyReadersShareOneReading() throws Exception {
        AtomicInteger readings = new AtomicInteger();
        CountDownLatch answer = new CountDownLatch(1);
        try (LatestStatus latest = new LatestStatus(() -> {
            readings.incrementAndGet();
            answer.await();
            return EMPTY;
        })) {
            List<CompletableFuture<Status>> readers = IntStream.range(0, 20)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                        try {
                            return latest.get();
                        } catch (WarehouseUnavailableException e) {
                            throw new IllegalStateException(e);
                        }
                    }))
                    .toList();
            answer.countDown();
            assertThat(readers).allSatisfy(r -> assertThat(r.get()).isSameAs(EMPTY));
            assertThat(readings).hasValue(1);
        }
    }

    @Test
    void aReadingThatHangsIsGivenUpInTimeAndNotMultiplied() {
        AtomicInteger readings = new AtomicInteger();
        CountDownLatch never = new CountDownLatch(1);
        try (LatestStatus latest = new LatestStatus(() -> {
            readings.incrementAndGet();
            never.await();
            return EMPTY;
        })) {
            long start = System.nanoTime();
            assertThatThrownBy(latest::get)
                    .isInstanceOf(WarehouseUnavailableException.class)
                    .hasMessageContaining("does not answer");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            assertThatThrownBy(latest::get).isInstanceOf(WarehouseUnavailableException.class);
            assertThat(readings).hasValue(1);
        }
    }

    @Test
    void theStatusIsReadAgainAfterAFailure() throws Exception {
        AtomicInteger readings = new AtomicInteger();
        try (LatestStatus latest = new LatestStatus(() -> {
            if (readings.incrementAndGet() == 1) {
                throw new IllegalStateException("down");
            }
            return EMPTY;
        })) {
            assertThatThrownBy(latest::get)
                    .isInstanceOf(WarehouseUnavailableException.class)
                    .hasMessageNotContaining("down");
            await().atMost(Duration.ofSeconds(5))
                    .ignoreException(WarehouseUnavailableException.class)
                    .untilAsserted(() -> assertThat(latest.get()).isSameAs(EMPTY));
        }
    }
}
