package serai.watch.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import serai.watch.alerter.Alerters;

/**
 * How soon after one message a target gets the next, by the pace of its alerter. The times are the outbox's position in
 * the warehouse, so that a restart does not send sooner.
 */
final class RateLimit {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Instant> attempts = new HashMap<>();

    void read(JsonNode position) {
        attempts.clear();
        position.properties()
                .forEach(e -> attempts.put(
                        e.getKey(), Instant.ofEpochMilli(e.getValue().asLong())));
    }

    private static Duration pace(String channel) {
        return Alerters.type(channel).pace();
    }

    boolean allows(OutboundMessage message, Instant now) {
        Instant last = attempts.getOrDefault(message.target(), Instant.EPOCH);
        return !last.plus(pace(message.channel())).isAfter(now);
    }

    void attempted(OutboundMessage message, Instant at) {
        if (!pace(message.channel()).isZero()) {
            attempts.put(message.target(), at);
        }
    }

    /** The times that still matter, as the outbox's position. */
    ObjectNode position() {
        Instant newest = attempts.values().stream().max(Instant::compareTo).orElse(Instant.EPOCH);
        attempts.values().removeIf(at -> at.isBefore(newest.minusSeconds(60)));
        ObjectNode position = JSON.createObjectNode();
        attempts.forEach((target, at) -> position.put(target, at.toEpochMilli()));
        return position;
    }
}
