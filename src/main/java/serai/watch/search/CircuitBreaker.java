package serai.watch.search;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Whether a server is asked at all: after requests that failed as a whole it is left alone for a while, which grows to
 * ten seconds, and then asked with one request. Not thread-safe.
 */
final class CircuitBreaker {

    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Clock clock;
    private int failures;
    private Instant since;
    private Instant retryAt;
    private Duration longest = Duration.ZERO;
    private String reason;

    CircuitBreaker(Clock clock) {
        this.clock = clock;
    }

    /** @param atLeast what the server asked for, or nothing */
    void failed(String why, Duration atLeast) {
        Duration pause = FIRST.multipliedBy(1L << Math.min(10, failures));
        pause = pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
        pause = pause.compareTo(atLeast) < 0 ? atLeast : pause;
        longest = pause;
        failures++;
        since = since == null ? clock.instant() : since;
        retryAt = clock.instant().plus(pause);
        reason = why;
    }

    /** @return for how long the server had not answered, or null when it answered before */
    Duration succeeded() {
        Duration outage = since == null ? null : Duration.between(since, clock.instant());
        failures = 0;
        since = null;
        retryAt = null;
        return outage;
    }

    boolean closed() {
        return since == null;
    }

    /** How long until the server may be asked, nothing when it may be now. */
    Duration pause() {
        Duration pause = retryAt == null ? Duration.ZERO : Duration.between(clock.instant(), retryAt);
        // a clock that was set back must not make it longer
        return pause.isNegative() ? Duration.ZERO : pause.compareTo(longest) > 0 ? longest : pause;
    }

    /** How long the server has not answered. */
    Duration outage() {
        return since == null ? Duration.ZERO : Duration.between(since, clock.instant());
    }

    String reason() {
        return reason;
    }

    Instant since() {
        return since;
    }
}
