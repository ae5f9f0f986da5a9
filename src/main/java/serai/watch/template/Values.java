package serai.watch.template;

import com.hubspot.jinjava.objects.SafeString;
import com.hubspot.jinjava.objects.date.PyishDate;
import com.hubspot.jinjava.util.ForLoop;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.watch.python.Python;
import serai.watch.python.PythonNumber;

/** The values inside a template: those of {@link Python}, with {@link None} for null, and bounds for their size. */
final class Values {

    /** The most characters of a text; a longer one is a mistake of the template. */
    static final int LONGEST = 1_000_000;

    private Values() {}

    /** A deep copy that the template may change. */
    static Object copy(Object value) {
        if (value == null) {
            return None.NONE;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((k, v) -> copy.put(Python.str(k), copy(v)));
            return copy;
        }
        if (value instanceof Collection<?> list && !(value instanceof Undefined)) {
            List<Object> copy = new ArrayList<>(list.size());
            list.forEach(v -> copy.add(copy(v)));
            return copy;
        }
        return value;
    }

    /** A value as the engine passes it, without the engine's wrapper; null and other Java objects are undefined. */
    static Object unwrap(Object value) {
        Object plain = value instanceof SafeString safe
                ? safe.getValue()
                : value instanceof PyishDate date ? date.toDateTime() : value;
        boolean known = plain instanceof CharSequence
                || plain instanceof Number
                || plain instanceof Boolean
                || plain instanceof Map
                || plain instanceof Collection
                || plain instanceof Python.Value
                || plain instanceof ForLoop
                || plain instanceof Duration
                || plain instanceof ZonedDateTime;
        return known ? plain : Undefined.variable("it");
    }

    /** Python's {@code str()}. */
    static String text(Object value) {
        Object plain = unwrap(value);
        return plain instanceof ForLoop ? "" : bounded(Python.str(plain));
    }

    static String bounded(CharSequence text) {
        bound(text);
        return text.toString();
    }

    static void bound(CharSequence text) {
        boundLength(text.length());
    }

    /** @throws RenderException when a text of this length is too long */
    static void boundLength(double length) {
        if (length > LONGEST) {
            throw new RenderException("a text of more than " + LONGEST + " characters came out");
        }
    }

    static String repeated(String text, long times) {
        long count = Math.max(0, times);
        boundLength((double) text.length() * count);
        return text.isEmpty() ? "" : text.repeat((int) count);
    }

    /** @throws RenderException when Python cannot order the values */
    static int compare(Object left, Object right, String operator) {
        if (PythonNumber.isNumber(left) && PythonNumber.isNumber(right)) {
            return PythonNumber.compare(left, right);
        }
        if (left instanceof CharSequence && right instanceof CharSequence) {
            return left.toString().compareTo(right.toString());
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
                if (!Python.equal(a.get(i), b.get(i))) {
                    return compare(a.get(i), b.get(i), operator);
                }
            }
            return Integer.compare(a.size(), b.size());
        }
        throw unsupported(operator, left, right);
    }

    /** The error of an operator between types that do not have it. */
    static RenderException unsupported(String operator, Object left, Object right) {
        for (Object value : new Object[] {left, right}) {
            if (value instanceof Undefined undefined) {
                return undefined.used();
            }
        }
        return new RenderException("'" + operator + "' not supported between instances of '" + typeName(left)
                + "' and '" + typeName(right) + "'");
    }

    /** Python's name of a value's type. */
    static String typeName(Object value) {
        if (value instanceof CharSequence) {
            return "str";
        }
        if (value instanceof Number || value instanceof Boolean) {
            return value instanceof Boolean ? "bool" : PythonNumber.isWhole(value) ? "int" : "float";
        }
        if (value instanceof Map) {
            return "dict";
        }
        if (value instanceof None) {
            return "NoneType";
        }
        return value instanceof Undefined ? "Undefined" : value instanceof Collection ? "list" : "object";
    }
}
