package serai.watch.message;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import serai.watch.python.Python;
import serai.watch.rule.OwnMetadata;
import serai.watch.rule.Rule;

/** A rule's options that a text may show: all but secrets, since messages are stored and read by many. */
public final class PublicOptions {

    private static final Pattern SECRET = Pattern.compile(
            ".*(password|secret|token|webhook|bearer|credential|headers|api_?key|auth(?!or)"
                    + "|_proxy(?![a-z])|(static|post2)_payload|(post2?|integration)_url"
                    + "|(service|integration|routing|opsgenie|access|private|account|client|victorops|pagertree"
                    + "|chatwork)"
                    + "_?key).*",
            Pattern.CASE_INSENSITIVE);

    private PublicOptions() {}

    /** An option, or null when there is none, or it is a secret. */
    public static Object of(Rule rule, String name) {
        if (SECRET.matcher(name).matches()) {
            return null;
        }
        Object own = OwnMetadata.of(rule, name);
        return shown(own == null ? rule.option(name) : own);
    }

    static Map<String, Object> of(Rule rule) {
        return shown(rule.options());
    }

    private static Object shown(Object value) {
        if (value instanceof Map<?, ?> map) {
            return shown(map);
        }
        if (value instanceof List<?> list) {
            List<Object> shown = new ArrayList<>();
            list.forEach(item -> shown.add(shown(item)));
            return shown;
        }
        return value;
    }

    private static <K> Map<K, Object> shown(Map<K, ?> options) {
        Map<K, Object> shown = new LinkedHashMap<>();
        options.forEach((name, value) -> {
            if (!SECRET.matcher(Python.str(name)).matches()) {
                shown.put(name, shown(value));
            }
        });
        return shown;
    }
}
