package serai.watch.python;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Python's built-in functions for values. A value is what JSON or YAML holds: null, {@link Boolean}, {@link Number},
 * {@link CharSequence}, {@link List}, {@link Map}, and also {@link Duration} for a {@code timedelta}, and
 * {@link Value}.
 */
public final class Python {

    private static final Set<Byte> UNPRINTABLE = Set.of(
            Character.CONTROL,
            Character.FORMAT,
            Character.SURROGATE,
            Character.PRIVATE_USE,
            Character.UNASSIGNED,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR,
            Character.SPACE_SEPARATOR);

    /** A value of another kind, such as a template engine's None, which knows how Python prints it. */
    public interface Value {

        /** Python's {@code repr()} of this value. */
        String repr();

        /** Python's {@code str()} of this value. */
        default String str() {
            return repr();
        }

        /** Python's {@code bool()} of this value. */
        boolean truthy();
    }

    private Python() {}

    /** Python's {@code str()}. */
    public static String str(Object value) {
        if (value instanceof CharSequence text) {
            return text.toString();
        }
        return value instanceof Value own
                ? own.str()
                : value instanceof Duration time ? Timedelta.str(time) : repr(value);
    }

    /** Python's {@code repr()}. */
    public static String repr(Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof Value own) {
            return own.repr();
        }
        if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        if (value instanceof Number number) {
            return PythonNumber.repr(number);
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(e -> repr(e.getKey()) + ": " + repr(e.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Python::repr).collect(Collectors.joining(", ", "[", "]"));
        }
        return value instanceof Duration time ? Timedelta.repr(time) : quoted(value.toString());
    }

    /** Python's {@code ascii()}: {@code repr()} with every character beyond ASCII escaped. */
    static String ascii(Object value) {
        StringBuilder text = new StringBuilder();
        repr(value).codePoints().forEach(c -> text.append(c < 0x80 ? Character.toString(c) : escape(c)));
        return text.toString();
    }

    /** Python's {@code bool()}. */
    public static boolean truthy(Object value) {
        if (value instanceof Value own) {
            return own.truthy();
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof Number n) {
            return n.doubleValue() != 0;
        }
        if (value instanceof Duration time) {
            return !time.isZero();
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        return value instanceof List<?> list
                ? !list.isEmpty()
                : value != null && !value.toString().isEmpty();
    }

    /** Python's {@code ==}: 5 equals 5.0, True equals 1, and 5 does not equal "5". */
    public static boolean equal(Object left, Object right) {
        if (PythonNumber.isNumber(left) && PythonNumber.isNumber(right)) {
            return PythonNumber.compare(left, right) == 0;
        }
        if (left instanceof CharSequence && right instanceof CharSequence) {
            return left.toString().contentEquals((CharSequence) right);
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            return a.size() == b.size() && IntStream.range(0, a.size()).allMatch(i -> equal(a.get(i), b.get(i)));
        }
        if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
            return a.size() == b.size()
                    && a.entrySet().stream()
                            .allMatch(e -> b.containsKey(e.getKey()) && equal(e.getValue(), b.get(e.getKey())));
        }
        return left == right || left != null && left.equals(right);
    }

    private static String quoted(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder out = new StringBuilder().append(quote);
        text.codePoints().forEach(c -> {
            if (c == quote || c == '\\') {
                out.append('\\').appendCodePoint(c);
            } else if (c != ' ' && UNPRINTABLE.contains((byte) Character.getType(c))) {
                out.append(escape(c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.append(quote).toString();
    }

    private static String escape(int c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
        };
    }
}
