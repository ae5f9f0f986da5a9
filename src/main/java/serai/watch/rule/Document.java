package serai.watch.rule;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A field of a document found by its name, with ElastAlert's rules for dots, brackets and {@code .keyword} (spec/elastalert.md 1.4). */
public final class Document {

    /** One digit only: that is what existing rules were written against. */
    private static final Pattern ELEMENT = Pattern.compile("(.*?)\\[(\\d)\\](.*)", Pattern.DOTALL);
    private static final String KEYWORD = ".keyword";

    private Document() {
    }

    /**
     * The value of a field, or null. An index beyond a list, or on something that is no list, gives null as well: one odd document must
     * not stop a rule.
     */
    public static Object lookup(Map<String, Object> document, String name) {
        Object value = find(document, name);
        if (value == null && name.endsWith(KEYWORD)) {
            return find(document, name.substring(0, name.length() - KEYWORD.length()));
        }
        return value;
    }

    private static Object find(Object value, String name) {
        Matcher element = ELEMENT.matcher(name);
        if (!element.matches()) {
            return field(value, name);
        }
        int index = element.group(2).charAt(0) - '0';
        if (!(field(value, element.group(1)) instanceof List<?> list) || index >= list.size()) {
            return null;
        }
        return element.group(3).isEmpty() ? list.get(index) : find(list.get(index), element.group(3));
    }

    /** The longest dotted beginning that is a key wins; whatever is asked of a scalar or a list gives that scalar or list. */
    private static Object field(Object value, String name) {
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        for (int end = name.length(); end >= 0; end = name.lastIndexOf('.', end - 1)) {
            String key = name.substring(0, end);
            if (map.containsKey(key)) {
                return end == name.length() ? map.get(key) : field(map.get(key), name.substring(end + 1));
            }
            if (end == 0) {
                break;
            }
        }
        return null;
    }
}
