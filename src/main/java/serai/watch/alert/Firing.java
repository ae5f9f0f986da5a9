package serai.watch.alert;

import java.time.Instant;
import java.util.Map;

/**
 * A trouble that was told and whose end is to be told too.
 *
 * @param key the silence key
 * @param alertId the alert that told of it last
 * @param since when its first match was told
 * @param lastMatchAt when its last match was found, told or silenced
 * @param resolveAt it is over when the rule has covered the time up to here and no other match came
 * @param match the last match that was told
 */
public record Firing(
        String rule,
        String key,
        String alertId,
        Instant since,
        Instant lastMatchAt,
        Instant resolveAt,
        Map<String, Object> match) {}
