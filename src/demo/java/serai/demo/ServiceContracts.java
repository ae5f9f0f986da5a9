package serai.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;

/**
 * What services require of a message, for {@link WebhookDouble}: required fields, kinds and lengths, from their API
 * references.
 */
public final class ServiceContracts {

    private ServiceContracts() {}

    /** PagerDuty's Events API v2, POST /v2/enqueue. */
    public static Optional<String> pagerDuty(JsonNode event) {
        if (event.path("routing_key").asText().length() != 32) {
            return Optional.of("routing_key must have 32 characters");
        }
        String action = event.path("event_action").asText();
        if (!Set.of("trigger", "acknowledge", "resolve").contains(action)) {
            return Optional.of("event_action is wrong");
        }
        JsonNode payload = event.path("payload");
        boolean whole = text(payload, "summary", 1024)
                && text(payload, "source", 10_000)
                && Set.of("critical", "error", "warning", "info")
                        .contains(payload.path("severity").asText());
        if (action.equals("trigger") && !whole) {
            return Optional.of("payload must have summary, source and severity");
        }
        return event.path("dedup_key").asText().length() > 255
                ? Optional.of("dedup_key is too long")
                : action.equals("trigger") || text(event, "dedup_key", 255)
                        ? Optional.empty()
                        : Optional.of("dedup_key is missing");
    }

    /** Opsgenie's alert API, POST /v2/alerts. */
    public static Optional<String> opsgenie(JsonNode alert) {
        if (!text(alert, "message", 130)) {
            return Optional.of("message must have 1 to 130 characters");
        }
        if (alert.path("alias").asText().length() > 512
                || alert.path("description").asText().length() > 15_000
                || alert.path("source").asText().length() > 100
                || alert.path("entity").asText().length() > 512) {
            return Optional.of("a field is too long");
        }
        return !alert.has("priority") || alert.path("priority").asText().matches("P[1-5]")
                ? Optional.empty()
                : Optional.of("priority is wrong");
    }

    /** Telegram's Bot API, POST /bot TOKEN/sendMessage. */
    public static Optional<String> telegram(JsonNode message) {
        boolean whole = text(message, "chat_id", 100) && text(message, "text", 4096);
        return whole ? Optional.empty() : Optional.of("Bad Request: text is too long");
    }

    /** A workflow that begins with "When a Teams webhook request is received". */
    public static Optional<String> powerAutomate(JsonNode message) {
        JsonNode card = message.at("/attachments/0/content");
        boolean whole = message.path("type").asText().equals("message")
                && card.path("type").asText().equals("AdaptiveCard")
                && card.path("body").isArray()
                && message.toString().length() <= 28_000;
        return whole ? Optional.empty() : Optional.of("TriggerInputSchemaMismatch");
    }

    /** Discord's webhooks. */
    public static Optional<String> discord(JsonNode message) {
        boolean whole = message.path("content").asText().length() <= 2000
                && message.path("embeds")
                        .valueStream()
                        .allMatch(e -> e.path("description").asText().length() <= 4096);
        return whole ? Optional.empty() : Optional.of("50035 Invalid Form Body");
    }

    private static boolean text(JsonNode object, String name, int longest) {
        JsonNode text = object.path(name);
        return text.isTextual()
                && !text.textValue().isEmpty()
                && text.textValue().length() <= longest;
    }
}
