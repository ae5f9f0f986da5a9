package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ChunkQueueTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private final ChunkQueue queue = new ChunkQueue();

    private void transaction(long lsn, Instant committedAt) throws Exception {
        queue.begin(1);
        queue.commit(lsn, committedAt, () -> {});
    }

    @Test
    void aFreshTransactionIsTakenAtOnce() throws Exception {
        transaction(7, Instant.now().plusSeconds(60));
        assertThat(queue.take(Duration.ZERO).endLsn()).isEqualTo(7);
        assertThat(queue.isIdle()).isTrue();
    }

    @Test
    void oldTransactionsAreTakenTogetherAfterAMoment() throws Exception {
        transaction(7, Instant.EPOCH);
        transaction(8, Instant.EPOCH);
        assertThat(queue.take(LONG).endLsn()).isEqualTo(8);
        assertThat(queue.isIdle()).isTrue();
    }

    @Test
    void whoDoesNotWaitIsNotMadeToWait() throws Exception {
        transaction(7, Instant.EPOCH);
        assertThat(queue.take(Duration.ZERO).endLsn()).isEqualTo(7);
    }

    @Test
    void whatWasReadBeforeAFailureIsTakenFirst() throws Exception {
        transaction(7, Instant.EPOCH);
        queue.fail(new IllegalStateException("a failure"));
        assertThat(queue.take(LONG).endLsn()).isEqualTo(7);
        assertThat(catchThrowable(() -> queue.take(LONG))).hasMessageContaining("a failure");
    }

    @Test
    void anOpenTransactionIsNotTaken() throws Exception {
        transaction(7, Instant.EPOCH);
        queue.begin(2);
        assertThat(queue.take(Duration.ofMillis(1))).isNull();
        queue.commit(8, Instant.EPOCH, () -> {});
        assertThat(queue.take(LONG).endLsn()).isEqualTo(8);
    }
}
