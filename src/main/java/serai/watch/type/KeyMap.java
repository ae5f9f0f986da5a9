package serai.watch.type;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.watch.python.EqualityKey;
import serai.watch.python.Python;

/**
 * What a rule type knows about each value of the query key, in the order of their first events. When there are too
 * many, those without events for the longest time are forgotten.
 */
final class KeyMap<T> {

    /** The most values of a rule. */
    static final int MOST = 50_000;

    private static final Logger LOG = LoggerFactory.getLogger(KeyMap.class);
    /** Different from every {@link EqualityKey}. */
    private static final String ALL = "all";

    private final String rule;
    private final int most;
    private final ToLongFunction<T> newest;
    private final Map<String, T> known = new LinkedHashMap<>();

    /** @param newest the time of a value's last event, in microseconds since 1970 */
    KeyMap(String rule, int most, ToLongFunction<T> newest) {
        this.rule = rule;
        this.most = most;
        this.newest = newest;
    }

    /** The key of a value, or that of all documents together. */
    static String key(boolean keyed, Object value) {
        return keyed ? EqualityKey.of(value) : ALL;
    }

    /** A value as matches show it: lists and maps as text. */
    static Object shown(Object value) {
        return value instanceof List || value instanceof Map ? Python.str(value) : value;
    }

    T get(String key) {
        return known.get(key);
    }

    T get(String key, Supplier<T> missing) {
        return known.computeIfAbsent(key, k -> missing.get());
    }

    void put(String key, T value) {
        known.put(key, value);
    }

    T remove(String key) {
        return known.remove(key);
    }

    int size() {
        return known.size();
    }

    Collection<T> values() {
        return known.values();
    }

    /** A copy of the keys, for loops that add or remove entries. */
    List<String> keys() {
        return List.copyOf(known.keySet());
    }

    /** Forgets values when there are too many; called between two events, not within one. */
    void bound() {
        if (known.size() <= most) {
            return;
        }
        List<String> silent = known.entrySet().stream()
                .sorted(Comparator.comparingLong(e -> newest.applyAsLong(e.getValue())))
                .limit(known.size() - Math.max(1, most * 9 / 10))
                .map(Map.Entry::getKey)
                .toList();
        silent.forEach(known::remove);
        LOG.warn(
                "rule=\"{}\" The query_key has more than {} values; those without events for the longest time are"
                        + " forgotten. Narrow the filter or use a key with fewer values.",
                rule,
                most);
    }
}
