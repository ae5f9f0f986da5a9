package serai.watch.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/** JSON as PostgreSQL's jsonb takes it: without the character NUL, which a document may well hold. */
public final class PostgresJson {

    private static final Pattern NUL = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000");

    private PostgresJson() {}

    public static String text(JsonNode json) {
        String text = json.toString();
        return text.contains("\\u0000") ? NUL.matcher(text).replaceAll("$1\uFFFD") : text;
    }
}
