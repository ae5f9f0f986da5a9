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
    private static final String CODE = "```";
    private static final String CODE_END = "\n```";
    private static final int LONGEST_ESCAPE = 8;

    private MessageLimits() {}

    /**
     * A text of at most so many characters, with a note of how many are missing. No character and no escaped one, as
     * {@code &lt;}, is cut in half, and a block of code ({@code ```}) that is cut ends before the note.
     */
    public static String text(String text, int longest) {
        return text(text, longest, "\n… and %d more characters");
    }

    /** @param missing a format of the number of characters that are left out */
    public static String text(String text, int longest, String missing) {
        if (text.length() <= longest) {
            return text;
        }
        int end = wholeCharacters(text, Math.max(0, longest - missing.length() - 10 - CODE_END.length()));
        String kept = text.substring(0, end);
        return kept + (isInCode(kept) ? CODE_END : "") + String.format(missing, text.length() - end);
    }

    /** The end, or one before it that is between two characters. */
    private static int wholeCharacters(String text, int end) {
        int whole = end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
        while (whole > 0 && text.charAt(whole) == '`' && text.charAt(whole - 1) == '`') {
            whole--;
        }
        int escaped = text.lastIndexOf('&', whole - 1);
        int last = escaped < 0 ? -1 : text.indexOf(';', escaped);
        return escaped >= 0 && last >= whole && last - escaped < LONGEST_ESCAPE ? escaped : whole;
    }

    private static boolean isInCode(String text) {
        int marks = 0;
        for (int at = text.indexOf(CODE); at >= 0; at = text.indexOf(CODE, at + CODE.length())) {
            marks++;
        }
        return marks % 2 == 1;
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
