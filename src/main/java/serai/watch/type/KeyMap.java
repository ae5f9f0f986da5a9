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
 * What a type knows about each value of the query key, in the order in which the values were first seen. Bounded: when
 * there are too many, those that were not heard of for longest are forgotten.
 */
final class KeyMap<T> {

    /** Values of a key in one rule. */
    static final int MOST = 50_000;

    private static final Logger LOG = LoggerFactory.getLogger(KeyMap.class);
    /** No document's value has this name: those begin with their kind. */
    private static final String ALL = "all";

    private final String rule;
    private final int most;
    private final ToLongFunction<T> newest;
    private final Map<String, T> known = new LinkedHashMap<>();

    /** @param newest when a value was last heard of */
    KeyMap(String rule, int most, ToLongFunction<T> newest) {
        this.rule = rule;
        this.most = most;
        this.newest = newest;
    }

    /** The key of a value; of all documents together when the rule has no query key. */
    static String key(boolean keyed, Object value) {
        return keyed ? EqualityKey.of(value) : ALL;
    }

    /** A value as a match shows it as a key: lists and maps by their Python text. */
    static Object plain(Object value) {
        return value instanceof List || value instanceof Map ? Python.str(value) : value;
    }

    T get(String key) {
        return known.get(key);
    }

    T get(String key, Supplier<T> otherwise) {
        return known.computeIfAbsent(key, k -> otherwise.get());
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

    /** To go through while entries are added and removed. */
    List<String> keys() {
        return List.copyOf(known.keySet());
    }

    /** Forgets when there are too many; to be called between two events. */
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
                "rule=\"{}\" Its query_key has more than {} values; those that were silent for longest are forgotten."
                        + " Narrow the filter or take a key with fewer values.",
                rule,
                most);
    }
}
