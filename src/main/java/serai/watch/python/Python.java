package serai.watch.python;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Values printed as Python prints them, since the texts of existing rules show them so. */
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

    /** A value that is not Java's, such as a template engine's None: it says itself how Python prints it. */
    public interface Value {
        String repr();

        default String str() {
            return repr();
        }

        boolean truthy();
    }

    private static final long SECONDS_A_DAY = 86_400;

    private Python() {}

    /** Python's {@code str()}. */
    public static String str(Object value) {
        return value instanceof CharSequence text
                ? text.toString()
                : value instanceof Value own ? own.str() : value instanceof Duration time ? span(time) : repr(value);
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
        if (value instanceof Double || value instanceof Float) {
            return floating(((Number) value).doubleValue());
        }
        if (value instanceof BigDecimal decimal) {
            return floating(decimal.doubleValue());
        }
        if (value instanceof Number) {
            return value.toString();
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(e -> repr(e.getKey()) + ": " + repr(e.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Python::repr).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Duration time) {
            return timedelta(time);
        }
        return quoted(value.toString());
    }

    /** Python's {@code ascii()}: {@code repr()} with every other character escaped. */
    public static String ascii(Object value) {
        StringBuilder text = new StringBuilder();
        repr(value).codePoints().forEach(c -> text.append(c < 0x80 ? Character.toString(c) : escape(c)));
        return text.toString();
    }

    private static String escape(int c) {
        return c < 0x100
                ? String.format("\\x%02x", c)
                : c < 0x10000 ? String.format("\\u%04x", c) : String.format("\\U%08x", c);
    }

    /** Whether Python takes the value for true. */
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

    /** {@code json.dumps(value, indent=4, sort_keys=True, ensure_ascii=False)}. */
    public static String json(Object value) {
        return PythonJson.PRETTY.text(value);
    }

    private static String quoted(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder out = new StringBuilder().append(quote);
        text.codePoints().forEach(c -> {
            if (c == quote || c == '\\') {
                out.append('\\').appendCodePoint(c);
            } else if (c == '\n') {
                out.append("\\n");
            } else if (c == '\r') {
                out.append("\\r");
            } else if (c == '\t') {
                out.append("\\t");
            } else if (c != ' ' && UNPRINTABLE.contains((byte) Character.getType(c))) {
                out.append(escape(c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.append(quote).toString();
    }

    /** The fewest digits that give the number back: the JDK before 19 prints more for some. */
    private static String floating(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = new BigDecimal(number);
        BigDecimal shortest = exact;
        for (int digits = 1; digits <= 17; digits++) {
            shortest =
                    exact.round(new MathContext(digits, RoundingMode.HALF_EVEN)).stripTrailingZeros();
            if (shortest.doubleValue() == number) {
                break;
            }
        }
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            return shortest.scale() <= 0 ? shortest.toBigInteger() + ".0" : shortest.toPlainString();
        }
        return scientific(shortest.unscaledValue(), exponent);
    }

    private static String scientific(BigInteger digits, int exponent) {
        String text = digits.abs().toString();
        String point = text.length() > 1 ? "." + text.substring(1) : "";
        return (digits.signum() < 0 ? "-" : "") + text.charAt(0) + point + "e" + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    private static String timedelta(Duration time) {
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("days", Math.floorDiv(time.getSeconds(), SECONDS_A_DAY));
        parts.put("seconds", Math.floorMod(time.getSeconds(), SECONDS_A_DAY));
        parts.put("microseconds", time.getNano() / 1_000L);
        parts.values().removeIf(part -> part == 0);
        return parts.entrySet().stream()
                .map(part -> part.getKey() + "=" + part.getValue())
                .collect(Collectors.joining(", ", "datetime.timedelta(", ")"))
                .replace("()", "(0)");
    }

    private static String span(Duration time) {
        long days = Math.floorDiv(time.getSeconds(), SECONDS_A_DAY);
        long seconds = Math.floorMod(time.getSeconds(), SECONDS_A_DAY);
        int micros = time.getNano() / 1_000;
        return (days == 0 ? "" : days + (Math.abs(days) == 1 ? " day, " : " days, "))
                + String.format("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60)
                + (micros == 0 ? "" : String.format(".%06d", micros));
    }
}
