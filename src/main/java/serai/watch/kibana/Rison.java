package serai.watch.kibana;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import serai.watch.python.Python;

/** The notation of Kibana's addresses: JSON with fewer characters to escape. Keys are sorted. */
final class Rison {

    /**
     * What needs no quotes: letters and digits, other characters than ASCII, and these signs; no digit or hyphen in
     * front.
     */
    private static final Pattern BARE =
            Pattern.compile("[a-zA-Z_./~%+\\\\[^\\x00-\\x7E]][-a-zA-Z0-9_./~%+\\\\[^\\x00-\\x7E]]*");

    private Rison() {}

    static String of(Object value) {
        if (value == null) {
            return "!n";
        }
        if (value instanceof Boolean flag) {
            return flag ? "!t" : "!f";
        }
        if (value instanceof Number) {
            return Python.str(value).replace("+", "");
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Rison::of).collect(Collectors.joining(",", "!(", ")"));
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((key, own) -> sorted.put(Python.str(key), own));
            return sorted.entrySet().stream()
                    .map(e -> text(e.getKey()) + ":" + of(e.getValue()))
                    .collect(Collectors.joining(",", "(", ")"));
        }
        return text(Python.str(value));
    }

    private static String text(String text) {
        return BARE.matcher(text).matches() ? text : "'" + text.replaceAll("(['!])", "!$1") + "'";
    }
}
