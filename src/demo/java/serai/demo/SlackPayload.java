package serai.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The limits and keys of a webhook's message (docs/reference/slack.md, "Incoming webhooks"). Slack ignores unknown
 * keys; here they are refused, because a wrong key such as {@code iconEmoji} would be noticed only in the channel.
 */
final class SlackPayload {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Pattern COLOUR = Pattern.compile("good|warning|danger|#?[0-9a-fA-F]{3}|#?[0-9a-fA-F]{6}");
    private static final Set<String> MESSAGE = Set.of(
            "text",
            "blocks",
            "attachments",
            "channel",
            "username",
            "icon_emoji",
            "icon_url",
            "thread_ts",
            "mrkdwn",
            "parse",
            "link_names",
            "unfurl_links",
            "unfurl_media",
            "response_type",
            "metadata");
    private static final Set<String> ATTACHMENT = Set.of(
            "fallback",
            "color",
            "pretext",
            "author_name",
            "author_link",
            "author_icon",
            "title",
            "title_link",
            "text",
            "fields",
            "image_url",
            "thumb_url",
            "footer",
            "footer_icon",
            "ts",
            "mrkdwn_in",
            "blocks",
            "actions",
            "callback_id");
    private static final Set<String> FIELD = Set.of("title", "value", "short");
    private static final Set<String> CONTENT =
            Set.of("fallback", "pretext", "title", "text", "fields", "image_url", "blocks");

    private SlackPayload() {}

    /** @return the message, or nothing when it is not a JSON object */
    static Optional<JsonNode> read(Request request) {
        if (!request.isOf("application/json")) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readTree(request.text())).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** @return what is wrong with a message, if anything */
    static Optional<SlackFailure> fault(JsonNode message) {
        JsonNode attachments = message.path("attachments");
        JsonNode blocks = message.path("blocks");
        if (!known(message, MESSAGE)
                || !optional(message, "text", JsonNode::isTextual)
                || !list(attachments)
                || !list(blocks)) {
            return Optional.of(SlackFailure.INVALID_PAYLOAD);
        }
        if (message.path("text").asText().isEmpty() && attachments.isEmpty() && blocks.isEmpty()) {
            return Optional.of(SlackFailure.NO_TEXT);
        }
        if (message.path("text").asText().length() > 40_000) {
            return Optional.of(SlackFailure.MESSAGE_TOO_LONG);
        }
        if (attachments.size() > 100) {
            return Optional.of(SlackFailure.TOO_MANY_ATTACHMENTS);
        }
        return attachments
                .valueStream()
                .map(SlackPayload::attachment)
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> blocks(blocks));
    }

    private static Optional<SlackFailure> attachment(JsonNode attachment) {
        boolean shaped = attachment.isObject()
                && known(attachment, ATTACHMENT)
                && list(attachment.path("fields"))
                && list(attachment.path("mrkdwn_in"))
                && optional(attachment, "text", JsonNode::isTextual)
                && optional(attachment, "title", JsonNode::isTextual)
                && optional(attachment, "color", c -> COLOUR.matcher(c.asText()).matches())
                && attachment.path("fields").valueStream().allMatch(f -> f.isObject() && known(f, FIELD));
        if (!shaped) {
            return Optional.of(SlackFailure.INVALID_PAYLOAD);
        }
        boolean empty = CONTENT.stream()
                .map(attachment::path)
                .allMatch(c -> c.isContainerNode() ? c.isEmpty() : c.asText().isEmpty());
        return empty ? Optional.of(SlackFailure.EMPTY_ATTACHMENT) : blocks(attachment.path("blocks"));
    }

    private static Optional<SlackFailure> blocks(JsonNode blocks) {
        if (blocks.size() > 50 || !blocks.valueStream().allMatch(SlackPayload::block)) {
            return Optional.of(SlackFailure.INVALID_BLOCKS);
        }
        int characters = blocks.valueStream()
                .mapToInt(b -> b.path("text").path("text").asText().length())
                .sum();
        return characters > 13_200 ? Optional.of(SlackFailure.BLOCKS_TOO_LONG) : Optional.empty();
    }

    private static boolean block(JsonNode block) {
        int length = block.path("text").path("text").asText().length();
        return switch (block.path("type").asText()) {
            case "section" ->
                length <= 3000
                        && block.path("fields").size() <= 10
                        && block.path("fields")
                                .valueStream()
                                .allMatch(f -> f.path("text").asText().length() <= 2000);
            case "header" -> length <= 150;
            case "divider", "image", "actions", "context", "input", "file", "video", "rich_text", "markdown" -> true;
            default -> false;
        };
    }

    private static boolean known(JsonNode object, Set<String> keys) {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            if (!keys.contains(names.next())) {
                return false;
            }
        }
        return true;
    }

    private static boolean list(JsonNode node) {
        return node.isMissingNode() || node.isArray();
    }

    private static boolean optional(JsonNode object, String key, java.util.function.Predicate<JsonNode> fits) {
        return !object.has(key) || fits.test(object.get(key));
    }
}
