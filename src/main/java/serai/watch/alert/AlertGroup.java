package serai.watch.alert;

import java.time.Instant;

/**
 * Matches of a rule that wait to be sent as one alert.
 *
 * @param key the value of {@code aggregation_key} that they share, or null
 * @param alertAt the group is sent after this time
 */
public record AlertGroup(String id, String rule, String key, Instant alertAt) {}
