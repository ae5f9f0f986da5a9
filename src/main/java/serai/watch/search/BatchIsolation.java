package serai.watch.search;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * With how many others the questions of a rule are asked: with all, with few, or alone. One bad or slow question can
 * spoil the request that it is asked in; after that its rule is asked in smaller company until it has been answered.
 */
final class BatchIsolation {

    private static final int MOST_REMEMBERED = 10_000;

    private final Map<String, Integer> doubtful = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    synchronized int of(String rule) {
        return doubtful.getOrDefault(rule, 0);
    }

    synchronized void doubt(String rule, int company) {
        if (company > of(rule)) {
            doubtful.put(rule, company);
        }
    }

    synchronized void answered(String rule) {
        doubtful.remove(rule);
    }
}
