package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many documents a piece of time was found to have.
 *
 * @param from its beginning, exclusive
 * @param to its end, inclusive
 * @param total the documents
 * @param terms the documents of each term, where terms were asked for; else empty
 */
record IntervalCount(Instant from, Instant to, long total, Map<Object, Long> terms) {

    static IntervalCount of(JsonNode kept) {
        Map<Object, Long> terms = new LinkedHashMap<>();
        for (JsonNode term : kept.path(3)) {
            terms.put(value(term.get(0)), term.get(1).asLong());
        }
        return new IntervalCount(
                Instant.ofEpochMilli(kept.get(0).asLong()),
                Instant.ofEpochMilli(kept.get(1).asLong()),
                kept.get(2).asLong(),
                terms);
    }

    ArrayNode kept() {
        ArrayNode kept = JsonNodeFactory.instance
                .arrayNode()
                .add(from.toEpochMilli())
                .add(to.toEpochMilli())
                .add(total);
        if (!terms.isEmpty()) {
            ArrayNode all = kept.addArray();
            terms.forEach((term, count) -> all.addArray().addPOJO(term).add(count));
        }
        return kept;
    }

    /** A piece's answer: a bucket with its number of documents and, below it, its terms. */
    static IntervalCount of(Instant from, Instant to, JsonNode bucket) {
        Map<Object, Long> terms = new LinkedHashMap<>();
        for (JsonNode term : bucket.at("/counts/buckets")) {
            JsonNode key = term.has("key_as_string")
                            && term.get("key").isNumber()
                            && isFlag(term.get("key_as_string").asText())
                    ? term.get("key_as_string")
                    : term.get("key");
            terms.put(value(key), term.get("doc_count").asLong());
        }
        return new IntervalCount(from, to, bucket.path("doc_count").asLong(), terms);
    }

    private static boolean isFlag(String text) {
        return text.equals("true") || text.equals("false");
    }

    private static Object value(JsonNode key) {
        return key.isNumber() ? key.numberValue() : key.isBoolean() ? (Object) key.booleanValue() : key.asText();
    }

    /** What this tally has more than an earlier one of the same time; never less than nothing. */
    IntervalCount since(IntervalCount earlier) {
        Map<Object, Long> more = new LinkedHashMap<>();
        terms.forEach((term, count) -> {
            long added = count - earlier.terms.getOrDefault(term, 0L);
            if (added > 0) {
                more.put(term, added);
            }
        });
        return new IntervalCount(from, to, Math.max(0, total - earlier.total), more);
    }
}
