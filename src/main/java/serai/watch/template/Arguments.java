package serai.watch.template;

import com.hubspot.jinjava.el.ext.NamedParameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a filter, a test or a method is called with: values by position and by name. */
final class Arguments {

    private final List<Object> values = new ArrayList<>();
    private final Map<String, Object> named = new LinkedHashMap<>();

    Arguments(Object[] given) {
        for (Object value : given) {
            if (value instanceof NamedParameter parameter) {
                named.put(parameter.getName(), Values.own(parameter.getValue()));
            } else {
                values.add(Values.own(value));
            }
        }
    }

    Arguments(Object[] given, Map<String, Object> named) {
        this(given);
        named.forEach((name, value) -> this.named.put(name, Values.own(value)));
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

    /** The value at a position, or of a name; null when it is not given. */
    Object get(int position, String name) {
        return position < values.size() ? values.get(position) : named.get(name);
    }

    String text(int position, String name, String otherwise) {
        Object value = get(position, name);
        return value == null || value instanceof None ? otherwise : Values.text(value);
    }

    boolean flag(int position, String name, boolean otherwise) {
        Object value = get(position, name);
        return value == null ? otherwise : Truth.of(value);
    }

    /** A whole number within a million, which is the most that any text may have. */
    int whole(int position, String name, int otherwise) {
        Object value = get(position, name);
        if (value == null || value instanceof None) {
            return otherwise;
        }
        if (!Values.isNumber(value)) {
            throw new RenderException("'" + Values.kind(value) + "' object cannot be interpreted as an integer");
        }
        return (int) Math.max(-Values.LONGEST, Math.min(Values.LONGEST, Values.fraction(value)));
    }
}
