package serai.watch.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.Importable;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import java.beans.FeatureDescriptor;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;
import serai.watch.python.Python;

/**
 * Finds fields and methods of values as Python has them. Nothing else of a Java object can be reached from a template.
 */
final class PythonResolver extends ELResolver {

    private static final long SECONDS_A_DAY = 86_400;

    @Override
    public Object getValue(ELContext context, Object base, Object property) {
        context.setPropertyResolved(true);
        if (base instanceof Importable) {
            // a filter, test or tag: what is asked is one of its methods
            return null;
        }
        Object value = Values.own(base);
        String name = String.valueOf(property);
        if (value instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (value instanceof Map<?, ?> map) {
            return map.containsKey(name)
                    ? Objects.requireNonNullElse(map.get(name), None.NONE)
                    : Undefined.attribute(map, name);
        }
        if (value instanceof List<?> list) {
            int index = index(name, list.size());
            return index < 0 ? Undefined.attribute(list, name) : Objects.requireNonNullElse(list.get(index), None.NONE);
        }
        if (value instanceof CharSequence text) {
            int[] characters = text.codePoints().toArray();
            int index = index(name, characters.length);
            return index < 0 ? Undefined.attribute(text, name) : Character.toString(characters[index]);
        }
        return value instanceof Loop loop
                ? loop.get(name)
                : value instanceof Duration span ? part(span, name) : Undefined.attribute(value, name);
    }

    /** Of a span of time, such as a rule's timeframe. */
    private static Object part(Duration span, String name) {
        return switch (name) {
            case "days" -> Math.floorDiv(span.getSeconds(), SECONDS_A_DAY);
            case "seconds" -> Math.floorMod(span.getSeconds(), SECONDS_A_DAY);
            case "microseconds" -> span.getNano() / 1_000L;
            default -> Undefined.attribute(span, name);
        };
    }

    /** The place that a number means in a sequence, from its end when it is negative; -1 when it means none. */
    private static int index(String name, int size) {
        if (!name.matches("-?\\d{1,9}")) {
            return -1;
        }
        int index = Integer.parseInt(name) + (name.startsWith("-") ? size : 0);
        return index < size ? index : -1;
    }

    @Override
    public Object invoke(ELContext context, Object base, Object method, Class<?>[] types, Object[] given) {
        context.setPropertyResolved(true);
        Object[] arguments = given == null ? new Object[0] : given;
        if (base instanceof ExpTest test) {
            Object[] more = Arrays.copyOfRange(arguments, 2, arguments.length);
            JinjavaInterpreter interpreter = (JinjavaInterpreter) arguments[1];
            return method.equals("evaluate")
                    ? test.evaluate(arguments[0], interpreter, more)
                    : test.evaluateNegated(arguments[0], interpreter, more);
        }
        Object value = Values.own(base);
        String name = String.valueOf(method);
        Arguments all = new Arguments(arguments);
        if (value instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (value instanceof CharSequence text) {
            return TextMethods.call(text.toString(), name, all);
        }
        if (value instanceof Loop loop) {
            return loop.call(name, all);
        }
        if (value instanceof Duration span && name.equals("total_seconds")) {
            return span.getSeconds() + span.getNano() / 1e9;
        }
        return CollectionMethods.call(value, name, all);
    }

    @Override
    public void setValue(ELContext context, Object base, Object property, Object value) {
        throw new RenderException("'" + Python.str(property) + "' cannot be set");
    }

    @Override
    public Class<?> getType(ELContext context, Object base, Object property) {
        return Object.class;
    }

    @Override
    public boolean isReadOnly(ELContext context, Object base, Object property) {
        return true;
    }

    @Override
    public Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, Object base) {
        return Collections.emptyIterator();
    }

    @Override
    public Class<?> getCommonPropertyType(ELContext context, Object base) {
        return Object.class;
    }
}
