package serai.load;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the message in the JSON that Metabase puts in place of rows or after them; the JSON itself may be cut off. */
public final class QueryError {

    private static final Pattern ERROR =
            Pattern.compile("\"(?:error|message)\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.){1,300})");

    private QueryError() {}

    public static String in(String json) {
        Matcher matcher = ERROR.matcher(json);
        return matcher.find()
                ? matcher.group(1).replaceAll("\\\\[nrt]", " ").replace("\\\"", "\"")
                : "no message was given";
    }
}
