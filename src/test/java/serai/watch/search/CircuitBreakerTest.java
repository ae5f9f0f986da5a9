package serai.watch.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private final CircuitBreaker breaker = new CircuitBreaker(((InstantSource) () -> now).withZone(ZoneOffset.UTC));

    @Test
    void thePauseDoublesUpToTenSecondsUnlessTheServerAsksForMore() {
        breaker.failed("away", Duration.ZERO);
        assertThat(breaker.pause()).isEqualTo(Duration.ofMillis(250));
        for (int i = 0; i < 20; i++) {
            breaker.failed("away", Duration.ZERO);
        }
        assertThat(breaker.pause()).isEqualTo(Duration.ofSeconds(10));
        breaker.failed("busy", Duration.ofSeconds(60));
        assertThat(breaker.pause()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void aClockThatIsSetBackDoesNotMakeThePauseLonger() {
        breaker.failed("away", Duration.ZERO);
        now = now.minus(Duration.ofHours(1));
        assertThat(breaker.pause()).isEqualTo(Duration.ofMillis(250));
    }
}
