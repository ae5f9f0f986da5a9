package serai.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.regex.Pattern;

/** JSON for columns of the types json and jsonb, which cannot hold the character NUL: it is replaced by U+FFFD. */
public final class PostgresJson {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NUL = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000");

    private PostgresJson() {}

    /** @param value a {@link JsonNode}, or a map or list of values that Jackson writes */
    public static String text(Object value) {
        JsonNode json = value instanceof JsonNode node ? node : JSON.valueToTree(value);
        String text = json.toString();
        return text.contains("\\u0000") ? NUL.matcher(text).replaceAll("$1\uFFFD") : text;
    }
}
