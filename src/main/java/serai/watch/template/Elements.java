package serai.watch.template;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import serai.watch.python.PythonText;

/** The elements of texts, lists and dictionaries. */
final class Elements {

    private Elements() {}

    /** The elements that a loop over a value visits, as a new list: of a dictionary its keys. */
    static List<Object> of(Object value) {
        if (value instanceof Map<?, ?> map) {
            return new ArrayList<>(map.keySet());
        }
        if (value instanceof CharSequence text) {
            return new ArrayList<>(
                    text.toString().codePoints().mapToObj(Character::toString).toList());
        }
        if (value instanceof Collection<?> list) {
            return new ArrayList<>(list);
        }
        throw new RenderException("'" + Values.typeName(value) + "' object is not iterable");
    }

    /** Python's {@code len()}. */
    static long count(Object value) {
        if (value instanceof CharSequence text) {
            return PythonText.length(text.toString());
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        if (value instanceof Collection<?> list) {
            return list.size();
        }
        throw new RenderException("object of type '" + Values.typeName(value) + "' has no len()");
    }

    /** The pairs of key and value of a dictionary. */
    static List<Object> pairs(Map<?, ?> map) {
        List<Object> pairs = new ArrayList<>();
        map.forEach((k, v) -> pairs.add(Tuple.of(k, v)));
        return pairs;
    }

    /** The element with a dotted name, such as {@code user.roles.0}; {@link Undefined} when there is none. */
    static Object named(Object value, Object name) {
        return named(value, name, null);
    }

    /** @param missing the value of a part of the name that there is not; null for {@link Undefined} */
    static Object named(Object value, Object name, Object missing) {
        Object found = value;
        for (String part : name == null ? new String[0] : Values.text(name).split("\\.")) {
            if (found instanceof Undefined undefined) {
                throw undefined.used();
            }
            Object element = element(found, part);
            found = element != null ? element : missing != null ? missing : Undefined.attribute(found, part);
        }
        return found;
    }

    private static Object element(Object value, String name) {
        if (value instanceof Map<?, ?> map && map.containsKey(name)) {
            return Objects.requireNonNullElse(map.get(name), None.NONE);
        }
        return value instanceof List<?> list && name.matches("\\d{1,6}") && Integer.parseInt(name) < list.size()
                ? list.get(Integer.parseInt(name))
                : null;
    }
}
