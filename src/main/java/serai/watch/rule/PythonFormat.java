package serai.watch.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text in the language of Python's {@code str.format}: {@code {}}, {@code {0}}, {@code {name}}, {@code {0[key]}}, {@code !r},
 * {@code :spec}. It is read once, so a mistake is refused with the rule file instead of losing an alert.
 */
public final class PythonFormat {

    private static final Pattern FIELD = Pattern.compile("([^!:\\[.]*)((?:\\[[^\\]]*\\])*)(?:!([rsa]))?(?::(.*))?", Pattern.DOTALL);
    private static final Pattern KEY = Pattern.compile("\\[([^\\]]*)\\]");

    private final List<Object> parts = new ArrayList<>();
    private int automatic;

    /** A replacement field. */
    private record Field(String name, List<String> keys, String conversion, FormatSpec spec) {
    }

    /** @throws IllegalArgumentException when the text is not of this language, with the reason */
    public PythonFormat(String text) {
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c == '{' || c == '}') && i + 1 < text.length() && text.charAt(i + 1) == c) {
                literal.append(c);
                i++;
            } else if (c == '{') {
                int end = text.indexOf('}', i);
                if (end < 0) {
                    throw new IllegalArgumentException("a '{' is never closed; write '{{' for a brace");
                }
                parts.add(literal.toString());
                parts.add(field(text.substring(i + 1, end)));
                literal.setLength(0);
                i = end;
            } else if (c == '}') {
                throw new IllegalArgumentException("a '}' stands alone; write '}}' for a brace");
            } else {
                literal.append(c);
            }
        }
        parts.add(literal.toString());
    }

    private Field field(String text) {
        Matcher field = FIELD.matcher(text);
        if (text.indexOf('{') >= 0 || !field.matches()) {
            throw new IllegalArgumentException("'{" + text + "}' is not supported: no attributes and no braces inside braces");
        }
        String name = field.group(1).isEmpty() ? String.valueOf(automatic++) : field.group(1);
        List<String> keys = KEY.matcher(field.group(2)).results().map(k -> k.group(1)).toList();
        return new Field(name, keys, field.group(3), FormatSpec.of(field.group(4) == null ? "" : field.group(4)));
    }

    /** Refuses a text that needs a value which it will not get: positions from {@code count} on, or names that are not given. */
    public void require(int count, java.util.Set<String> names) {
        for (Object part : parts) {
            if (part instanceof Field field && !names.contains(field.name)
                    && !(field.name.matches("\\d{1,4}") && Integer.parseInt(field.name) < count)) {
                throw new IllegalArgumentException("there is no value for '{" + field.name + "}'");
            }
        }
    }

    public String apply(List<?> values, Map<String, ?> named) {
        StringBuilder text = new StringBuilder();
        for (Object part : parts) {
            text.append(part instanceof Field field ? print(field, values, named) : part);
        }
        return text.toString();
    }

    private static String print(Field field, List<?> values, Map<String, ?> named) {
        Object value = named.containsKey(field.name) ? named.get(field.name) : values.get(Integer.parseInt(field.name));
        for (String key : field.keys) {
            value = value instanceof Map<?, ?> map ? map.get(key)
                    : value instanceof List<?> list && key.matches("\\d{1,9}") && Integer.parseInt(key) < list.size()
                    ? list.get(Integer.parseInt(key)) : null;
        }
        if (field.conversion != null) {
            value = field.conversion.equals("s") ? Python.str(value) : Python.repr(value);
        }
        return field.spec.format(value);
    }
}
