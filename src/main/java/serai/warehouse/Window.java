package serai.warehouse;

import java.time.Instant;

/** A half-open range of time, {@code from} inclusive and {@code to} exclusive. */
public record Window(Instant from, Instant to) {

    public Window {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("A window must end after it starts: " + from + " to " + to);
        }
    }
}
