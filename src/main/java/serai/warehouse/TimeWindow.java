package serai.warehouse;

import java.time.Instant;

/** A half-open range of time, {@code from} inclusive and {@code to} exclusive. */
public record TimeWindow(Instant from, Instant to) {

    public TimeWindow {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("A window must end after it starts: " + from + " to " + to);
        }
    }
}
