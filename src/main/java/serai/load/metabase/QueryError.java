package serai.load.metabase;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The JSON with which Metabase reports a failed query. It may be cut off, so it is searched and not parsed. */
final class QueryError {

    private static final Pattern MESSAGE =
            Pattern.compile("\"(?:error|message)\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.){1,300})");

    private QueryError() {}

    /** The error's message. */
    static String message(String json) {
        Matcher matcher = MESSAGE.matcher(json);
        return matcher.find()
                ? matcher.group(1).replaceAll("\\\\[nrt]", " ").replace("\\\"", "\"")
                : "no message was given";
    }
}
