package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.testing.Rounds;
import serai.testing.Waiting;

/** The connections of a refresh are killed at random moments. */
class KilledRefreshIT {

    private final RefreshFixture fixture = new RefreshFixture(3);

    @BeforeEach
    void land() {
        assertThat(fixture.readProjectFiles()).isEmpty();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void afterKillsAtRandomMomentsTheNextRefreshEqualsARebuild() throws Exception {
        SplittableRandom random = new SplittableRandom(20260331);
        int interrupted = 0;
        // how long a refresh takes depends on the machine, so some kills come too late
        for (int round = 0; round < Rounds.of(12, 50) || interrupted < 6 && round < 100; round++) {
            int seed = random.nextInt();
            // the pool may still have a connection that was killed: such a load fails, and is repeated
            Waiting.soon().ignoreExceptions().untilAsserted(() -> LandingRows.fill(fixture, seed));
            interrupted += killedAfter(random.nextLong(TimeUnit.MILLISECONDS.toNanos(400))) ? 1 : 0;
            // no partly built relation remains
            assertThat(fixture.rows("select relname from pg_class where relname like 'shadow\\_%'"))
                    .isEmpty();
        }
        assertThat(interrupted).as("kills that hit a running refresh").isGreaterThan(5);
        // the same for a refresh
        Waiting.soon().ignoreExceptions().untilAsserted(() -> {
            fixture.refresh.runNow(RefreshTarget.all(null));
            assertThat(fixture.rows("select model, error from meta.model_state where status <> 'ok'"))
                    .isEmpty();
        });
        List<String> incremental = StarTables.rows(fixture);
        StarTables.fromScratch(fixture);
        List<String> scratch = StarTables.rows(fixture);
        assertThat(StarTables.difference(incremental, scratch)).isEmpty();
        assertThat(incremental).hasSameSizeAs(scratch);
    }

    private boolean killedAfter(long nanos) throws Exception {
        CompletableFuture<Void> tick = CompletableFuture.runAsync(() -> {
            try {
                fixture.refresh.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        LockSupport.parkNanos(nanos);
        boolean busy = !tick.isDone();
        fixture.execute("""
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid() and application_name like 'serai %'""");
        tick.handle((ok, error) -> null).get(60, TimeUnit.SECONDS);
        return busy;
    }
}
