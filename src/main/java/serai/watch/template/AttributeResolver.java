package serai.watch.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.Importable;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import java.beans.FeatureDescriptor;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;
import serai.watch.python.Python;
import serai.watch.python.Strftime;
import serai.watch.python.Timedelta;

/** Finds the attributes and methods of values, as Python has them. Other members of Java objects are not reachable. */
final class AttributeResolver extends ELResolver {

    @Override
    public Object getValue(ELContext context, Object base, Object property) {
        context.setPropertyResolved(true);
        if (base instanceof Importable) {
            // a filter, test or tag, of which a method is called next
            return null;
        }
        Object value = Values.unwrap(base);
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
        if (value instanceof Loop loop) {
            return loop.get(name);
        }
        Long part = value instanceof Duration time ? Timedelta.parts(time).get(name) : null;
        return part == null ? Undefined.attribute(value, name) : part;
    }

    /** The index that a name is in a sequence; a negative number counts from the end. -1 when it is none. */
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
        Object[] values = given == null ? new Object[0] : given;
        if (base instanceof ExpTest test) {
            return evaluate(test, method.equals("evaluate"), values);
        }
        Object value = Values.unwrap(base);
        String name = String.valueOf(method);
        Arguments arguments = new Arguments(values);
        if (value instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (value instanceof CharSequence text) {
            return TextMethods.call(text.toString(), name, arguments);
        }
        if (value instanceof Loop loop) {
            return loop.call(name, arguments);
        }
        if (value instanceof Duration time && name.equals("total_seconds")) {
            return time.getSeconds() + time.getNano() / 1e9;
        }
        if (value instanceof ZonedDateTime time && name.equals("strftime")) {
            return Strftime.format(time, arguments.text(0, "format", ""));
        }
        return CollectionMethods.call(value, name, arguments);
    }

    /** @param values the tested value, the interpreter, and the arguments of the test */
    private static boolean evaluate(ExpTest test, boolean expected, Object[] values) {
        JinjavaInterpreter interpreter = (JinjavaInterpreter) values[1];
        Object[] arguments = Arrays.copyOfRange(values, 2, values.length);
        return test.evaluate(values[0], interpreter, arguments) == expected;
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
