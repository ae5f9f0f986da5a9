package serai.watch.alert;

import java.util.List;
import java.util.Map;

/**
 * What is to be told in one message.
 *
 * @param matches    the matches, finished, in their order; one unless the rule groups them
 * @param suppressed how many matches were silenced since the last message of the same silence key
 * @param resolved   whether it says that what was told before is over
 */
public record Alert(List<Map<String, Object>> matches, long suppressed, boolean resolved) {
}
