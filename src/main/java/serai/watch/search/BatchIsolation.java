package serai.watch.search;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many queries may be in one request. One bad or slow query can make the request fail in which it is sent. The
 * queries of its rule are then sent in smaller requests, and at last alone, until one has been answered.
 */
final class BatchIsolation {

    /** The most queries of a request, by level of isolation. */
    static final int[] BATCH_SIZES = {250, 25, 1};

    /** The level of queries that are sent alone. */
    static final int ALONE = BATCH_SIZES.length - 1;

    private static final int MAX_RULES = 10_000;

    private final Map<String, Integer> levels = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MAX_RULES;
        }
    };

    /** The level of a rule; 0 when nothing is known against it. */
    synchronized int level(String rule) {
        return levels.getOrDefault(rule, 0);
    }

    /** Has a rule on this level at least. */
    synchronized void isolate(String rule, int level) {
        if (level > level(rule)) {
            levels.put(rule, level);
        }
    }

    /** A query of the rule was answered: it may share requests again. */
    synchronized void answered(String rule) {
        levels.remove(rule);
    }
}
