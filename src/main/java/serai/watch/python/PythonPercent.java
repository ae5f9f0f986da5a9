package serai.watch.python;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A format of Python's {@code %} operator: {@code %s}, {@code %d}, {@code %.2f}, {@code %(name)s}, {@code %%}. It is
 * read when the rule is loaded, so that a mistake is refused with the rule file. Immutable.
 */
public final class PythonPercent {

    private static final Pattern FIELD =
            Pattern.compile("%(?:\\(([^)]*)\\))?([-+ #0]*)(\\d{1,4})?(?:\\.(\\d{0,4}))?[hlL]?([diouxXeEfFgGcrsa%])");

    private final List<Object> parts = new ArrayList<>();

    /**
     * A replacement field.
     *
     * @param name the key of its value in a map; null for the next value
     * @param digits the fewest digits of a whole number
     */
    private record Field(String name, FormatSpec spec, char type, int digits) {}

    /** @throws IllegalArgumentException when the text is no such format; the message names the reason */
    public PythonPercent(String text) {
        Matcher field = FIELD.matcher(text);
        int end = 0;
        for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', end)) {
            if (!field.find(i) || field.start() != i) {
                throw new IllegalArgumentException(
                        "a '%' starts no format that Python knows; write '%%' for a percent sign");
            }
            parts.add(text.substring(end, i));
            parts.add(field.group(5).equals("%") ? "%" : field(field));
            end = field.end();
        }
        parts.add(text.substring(end));
    }

    private static Field field(Matcher field) {
        char type = field.group(5).charAt(0);
        String flags = field.group(2);
        boolean text = "rsa".indexOf(type) >= 0;
        boolean zero = flags.indexOf('0') >= 0 && flags.indexOf('-') < 0 && !text && type != 'c';
        String spec = (zero ? "" : flags.indexOf('-') >= 0 ? "<" : ">")
                + (text || type == 'c' ? "" : flags.indexOf('+') >= 0 ? "+" : flags.indexOf(' ') >= 0 ? " " : "")
                + (flags.indexOf('#') >= 0 && !text ? "#" : "")
                + (zero ? "0" : "")
                + (field.group(3) == null ? "" : field.group(3))
                + (field.group(4) == null || "diuoxXc".indexOf(type) >= 0
                        ? ""
                        : "." + (field.group(4).isEmpty() ? "0" : field.group(4)))
                + (text ? "s" : "iu".indexOf(type) >= 0 ? "d" : String.valueOf(type));
        boolean whole = "diuoxX".indexOf(type) >= 0;
        int digits =
                !whole || field.group(4) == null || field.group(4).isEmpty() ? 0 : Integer.parseInt(field.group(4));
        return new Field(field.group(1), FormatSpec.of(spec), type, digits);
    }

    /** The number of values that the format takes by position. */
    public long count() {
        return parts.stream()
                .filter(part -> part instanceof Field field && field.name == null)
                .count();
    }

    /**
     * The format with values filled in.
     *
     * @param value one value; or a list with a value for each field; or a map, for {@code %(name)s}
     */
    public String apply(Object value) {
        List<?> values =
                value instanceof List<?> list && count() != 1 ? list : java.util.Collections.singletonList(value);
        StringBuilder text = new StringBuilder();
        int next = 0;
        for (Object part : parts) {
            if (part instanceof Field field) {
                Object own = field.name != null
                        ? value instanceof Map<?, ?> map ? map.get(field.name) : null
                        : next < values.size() ? values.get(next++) : null;
                text.append(print(field, own));
            } else {
                text.append(part);
            }
        }
        return text.toString();
    }

    private static String print(Field field, Object value) {
        String text = formatted(field, value);
        int at = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        return text.length() - at >= field.digits || !text.substring(at).matches("[0-9a-fA-F]+")
                ? text
                : text.substring(0, at) + "0".repeat(field.digits - text.length() + at) + text.substring(at);
    }

    private static String formatted(Field field, Object value) {
        return field.spec.format(
                switch (field.type) {
                    case 's' -> Python.str(value);
                    case 'r' -> Python.repr(value);
                    case 'a' -> Python.ascii(value);
                    case 'c' -> value;
                    case 'd', 'i', 'u', 'o', 'x', 'X' ->
                        value instanceof Double || value instanceof Float ? whole((Number) value) : value;
                    default -> value instanceof Number n ? Double.valueOf(n.doubleValue()) : value;
                });
    }

    private static Object whole(Number number) {
        double value = number.doubleValue();
        return Double.isNaN(value) || Double.isInfinite(value)
                ? number
                : new java.math.BigDecimal(value).toBigInteger();
    }
}
