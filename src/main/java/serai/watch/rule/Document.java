package serai.watch.rule;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the fields of documents by name, with ElastAlert's rules for dots and brackets (see
 * {@code docs/reference/elastalert.md}, "Documents and field names").
 */
public final class Document {

    /** One digit only, as in ElastAlert: existing rules may depend on it. */
    private static final Pattern ELEMENT = Pattern.compile("(.+?)\\[(\\d)\\](.*)");

    private Document() {}

    /**
     * The value of a field, or null. The longest prefix up to a dot that is a key is used. The rest of the name is
     * ignored on a scalar or a list, so that {@code name.keyword} is {@code name}. An index beyond a list, or on
     * another value, gives null.
     */
    public static Object lookup(Map<String, Object> document, String name) {
        return find(document, name);
    }

    private static Object find(Map<?, ?> map, String name) {
        for (int end = name.length(); end >= 0; end = end == 0 ? -1 : name.lastIndexOf('.', end - 1)) {
            String key = name.substring(0, end);
            String rest = end == name.length() ? "" : name.substring(end + 1);
            Matcher element = key.indexOf('[') < 0 ? null : ELEMENT.matcher(key);
            if (element != null && element.find()) {
                if (map.containsKey(element.group(1))) {
                    return element(
                            map.get(element.group(1)), element.group(2).charAt(0) - '0', child(element.group(3), rest));
                }
            } else if (map.containsKey(key)) {
                Object value = map.get(key);
                return !rest.isEmpty() && value instanceof Map<?, ?> inner ? find(inner, rest) : value;
            }
        }
        return null;
    }

    private static String child(String afterBracket, String rest) {
        return afterBracket.isEmpty() || rest.isEmpty() ? afterBracket + rest : afterBracket + "." + rest;
    }

    private static Object element(Object value, int index, String child) {
        Object element = null;
        if (value instanceof List<?> list && index < list.size()) {
            element = list.get(index);
        } else if (value instanceof String text && index < text.codePointCount(0, text.length())) {
            element = Character.toString(text.codePointAt(text.offsetByCodePoints(0, index)));
        } else {
            return null;
        }
        if (child.isEmpty()) {
            return element;
        }
        return element instanceof Map<?, ?> inner ? find(inner, child) : value;
    }
}
