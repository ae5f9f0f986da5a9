package serai.warehouse;

import java.time.Instant;

/** A half-open range of time: {@code from} inclusive, {@code to} exclusive. */
public record TimeWindow(Instant from, Instant to) {

    /** @throws IllegalArgumentException when the window would be empty or end before it starts */
    public TimeWindow {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("A window must end after it starts: " + from + " to " + to);
        }
    }

    /** An ISO 8601 interval. */
    @Override
    public String toString() {
        return from + "/" + to;
    }
}
