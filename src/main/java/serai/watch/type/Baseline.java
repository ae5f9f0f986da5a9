package serai.watch.type;

import java.time.Instant;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A question about the time before a rule's first run. Its body holds its own range.
 *
 * @param from the beginning of the time asked about, inclusive: for the names of indices that hold a time
 * @param to   its end, exclusive
 * @param body the whole body of the search
 */
public record Baseline(Instant from, Instant to, ObjectNode body) {
}
