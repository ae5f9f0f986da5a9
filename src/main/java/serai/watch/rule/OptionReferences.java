package serai.watch.rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces each text {@code $option$} by the value of that option, at any depth of lists and maps (see
 * {@code docs/reference/elastalert.md}, "Alert texts"). A reference that leads back to itself is left as it is.
 */
final class OptionReferences {

    private static final Pattern REFERENCE = Pattern.compile("\\$(.+)\\$");

    private final Map<String, Object> options;
    private final Map<String, Object> resolved = new HashMap<>();
    private final Set<String> resolving = new HashSet<>();

    private OptionReferences(Map<String, Object> options) {
        this.options = options;
    }

    static Map<String, Object> resolve(Map<String, Object> options) {
        OptionReferences references = new OptionReferences(options);
        Map<String, Object> all = new LinkedHashMap<>();
        options.keySet().forEach(name -> all.put(name, references.option(name)));
        return all;
    }

    /** Each option is resolved once and then shared, so that nested references do not grow exponentially. */
    private Object option(String name) {
        if (!resolved.containsKey(name)) {
            resolving.add(name);
            Object value = resolve(options.get(name));
            resolving.remove(name);
            resolved.put(name, value);
        }
        return resolved.get(name);
    }

    private Object resolve(Object value) {
        if (value instanceof String text) {
            Matcher reference = REFERENCE.matcher(text);
            boolean known = text.startsWith("$")
                    && reference.matches()
                    && options.containsKey(reference.group(1))
                    && !resolving.contains(reference.group(1));
            return known ? option(reference.group(1)) : text;
        }
        if (value instanceof List<?> list) {
            List<Object> items = new ArrayList<>(list.size());
            list.forEach(v -> items.add(resolve(v)));
            return items;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> entries = new LinkedHashMap<>();
            map.forEach((k, v) -> entries.put(k, resolve(v)));
            return entries;
        }
        return value;
    }
}
