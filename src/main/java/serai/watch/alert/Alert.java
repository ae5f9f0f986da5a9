package serai.watch.alert;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What is to be told in one message.
 *
 * @param matches    the matches, finished, in their order; one unless the rule groups them; the last one known when it is resolved
 * @param suppressed how many matches were silenced since the last message of the same silence key
 * @param resolved   whether it says that what was told before is over
 * @param since      when what is resolved was told first; null when that is not known, or nothing is resolved
 */
public record Alert(List<Map<String, Object>> matches, long suppressed, boolean resolved, Instant since) {

    public Alert(List<Map<String, Object>> matches, long suppressed, boolean resolved) {
        this(matches, suppressed, resolved, null);
    }
}
