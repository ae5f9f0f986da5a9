package serai.watch.search;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Whether a server is sent requests: after one that failed as a whole there is a pause, which doubles up to ten
 * seconds, and then a single request. Not thread-safe.
 */
final class CircuitBreaker {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(10);

    private final Clock clock;
    private int failures;
    private Instant since;
    private Instant retryAt;
    private Duration lastPause = Duration.ZERO;
    private String reason;

    CircuitBreaker(Clock clock) {
        this.clock = clock;
    }

    /** @param atLeast the pause that the server asked for; zero for none */
    void failed(String why, Duration atLeast) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(10, failures));
        pause = pause.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause;
        pause = pause.compareTo(atLeast) < 0 ? atLeast : pause;
        lastPause = pause;
        failures++;
        since = since == null ? clock.instant() : since;
        retryAt = clock.instant().plus(pause);
        reason = why;
    }

    /** @return how long the outage was that ends with this; null when there was none */
    Duration succeeded() {
        Duration outage = since == null ? null : Duration.between(since, clock.instant());
        failures = 0;
        since = null;
        retryAt = null;
        return outage;
    }

    /** Whether the last request succeeded. */
    boolean isClosed() {
        return since == null;
    }

    /** How long until the next request may be sent; zero when it may be sent now. */
    Duration pause() {
        Duration pause = retryAt == null ? Duration.ZERO : Duration.between(clock.instant(), retryAt);
        // a clock that was set back must not make it longer
        return pause.isNegative() ? Duration.ZERO : pause.compareTo(lastPause) > 0 ? lastPause : pause;
    }

    /** How long requests have failed; zero when the last one succeeded. */
    Duration outage() {
        return since == null ? Duration.ZERO : Duration.between(since, clock.instant());
    }

    /** Why the last request failed. */
    String reason() {
        return reason;
    }

    /** When the outage began; null when there is none. */
    Instant since() {
        return since;
    }
}
