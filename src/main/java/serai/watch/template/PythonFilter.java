package serai.watch.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import java.util.Map;

/** A filter of Jinja2, in Python's sense of its values. */
final class PythonFilter implements Filter {

    /** What a filter does with a value. */
    @FunctionalInterface
    interface Body {
        Object apply(Object value, Arguments given);
    }

    private final String name;
    private final Body body;

    PythonFilter(String name, Body body) {
        this.name = name;
        this.body = body;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Object filter(Object value, JinjavaInterpreter interpreter, Object[] given, Map<String, Object> named) {
        Object result = apply(value, new Arguments(given, named));
        return result instanceof String text ? Values.bounded(text) : result;
    }

    Object apply(Object value, Arguments given) {
        return body.apply(Values.own(value), given);
    }

    @Override
    public Object filter(Object value, JinjavaInterpreter interpreter, String... given) {
        return filter(value, interpreter, given, Map.of());
    }
}
