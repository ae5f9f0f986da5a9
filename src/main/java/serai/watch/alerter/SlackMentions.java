package serai.watch.alerter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import serai.watch.message.Alert;
import serai.watch.python.Python;

/**
 * Escapes Slack's commands in values of documents: {@code <!channel>}, {@code <@U1>} and {@code <#C1>} would notify
 * people. What the author of a rule wrote stays as it is, and so does the rest of a value.
 */
public final class SlackMentions {

    /** Also at a value's end, because the next value may continue it. */
    private static final Pattern COMMAND = Pattern.compile("<(?=[!@#]|\\z)");

    private SlackMentions() {}

    /** The alert with the names and values of its matches escaped, to be put into texts for Slack. */
    static Alert escaped(Alert alert) {
        List<Map<String, Object>> matches = new ArrayList<>();
        alert.matches().forEach(match -> matches.add(map(match)));
        return alert.with(matches);
    }

    private static Map<String, Object> map(Map<?, ?> map) {
        Map<String, Object> escaped = new LinkedHashMap<>();
        map.forEach((name, value) -> escaped.put(text(Python.str(name)), value(value)));
        return escaped;
    }

    private static Object value(Object value) {
        if (value instanceof CharSequence text) {
            return text(text);
        }
        if (value instanceof Map<?, ?> map) {
            return map(map);
        }
        if (value instanceof List<?> list) {
            List<Object> escaped = new ArrayList<>();
            list.forEach(item -> escaped.add(value(item)));
            return escaped;
        }
        return value;
    }

    /** A text with its commands escaped. */
    public static String text(CharSequence text) {
        return COMMAND.matcher(text).replaceAll("&lt;");
    }
}
