package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * A question about the time before a rule's first run: the values that a field had. Its bodies hold their own range.
 *
 * @param field the number of the field among those that the type reads
 * @param from the beginning of the time asked about, inclusive: for the names of indices that hold a time
 * @param to its end, exclusive
 * @param body the whole body of the search, for all values at once
 * @param pages the same for values page by page, by an aggregation {@code values} of the kind composite
 */
public record Baseline(int field, Instant from, Instant to, ObjectNode body, ObjectNode pages) {

    /** @param after {@code after_key} of the page before, or null for the first */
    public ObjectNode page(int size, JsonNode after) {
        ObjectNode page = pages.deepCopy();
        ObjectNode composite = ((ObjectNode) page.at("/aggs/values/composite")).put("size", size);
        if (after != null) {
            composite.set("after", after);
        }
        return page;
    }
}
