package serai.watch.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How soon after one message a target gets the next. The times go with each claim, so that a restart does not post
 * sooner.
 */
final class RateLimit {

    /** Slack and Telegram take a message a second, Discord five in two seconds; others as they come. */
    private static final Map<String, Duration> PACES = Map.of(
            "slack", Duration.ofSeconds(1), "telegram", Duration.ofSeconds(1), "discord", Duration.ofMillis(400));

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Instant> attempts = new HashMap<>();

    void read(JsonNode position) {
        attempts.clear();
        position.properties()
                .forEach(e -> attempts.put(
                        e.getKey(), Instant.ofEpochMilli(e.getValue().asLong())));
    }

    boolean allows(String channel, String target, Instant now) {
        Duration pace = PACES.get(channel);
        return pace == null
                || !attempts.getOrDefault(target, Instant.EPOCH).plus(pace).isAfter(now);
    }

    void attempted(String channel, String target, Instant at) {
        if (PACES.containsKey(channel)) {
            attempts.put(target, at);
        }
    }

    /** What of it still matters, as the outbox's position. */
    ObjectNode position() {
        Instant newest = attempts.values().stream().max(Instant::compareTo).orElse(Instant.EPOCH);
        attempts.values().removeIf(at -> at.isBefore(newest.minusSeconds(60)));
        ObjectNode position = JSON.createObjectNode();
        attempts.forEach((target, at) -> position.put(target, at.toEpochMilli()));
        return position;
    }
}
