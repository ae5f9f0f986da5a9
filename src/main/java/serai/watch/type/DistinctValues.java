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
 * The different values that were seen with one key, and when each was seen last. Of very many it keeps the ones seen
 * last.
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

    static DistinctValues of(JsonNode state) {
        DistinctValues values = new DistinctValues(JSON.convertValue(state.get(0), Object.class));
        values.first = state.get(1).isNull() ? null : Long.valueOf(state.get(1).longValue());
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

    long newest() {
        return newest;
    }

    int count() {
        return seen.size();
    }

    /** An event of the key, with a value or without. */
    void heard(long now) {
        first = first == null ? Long.valueOf(now) : first;
        newest = Math.max(newest, now);
    }

    /**
     * @param needed how many values must be known to judge the key; a value that comes late does not become older by it
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

    /** After a match: known again from the next event on. */
    void startAnew() {
        first = null;
    }
}
