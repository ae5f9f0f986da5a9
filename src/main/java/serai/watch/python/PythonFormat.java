package serai.watch.python;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A format of Python's {@code str.format}: {@code {}}, {@code {0}}, {@code {name}}, {@code {0[key]}}, {@code !r},
 * {@code :spec}. It is read when the rule is loaded, so that a mistake is refused with the rule file. Immutable.
 */
public final class PythonFormat {

    private static final Pattern FIELD =
            Pattern.compile("([^!:\\[.]*)((?:\\[[^\\]]*\\])*)(?:!([rsa]))?(?::(.*))?", Pattern.DOTALL);
    private static final Pattern KEY = Pattern.compile("\\[([^\\]]*)\\]");

    private final List<Object> parts = new ArrayList<>();
    private int automatic;

    /**
     * A replacement field.
     *
     * @param spec the format; null when it holds fields itself, and is {@code nested}
     */
    private record Field(String name, List<String> keys, String conversion, FormatSpec spec, PythonFormat nested) {}

    /** @throws IllegalArgumentException when the text is no such format; the message names the reason */
    public PythonFormat(String text) {
        this(text, 0);
    }

    private PythonFormat(String text, int automatic) {
        this.automatic = automatic;
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c == '{' || c == '}') && i + 1 < text.length() && text.charAt(i + 1) == c) {
                literal.append(c);
                i++;
            } else if (c == '{') {
                int end = end(text, i);
                parts.add(literal.toString());
                parts.add(field(text.substring(i + 1, end)));
                literal.setLength(0);
                i = end;
            } else if (c == '}') {
                throw new IllegalArgumentException("a '}' has no '{'; write '}}' for a brace");
            } else {
                literal.append(c);
            }
        }
        parts.add(literal.toString());
    }

    private static int end(String text, int start) {
        int depth = 0;
        for (int i = start; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("a '{' is never closed; write '{{' for a brace");
    }

    private Field field(String text) {
        Matcher field = FIELD.matcher(text);
        if (!field.matches() || field.group(1).indexOf('{') >= 0) {
            throw new IllegalArgumentException(
                    "'{" + text + "}' is not supported; write a name or a number, then optional [keys], '!r' and"
                            + " ':format'; attributes are not possible");
        }
        String name = field.group(1).isEmpty() ? String.valueOf(automatic++) : field.group(1);
        List<String> keys =
                KEY.matcher(field.group(2)).results().map(k -> k.group(1)).toList();
        String spec = field.group(4) == null ? "" : field.group(4);
        if (spec.indexOf('{') < 0) {
            return new Field(name, keys, field.group(3), FormatSpec.of(spec), null);
        }
        PythonFormat nested = new PythonFormat(spec, automatic);
        automatic = nested.automatic;
        return new Field(name, keys, field.group(3), null, nested);
    }

    /**
     * Checks that there will be a value for each field.
     *
     * @param count the number of values by position
     * @param names the names of the others
     * @throws IllegalArgumentException when a field has no value
     */
    public void require(int count, Set<String> names) {
        for (Object part : parts) {
            if (part instanceof Field field) {
                if (!names.contains(field.name)
                        && !(field.name.matches("\\d{1,4}") && Integer.parseInt(field.name) < count)) {
                    throw new IllegalArgumentException("there is no value for '{" + field.name + "}'");
                }
                if (field.nested != null) {
                    field.nested.require(count, names);
                }
            }
        }
    }

    /**
     * The format with values filled in; a value that does not fit its format is printed without it.
     *
     * @param values those by position
     * @param named those by name
     */
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
            value = value instanceof Map<?, ?> map
                    ? map.get(key)
                    : key.matches("\\d{1,9}") ? element(value, Integer.parseInt(key)) : null;
        }
        if (field.conversion != null) {
            value = switch (field.conversion) {
                case "s" -> Python.str(value);
                case "r" -> Python.repr(value);
                default -> Python.ascii(value);
            };
        }
        return (field.nested == null ? field.spec : spec(field.nested.apply(values, named))).format(value);
    }

    /** An element of a list or a character of a text; null when there is none. */
    private static Object element(Object value, int index) {
        if (value instanceof CharSequence text) {
            int[] characters = text.codePoints().toArray();
            return index < characters.length ? Character.toString(characters[index]) : null;
        }
        return value instanceof List<?> list && index < list.size() ? list.get(index) : null;
    }

    /** A format made of values; a wrong one is ignored, since the alert must be sent. */
    private static FormatSpec spec(String text) {
        try {
            return FormatSpec.of(text);
        } catch (IllegalArgumentException e) {
            return FormatSpec.of("");
        }
    }
}
