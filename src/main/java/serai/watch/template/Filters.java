package serai.watch.template;

import java.util.LinkedHashMap;
import java.util.Map;

/** The filters of Jinja2 that a template may use, by name. */
final class Filters {

    private static final Map<String, PythonFilter> ALL = all();

    private Filters() {}

    private static Map<String, PythonFilter> all() {
        Map<String, PythonFilter.Body> bodies = new LinkedHashMap<>();
        TextFilters.addTo(bodies);
        NumberFilters.addTo(bodies);
        ListFilters.addTo(bodies);
        SelectFilters.addTo(bodies);
        Map<String, PythonFilter> filters = new LinkedHashMap<>();
        bodies.forEach((name, body) -> filters.put(name, new PythonFilter(name, body)));
        return filters;
    }

    static Map<String, PythonFilter> byName() {
        return ALL;
    }

    /** @throws RenderException when there is no such filter */
    static PythonFilter named(String name) {
        PythonFilter filter = ALL.get(name);
        if (filter == null) {
            throw new RenderException("No filter named '" + name + "'.");
        }
        return filter;
    }
}
