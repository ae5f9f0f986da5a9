package serai.watch.message;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import serai.watch.python.Python;
import serai.watch.rule.Rule;

/**
 * A rule's options that a text may show: all but those that hold secrets, since messages are stored and sent to many.
 */
public final class PublicOptions {

    private static final Pattern SECRET = Pattern.compile(
            ".*(password|secret|token|webhook|bearer|credential|headers|api_?key|auth(?!or)"
                    + "|_proxy(?![a-z])|(static|post2)_payload|(post2?|integration)_url"
                    + "|(service|integration|routing|opsgenie|access|private|account|client|victorops|pagertree|chatwork)_?key).*",
            Pattern.CASE_INSENSITIVE);

    private PublicOptions() {}

    /** An option, or null when there is none, or it is a secret. */
    public static Object of(Rule rule, String name) {
        return SECRET.matcher(name).matches() ? null : shown(rule.option(name));
    }

    public static Map<String, Object> of(Rule rule) {
        Map<String, Object> options = new LinkedHashMap<>();
        rule.options().forEach((name, value) -> {
            if (!SECRET.matcher(name).matches()) {
                options.put(name, shown(value));
            }
        });
        return options;
    }

    private static Object shown(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> shown = new LinkedHashMap<>();
            map.forEach((name, own) -> {
                if (!SECRET.matcher(Python.str(name)).matches()) {
                    shown.put(name, shown(own));
                }
            });
            return shown;
        }
        if (value instanceof List<?> list) {
            List<Object> shown = new ArrayList<>();
            list.forEach(own -> shown.add(shown(own)));
            return shown;
        }
        return value;
    }
}
