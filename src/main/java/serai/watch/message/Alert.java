package serai.watch.message;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import serai.watch.rule.Document;

/**
 * What one message reports.
 *
 * @param id the same for the same alert, however often it is decided; another alert has another
 * @param key the silence key: the same for all alerts of one problem, its end included; null when there is none
 * @param matches the matches, complete, in their order; one unless the rule groups them. Of a resolved alert the last
 *     match that was reported
 * @param suppressed how many matches were silenced since the last message of the same silence key
 * @param resolved whether it reports that an earlier alert is over
 * @param since of a resolved alert, when its first match was reported; otherwise null
 */
public record Alert(
        String id, String key, List<Map<String, Object>> matches, long suppressed, boolean resolved, Instant since) {

    /** An alert without an id, for texts only. */
    public Alert(List<Map<String, Object>> matches, long suppressed, boolean resolved) {
        this(null, null, matches, suppressed, resolved, null);
    }

    /** The same alert with other matches. */
    public Alert with(List<Map<String, Object>> others) {
        return new Alert(id, key, others, suppressed, resolved, since);
    }

    /** The first match. */
    public Map<String, Object> first() {
        return matches.get(0);
    }

    /** The last match. */
    public Map<String, Object> last() {
        return matches.get(matches.size() - 1);
    }

    /** A field of the first match, such as {@code user.name}; null when it is missing. */
    public Object field(String path) {
        return Document.lookup(first(), path);
    }
}
