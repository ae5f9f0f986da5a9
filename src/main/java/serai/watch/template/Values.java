package serai.watch.template;

import com.hubspot.jinjava.objects.SafeString;
import com.hubspot.jinjava.util.ForLoop;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.watch.python.Python;

/** Values inside a template: Java's, but None for null, and compared as Python compares them. */
final class Values {

    /** Characters that a text may have; what grows beyond is a mistake. */
    static final int LONGEST = 1_000_000;

    private Values() {}

    /** A copy that the template may change. */
    static Object of(Object value) {
        if (value == null) {
            return None.NONE;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((k, v) -> copy.put(Python.str(k), of(v)));
            return copy;
        }
        if (value instanceof Collection<?> list && !(value instanceof Undefined)) {
            List<Object> copy = new ArrayList<>(list.size());
            list.forEach(v -> copy.add(of(v)));
            return copy;
        }
        return value;
    }

    /**
     * What the engine left as null, or wrapped, as a value of ours. Its own objects, and other Java objects, are none.
     */
    static Object own(Object value) {
        Object own = value instanceof SafeString safe ? safe.getValue() : value;
        boolean known = own instanceof CharSequence
                || own instanceof Number
                || own instanceof Boolean
                || own instanceof Map
                || own instanceof Collection
                || own instanceof Python.Value
                || own instanceof ForLoop
                || own instanceof Duration;
        return known ? own : Undefined.variable("it");
    }

    static String text(Object value) {
        Object own = own(value);
        return own instanceof ForLoop ? "" : bounded(Python.str(own));
    }

    static String bounded(CharSequence text) {
        bound(text);
        return text.toString();
    }

    static void bound(CharSequence text) {
        if (text.length() > LONGEST) {
            throw new RenderException("a text of more than " + LONGEST + " characters came out");
        }
    }

    /** Repeats within bounds. */
    static String repeated(String text, long times) {
        if (times > 0 && text.length() * (double) times > LONGEST) {
            throw new RenderException("a text of more than " + LONGEST + " characters came out");
        }
        return times <= 0 ? "" : text.repeat((int) times);
    }

    static boolean isWhole(Object value) {
        return value instanceof Long
                || value instanceof Integer
                || value instanceof BigInteger
                || value instanceof Boolean
                || value instanceof Short
                || value instanceof Byte;
    }

    static boolean isNumber(Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    static BigInteger whole(Object value) {
        return value instanceof Boolean flag
                ? flag ? BigInteger.ONE : BigInteger.ZERO
                : new BigInteger(value.toString());
    }

    static double fraction(Object value) {
        return value instanceof Boolean flag ? flag ? 1 : 0 : ((Number) value).doubleValue();
    }

    /** A whole number in the smallest kind that holds it. */
    static Object number(BigInteger value) {
        return value.bitLength() < 64 ? (Object) value.longValue() : value;
    }

    static boolean equal(Object left, Object right) {
        if (isNumber(left) && isNumber(right)) {
            return isWhole(left) && isWhole(right)
                    ? whole(left).equals(whole(right))
                    : compareNumbers(left, right) == 0;
        }
        if (left instanceof CharSequence && right instanceof CharSequence) {
            return left.toString().contentEquals((CharSequence) right);
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            return a.size() == b.size()
                    && java.util.stream.IntStream.range(0, a.size()).allMatch(i -> equal(a.get(i), b.get(i)));
        }
        if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
            return a.size() == b.size()
                    && a.entrySet().stream()
                            .allMatch(e -> b.containsKey(e.getKey()) && equal(e.getValue(), b.get(e.getKey())));
        }
        return left == right || left != null && left.equals(right);
    }

    /** @throws RenderException when Python cannot order them */
    static int compare(Object left, Object right, String operator) {
        if (isNumber(left) && isNumber(right)) {
            return compareNumbers(left, right);
        }
        if (left instanceof CharSequence && right instanceof CharSequence) {
            return left.toString().compareTo(right.toString());
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
                if (!equal(a.get(i), b.get(i))) {
                    return compare(a.get(i), b.get(i), operator);
                }
            }
            return Integer.compare(a.size(), b.size());
        }
        throw unfit(operator, left, right);
    }

    private static int compareNumbers(Object left, Object right) {
        if (isWhole(left) && isWhole(right)) {
            return whole(left).compareTo(whole(right));
        }
        double a = fraction(left);
        double b = fraction(right);
        return Double.isFinite(a) && Double.isFinite(b) ? exact(left).compareTo(exact(right)) : Double.compare(a, b);
    }

    private static BigDecimal exact(Object value) {
        return isWhole(value) ? new BigDecimal(whole(value)) : new BigDecimal(fraction(value));
    }

    /** The error of an operator between kinds that it is not for. */
    static RenderException unfit(String operator, Object left, Object right) {
        if (left instanceof Undefined undefined) {
            return undefined.used();
        }
        if (right instanceof Undefined undefined) {
            return undefined.used();
        }
        return new RenderException(
                "'" + operator + "' not supported between instances of '" + kind(left) + "' and '" + kind(right) + "'");
    }

    /** Python's name of a value's type. */
    static String kind(Object value) {
        return value instanceof CharSequence
                ? "str"
                : value instanceof Boolean
                        ? "bool"
                        : isWhole(value)
                                ? "int"
                                : value instanceof Number
                                        ? "float"
                                        : value instanceof Map
                                                ? "dict"
                                                : value instanceof None
                                                        ? "NoneType"
                                                        : value instanceof Undefined
                                                                ? "Undefined"
                                                                : value instanceof Collection ? "list" : "object";
    }
}
