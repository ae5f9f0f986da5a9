package serai.watch.alerter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import serai.watch.message.Alert;
import serai.watch.python.Python;

/**
 * Takes from what documents say the power to call people together: in Slack's markup {@code <!channel>}, {@code <@U1>}
 * and {@code <#C1>} are commands. What the author of a rule wrote is left as it is; everything else of a value too.
 */
public final class SlackMentions {

    /** Also at a value's end, since the next value may go on. */
    private static final Pattern COMMAND = Pattern.compile("<(?=[!@#]|\\z)");

    private SlackMentions() {}

    /** The alert with the values and names of its matches made harmless, to be put into texts for Slack. */
    public static Alert defused(Alert alert) {
        List<Map<String, Object>> matches = new ArrayList<>();
        for (Map<String, Object> match : alert.matches()) {
            Map<String, Object> defused = new LinkedHashMap<>();
            match.forEach((name, value) -> defused.put(text(name), value(value)));
            matches.add(defused);
        }
        return new Alert(alert.id(), alert.key(), matches, alert.suppressed(), alert.resolved(), alert.since());
    }

    private static Object value(Object value) {
        if (value instanceof CharSequence text) {
            return text(text);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> defused = new LinkedHashMap<>();
            map.forEach((name, own) -> defused.put(text(Python.str(name)), value(own)));
            return defused;
        }
        if (value instanceof List<?> list) {
            List<Object> defused = new ArrayList<>();
            list.forEach(own -> defused.add(value(own)));
            return defused;
        }
        return value;
    }

    private static String text(CharSequence text) {
        return COMMAND.matcher(text).replaceAll("&lt;");
    }
}
