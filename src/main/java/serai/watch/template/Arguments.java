package serai.watch.template;

import com.hubspot.jinjava.el.ext.NamedParameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.watch.python.PythonNumber;

/** The arguments of a filter, a test or a method: values by position and by name. */
final class Arguments {

    private final List<Object> values = new ArrayList<>();
    private final Map<String, Object> named = new LinkedHashMap<>();

    Arguments(Object[] arguments) {
        for (Object value : arguments) {
            if (value instanceof NamedParameter parameter) {
                named.put(parameter.getName(), Values.unwrap(parameter.getValue()));
            } else {
                values.add(Values.unwrap(value));
            }
        }
    }

    Arguments(Object[] arguments, Map<String, Object> named) {
        this(arguments);
        named.forEach((name, value) -> this.named.put(name, Values.unwrap(value)));
    }

    /** These without the first {@code count} by position. */
    Arguments from(int count) {
        return new Arguments(values.stream().skip(count).toArray(), named);
    }

    int count() {
        return values.size();
    }

    /** The value at a position, from 0; null when there is none. */
    Object at(int position) {
        return position < values.size() ? values.get(position) : null;
    }

    List<Object> values() {
        return values;
    }

    Map<String, Object> named() {
        return named;
    }

    /** The value at a position or with a name; null when there is none. */
    Object get(int position, String name) {
        return position < values.size() ? values.get(position) : named.get(name);
    }

    String text(int position, String name, String defaultValue) {
        Object value = get(position, name);
        return value == null || value instanceof None ? defaultValue : Values.text(value);
    }

    boolean flag(int position, String name, boolean defaultValue) {
        Object value = get(position, name);
        return value == null ? defaultValue : Truth.of(value);
    }

    /** A whole number, cut to plus or minus a million, which is also the most characters of a text. */
    int whole(int position, String name, int defaultValue) {
        Object value = get(position, name);
        if (value == null || value instanceof None) {
            return defaultValue;
        }
        if (!PythonNumber.isNumber(value)) {
            throw new RenderException("'" + Values.typeName(value) + "' object cannot be interpreted as an integer");
        }
        return (int) Math.max(-Values.LONGEST, Math.min(Values.LONGEST, PythonNumber.toDouble(value)));
    }
}
