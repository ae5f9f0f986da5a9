package serai.watch.kibana;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import serai.watch.python.Python;

/** Rison, the notation of values in Kibana's addresses: JSON with fewer characters to escape. Keys are sorted. */
final class Rison {

    /**
     * Texts that need no quotes: of letters, digits, characters outside of ASCII, and these signs, with no digit or
     * hyphen at the beginning.
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
