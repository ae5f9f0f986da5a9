package serai.watch.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Filters that apply a filter or a test to each element of a list. */
final class SelectFilters {

    private SelectFilters() {}

    static void addTo(Map<String, PythonFilter.Body> filters) {
        filters.put("map", SelectFilters::map);
        filters.put("select", (value, given) -> chosen(value, given, false, true));
        filters.put("reject", (value, given) -> chosen(value, given, false, false));
        filters.put("selectattr", (value, given) -> chosen(value, given, true, true));
        filters.put("rejectattr", (value, given) -> chosen(value, given, true, false));
    }

    private static Object map(Object value, Arguments given) {
        List<Object> mapped = new ArrayList<>();
        Object attribute = given.named().get("attribute");
        for (Object item : ListFilters.items(value)) {
            if (attribute != null) {
                mapped.add(ListFilters.field(item, attribute, given.named().get("default")));
            } else {
                mapped.add(Filters.named(given.text(0, "filter", "")).apply(item, rest(given, 1)));
            }
        }
        return mapped;
    }

    private static Object chosen(Object value, Arguments given, boolean byField, boolean wanted) {
        int first = byField ? 1 : 0;
        PythonTest test = given.count() > first ? PythonTest.named(given.text(first, "", "")) : null;
        List<Object> chosen = new ArrayList<>();
        for (Object item : ListFilters.items(value)) {
            Object tested = byField ? ListFilters.field(item, given.at(0)) : item;
            boolean passes = test == null ? Truth.of(tested) : test.passes(tested, rest(given, first + 1));
            if (passes == wanted) {
                chosen.add(item);
            }
        }
        return chosen;
    }

    private static Arguments rest(Arguments given, int from) {
        return new Arguments(
                given.values()
                        .subList(Math.min(from, given.count()), given.count())
                        .toArray(),
                given.named());
    }
}
