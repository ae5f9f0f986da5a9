package serai.watch.message;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What is to be told in one message.
 *
 * @param id the same for the same alert, however often it is decided; another alert has another
 * @param key the silence key: the same for all alerts of one trouble, its end included; null when there is none
 * @param matches the matches, finished, in their order; one unless the rule groups them. Of a resolved alert the last
 *     that was told
 * @param suppressed how many matches were silenced since the last message of the same silence key
 * @param resolved whether it says that what was told before is over
 * @param since of a resolved alert, when the first of its matches was told; otherwise null
 */
public record Alert(
        String id, String key, List<Map<String, Object>> matches, long suppressed, boolean resolved, Instant since) {

    public Alert(List<Map<String, Object>> matches, long suppressed, boolean resolved) {
        this(null, null, matches, suppressed, resolved, null);
    }
}
