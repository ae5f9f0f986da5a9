package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The different values of a field that occurred with one key, each with its latest time. Of very many values the latest
 * ones are kept. Times are microseconds since 1970.
 */
final class DistinctValues {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SLACK = 16;

    private final Object key;
    private final Map<String, Long> seen = new LinkedHashMap<>();
    private Long first;
    private long newest;

    /** @param key the key's value as a match shows it */
    DistinctValues(Object key) {
        this.key = key;
    }

    /** @param state as {@link #state} returned it */
    static DistinctValues of(JsonNode state) {
        DistinctValues values = new DistinctValues(JSON.convertValue(state.get(0), Object.class));
        values.first = JSON.convertValue(state.get(1), Long.class);
        values.newest = state.get(2).longValue();
        state.get(3)
                .properties()
                .forEach(seen -> values.seen.put(seen.getKey(), seen.getValue().longValue()));
        return values;
    }

    JsonNode state() {
        ArrayNode state = JsonNodeFactory.instance
                .arrayNode()
                .add(JSON.<JsonNode>valueToTree(key))
                .add(first)
                .add(newest);
        ObjectNode values = state.addObject();
        seen.forEach(values::put);
        return state;
    }

    Object key() {
        return key;
    }

    /** The time of its latest event. */
    long newest() {
        return newest;
    }

    int count() {
        return seen.size();
    }

    /** Counts an event of the key, with or without a value. */
    void addEvent(long now) {
        first = first == null ? Long.valueOf(now) : first;
        newest = Math.max(newest, now);
    }

    /**
     * Adds a value; a late document does not make it older.
     *
     * @param needed the number of values that must be kept to check the bounds
     */
    void add(String value, long now, int needed) {
        seen.merge(Fingerprint.of(value), now, Math::max);
        if (seen.size() > 2 * needed + SLACK) {
            long oldest = seen.values().stream()
                    .sorted(Comparator.reverseOrder())
                    .skip(needed - 1L)
                    .findFirst()
                    .orElse(now);
            seen.values().removeIf(time -> time < oldest);
        }
    }

    void expire(long now, long span) {
        seen.values().removeIf(time -> now - time > span);
    }

    boolean isKnownLongerThan(long span, long now) {
        return first != null && now - first > span;
    }

    /** After a match: the key counts as known from the next event on. */
    void restart() {
        first = null;
    }
}
