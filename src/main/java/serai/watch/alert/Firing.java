package serai.watch.alert;

import java.time.Instant;
import java.util.Map;

/**
 * An alert that fires: one that was sent, and whose resolution is to be sent too.
 *
 * @param key the silence key
 * @param alertId the last alert of the key
 * @param since when the first alert was queued
 * @param lastMatchAt when the last match was found, alerted or silenced
 * @param resolveAt the alert is resolved when the rule has covered the time up to here without another match
 * @param match the last match that led to an alert
 */
public record Firing(
        String rule,
        String key,
        String alertId,
        Instant since,
        Instant lastMatchAt,
        Instant resolveAt,
        Map<String, Object> match) {}
