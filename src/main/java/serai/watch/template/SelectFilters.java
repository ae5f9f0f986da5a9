package serai.watch.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Filters that apply a filter or a test to each element of a list. */
final class SelectFilters {

    private SelectFilters() {}

    static void addTo(Map<String, JinjaFilter.Body> filters) {
        filters.put("map", SelectFilters::mapped);
        filters.put("select", (value, arguments) -> selected(value, arguments, false, true));
        filters.put("reject", (value, arguments) -> selected(value, arguments, false, false));
        filters.put("selectattr", (value, arguments) -> selected(value, arguments, true, true));
        filters.put("rejectattr", (value, arguments) -> selected(value, arguments, true, false));
    }

    private static Object mapped(Object value, Arguments arguments) {
        List<Object> mapped = new ArrayList<>();
        Object attribute = arguments.named().get("attribute");
        for (Object item : Elements.of(value)) {
            mapped.add(
                    attribute != null
                            ? Elements.named(item, attribute, arguments.named().get("default"))
                            : JinjaFilter.named(arguments.text(0, "filter", "")).apply(item, arguments.from(1)));
        }
        return mapped;
    }

    /**
     * @param byAttribute whether an attribute of each element is tested, named by the first argument
     * @param passing whether elements that pass the test are kept, or the others
     */
    private static Object selected(Object value, Arguments arguments, boolean byAttribute, boolean passing) {
        int first = byAttribute ? 1 : 0;
        JinjaTest test = arguments.count() > first ? JinjaTest.named(arguments.text(first, "", "")) : null;
        List<Object> selected = new ArrayList<>();
        for (Object item : Elements.of(value)) {
            Object tested = byAttribute ? Elements.named(item, arguments.at(0)) : item;
            boolean passes = test == null ? Truth.of(tested) : test.passes(tested, arguments.from(first + 1));
            if (passes == passing) {
                selected.add(item);
            }
        }
        return selected;
    }
}
