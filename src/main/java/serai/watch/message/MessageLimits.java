package serai.watch.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;

/** Cuts what is too long: a document can be of any size, and a message that its receiver refuses is lost. */
public final class MessageLimits {

    /** Bytes of a whole payload. */
    public static final int LONGEST_PAYLOAD = 400_000;

    private static final int SHORTEST = 16;

    private MessageLimits() {}

    /** A text of at most so many characters, with a note of how many are missing. No character is cut in half. */
    public static String text(String text, int longest) {
        return text(text, longest, "\n… and %d more characters");
    }

    /** @param missing a format of the number of characters that are left out */
    public static String text(String text, int longest, String missing) {
        if (text.length() <= longest) {
            return text;
        }
        int end = Math.max(0, longest - missing.length() - 10);
        end = end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
        return text.substring(0, end) + String.format(missing, text.length() - end);
    }

    /** The payload with its longest texts and lists cut as far as needed for {@link #LONGEST_PAYLOAD}. */
    public static ObjectNode json(ObjectNode payload) {
        return json(payload, LONGEST_PAYLOAD);
    }

    /** The payload with its longest texts and lists cut until it has at most so many bytes. */
    public static ObjectNode json(ObjectNode payload, int most) {
        int longest = most;
        JsonNode bounded = payload;
        while (bounded.toString().getBytes(StandardCharsets.UTF_8).length > most && longest > SHORTEST) {
            longest /= 4;
            bounded = cut(payload, longest);
        }
        return (ObjectNode) bounded;
    }

    private static JsonNode cut(JsonNode node, int longest) {
        if (node.isTextual()) {
            return TextNode.valueOf(text(node.textValue(), longest));
        }
        if (node instanceof ArrayNode list) {
            ArrayNode some = JsonNodeFactory.instance.arrayNode();
            list.valueStream().limit(longest).forEach(item -> some.add(cut(item, longest)));
            return some;
        }
        if (node instanceof ObjectNode object) {
            ObjectNode some = JsonNodeFactory.instance.objectNode();
            object.properties().stream()
                    .limit(longest)
                    .forEach(field -> some.set(field.getKey(), cut(field.getValue(), longest)));
            return some;
        }
        return node;
    }
}
