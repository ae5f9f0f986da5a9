package serai.load.replicate.mapping;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values of expressions, and how SQLite converts and compares them. A value is null, a {@link Long}, a
 * {@link BigDecimal} (SQLite has floating-point numbers; decimal ones lose no digit of a {@code numeric}), a
 * {@link String} or bytes. See {@code docs/reference/aws-dms.md}, "Expressions".
 */
final class SqliteValues {

    /** Digits of a calculated number. */
    static final MathContext DIGITS = new MathContext(50);

    private static final Pattern NUMBER = Pattern.compile("\\s*([-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d{1,3})?)");
    private static final Pattern INTEGER = Pattern.compile("[-+]?\\d{1,19}");

    private SqliteValues() {}

    /** The text of a value; null stays null. */
    static String text(Object value) {
        if (value instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        if (value instanceof BigDecimal number) {
            return (number.scale() <= 0 ? number.setScale(1) : number).toPlainString();
        }
        return value == null ? null : value.toString();
    }

    /** The bytes of a value; null stays null. */
    static byte[] bytes(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        return value == null ? null : text(value).getBytes(StandardCharsets.UTF_8);
    }

    /** A number: of a text, the number with which it begins, or 0; null stays null. */
    static Object number(Object value) {
        if (value == null || value instanceof Long || value instanceof BigDecimal) {
            return value;
        }
        Matcher prefix = NUMBER.matcher(text(value));
        return prefix.lookingAt() ? parse(prefix.group(1)) : Long.valueOf(0);
    }

    /** A number when the whole of a text is one; else the value as it is. */
    static Object numberIfWhole(Object value) {
        if (value instanceof String text) {
            Matcher whole = NUMBER.matcher(text.stripTrailing());
            return whole.matches() ? parse(whole.group(1)) : value;
        }
        return value;
    }

    /** @throws IllegalArgumentException when the text is no number */
    static Object parse(String text) {
        if (INTEGER.matcher(text).matches()) {
            try {
                return Long.valueOf(text);
            } catch (NumberFormatException tooLong) {
                return new BigDecimal(text);
            }
        }
        return new BigDecimal(text);
    }

    static BigDecimal decimal(Object number) {
        return number instanceof Long whole ? BigDecimal.valueOf(whole) : (BigDecimal) number;
    }

    /** A number without its fraction. */
    static long whole(Object value) {
        Object number = number(value);
        return number instanceof Long whole ? whole : ((BigDecimal) number).longValue();
    }

    /** Whether a value counts as true; null for NULL. */
    static Boolean truth(Object value) {
        Object number = number(value);
        return number == null ? null : decimal(number).signum() != 0;
    }

    static Object of(Boolean truth) {
        return truth == null ? null : Long.valueOf(truth ? 1 : 0);
    }

    /** The order of two values that are not NULL: numbers, then texts by their bytes, then bytes. */
    static int compare(Object a, Object b) {
        if (rank(a) != rank(b)) {
            return Integer.compare(rank(a), rank(b));
        }
        return rank(a) == 0 ? decimal(a).compareTo(decimal(b)) : Arrays.compareUnsigned(bytes(a), bytes(b));
    }

    private static int rank(Object value) {
        return value instanceof String ? 1 : value instanceof byte[] ? 2 : 0;
    }

    /** The result of an arithmetic operator; null when a value is NULL or the divisor is 0. */
    static Object calculate(String operator, Object left, Object right) {
        Object a = number(left);
        Object b = number(right);
        if (a == null || b == null) {
            return null;
        }
        if (operator.equals("%")) {
            long divisor = whole(b);
            return divisor == 0 ? null : Long.valueOf(divisor == -1 ? 0 : whole(a) % divisor);
        }
        if (operator.equals("/")) {
            return divide(a, b);
        }
        BigDecimal x = decimal(a);
        BigDecimal y = decimal(b);
        BigDecimal result = switch (operator) {
            case "+" -> x.add(y, DIGITS);
            case "-" -> x.subtract(y, DIGITS);
            default -> x.multiply(y, DIGITS);
        };
        return a instanceof Long && b instanceof Long && result.precision() < 19
                ? (Object) result.longValueExact()
                : result;
    }

    private static Object divide(Object a, Object b) {
        if (decimal(b).signum() == 0) {
            return null;
        }
        if (a instanceof Long dividend && b instanceof Long divisor && divisor != -1) {
            return dividend / divisor;
        }
        BigDecimal quotient = decimal(a).divide(decimal(b), DIGITS);
        return a instanceof Long && b instanceof Long ? SqliteValues.parse(quotient.toPlainString()) : quotient;
    }

    /** Whether a text is like a pattern with % and _; letters of ASCII are compared without their case. */
    static Object like(String text, String pattern) {
        if (text == null || pattern == null) {
            return null;
        }
        int[] t = lower(text).codePoints().toArray();
        int[] p = lower(pattern).codePoints().toArray();
        int at = 0;
        int in = 0;
        int retryAt = -1;
        int retryIn = 0;
        while (at < t.length) {
            if (in < p.length && p[in] == '%') {
                retryIn = ++in;
                retryAt = at;
            } else if (in < p.length && (p[in] == '_' || p[in] == t[at])) {
                at++;
                in++;
            } else if (retryAt >= 0) {
                at = ++retryAt;
                in = retryIn;
            } else {
                return 0L;
            }
        }
        while (in < p.length && p[in] == '%') {
            in++;
        }
        return SqliteValues.of(in == p.length);
    }

    /** Lower case, of the letters of ASCII only; null stays null. */
    static String lower(String text) {
        return mapLetters(text, 'A', 32);
    }

    /** Upper case, of the letters of ASCII only; null stays null. */
    static String upper(String text) {
        return mapLetters(text, 'a', -32);
    }

    private static String mapLetters(String text, char first, int distance) {
        if (text == null) {
            return null;
        }
        char[] letters = text.toCharArray();
        for (int i = 0; i < letters.length; i++) {
            if (letters[i] >= first && letters[i] < first + 26) {
                letters[i] = (char) (letters[i] + distance);
            }
        }
        return new String(letters);
    }
}
