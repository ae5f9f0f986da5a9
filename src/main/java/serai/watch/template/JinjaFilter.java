package serai.watch.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import java.util.LinkedHashMap;
import java.util.Map;

/** A filter of Jinja2, such as {@code upper} in {@code name|upper}. */
final class JinjaFilter implements Filter {

    private static final Map<String, JinjaFilter> ALL = all();

    /** What a filter does with a value. */
    @FunctionalInterface
    interface Body {
        Object apply(Object value, Arguments arguments);
    }

    private final String name;
    private final Body body;

    private JinjaFilter(String name, Body body) {
        this.name = name;
        this.body = body;
    }

    private static Map<String, JinjaFilter> all() {
        Map<String, Body> bodies = new LinkedHashMap<>();
        TextFilters.addTo(bodies);
        NumberFilters.addTo(bodies);
        ListFilters.addTo(bodies);
        SortFilters.addTo(bodies);
        SelectFilters.addTo(bodies);
        Map<String, JinjaFilter> filters = new LinkedHashMap<>();
        bodies.forEach((name, body) -> filters.put(name, new JinjaFilter(name, body)));
        return filters;
    }

    /** All filters by name. */
    static Map<String, JinjaFilter> byName() {
        return ALL;
    }

    /** @throws RenderException when there is no such filter */
    static JinjaFilter named(String name) {
        JinjaFilter filter = ALL.get(name);
        if (filter == null) {
            throw new RenderException("No filter named '" + name + "'.");
        }
        return filter;
    }

    Object apply(Object value, Arguments arguments) {
        return body.apply(Values.unwrap(value), arguments);
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Object filter(Object value, JinjavaInterpreter interpreter, Object[] arguments, Map<String, Object> named) {
        Object result = apply(value, new Arguments(arguments, named));
        return result instanceof String text ? Values.bounded(text) : result;
    }

    @Override
    public Object filter(Object value, JinjavaInterpreter interpreter, String... arguments) {
        return filter(value, interpreter, arguments, Map.of());
    }
}
