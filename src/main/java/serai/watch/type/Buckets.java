package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import serai.watch.rule.Timestamps;

/**
 * The buckets of an answer, out of their nesting: {@code bucket_aggs} for each part of the key, then
 * {@code interval_aggs}.
 */
final class Buckets {

    /**
     * One innermost bucket.
     *
     * @param keys the values of the parts of the key, the outermost first; empty when the rule has none
     * @param interval the beginning of the interval, or null when the time is not cut up
     * @param values what was measured in it
     */
    record Bucket(List<Object> keys, Instant interval, JsonNode values) {}

    private final List<Bucket> found = new ArrayList<>();

    private Buckets() {}

    static List<Bucket> of(JsonNode aggregations) {
        Buckets buckets = new Buckets();
        buckets.collect(List.of(), null, aggregations);
        return buckets.found;
    }

    private void collect(List<Object> keys, Instant interval, JsonNode level) {
        if (level.has("interval_aggs")) {
            for (JsonNode bucket : level.at("/interval_aggs/buckets")) {
                collect(keys, start(bucket), bucket);
            }
        } else if (level.has("bucket_aggs")) {
            for (JsonNode bucket : level.at("/bucket_aggs/buckets")) {
                List<Object> inner = new ArrayList<>(keys);
                inner.add(scalar(bucket.path("key")));
                collect(inner, interval, bucket);
            }
        } else {
            found.add(new Bucket(keys, interval, level));
        }
    }

    /** As text when it is a text that can be read; the number beside it is milliseconds. */
    private static Instant start(JsonNode bucket) {
        try {
            return Timestamps.read(bucket.path("key_as_string").asText());
        } catch (DateTimeException e) {
            return Instant.ofEpochMilli(bucket.path("key").asLong());
        }
    }

    static Object scalar(JsonNode key) {
        return key.isNumber()
                ? key.numberValue()
                : key.isBoolean() ? (Object) key.booleanValue() : key.isNull() ? null : key.asText();
    }
}
