package serai.watch.query;

import java.time.Instant;

/**
 * A range of time.
 *
 * @param from its beginning, exclusive
 * @param to its end, inclusive
 */
public record Window(Instant from, Instant to) {}
