package serai.watch.template;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import serai.watch.python.Python;

/** Filters that order the elements of a list, or group equal ones. */
final class SortFilters {

    private SortFilters() {}

    static void addTo(Map<String, JinjaFilter.Body> filters) {
        filters.put(
                "sort",
                (value, arguments) -> sorted(
                        Elements.of(value),
                        arguments.flag(0, "reverse", false),
                        arguments.flag(1, "case_sensitive", false),
                        arguments.get(2, "attribute")));
        filters.put("dictsort", SortFilters::dictsort);
        filters.put("unique", SortFilters::unique);
        filters.put("min", (value, arguments) -> extreme(value, arguments, false));
        filters.put("max", (value, arguments) -> extreme(value, arguments, true));
        filters.put("groupby", SortFilters::groups);
    }

    private static List<Object> sorted(List<Object> items, boolean reverse, boolean caseSensitive, Object attribute) {
        String[] names =
                attribute == null ? new String[] {null} : Values.text(attribute).split("\\s*,\\s*");
        Comparator<Object> order = (a, b) -> {
            int result = 0;
            for (int i = 0; i < names.length && result == 0; i++) {
                result = order(
                        key(Elements.named(a, names[i]), caseSensitive),
                        key(Elements.named(b, names[i]), caseSensitive));
            }
            return result;
        };
        items.sort(reverse ? order.reversed() : order);
        return items;
    }

    private static Object key(Object value, boolean caseSensitive) {
        return value instanceof CharSequence text && !caseSensitive
                ? text.toString().toLowerCase(Locale.ROOT)
                : value;
    }

    /** Equal values may be of a type that has no order. */
    private static int order(Object a, Object b) {
        return Python.equal(a, b) ? 0 : Values.compare(a, b, "<");
    }

    private static Object dictsort(Object value, Arguments arguments) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new RenderException("'" + Values.typeName(value) + " object' has no attribute 'items'");
        }
        return sorted(
                Elements.pairs(map),
                arguments.flag(2, "reverse", false),
                arguments.flag(0, "case_sensitive", false),
                arguments.text(1, "by", "key").equals("value") ? "1" : "0");
    }

    private static Object unique(Object value, Arguments arguments) {
        List<Object> seen = new ArrayList<>();
        List<Object> unique = new ArrayList<>();
        for (Object item : Elements.of(value)) {
            Object key = key(
                    Elements.named(item, arguments.get(1, "attribute")), arguments.flag(0, "case_sensitive", false));
            if (seen.stream().noneMatch(other -> Python.equal(key, other))) {
                seen.add(key);
                unique.add(item);
            }
        }
        return unique;
    }

    private static Object extreme(Object value, Arguments arguments, boolean largest) {
        List<Object> sorted = sorted(
                Elements.of(value), largest, arguments.flag(0, "case_sensitive", false), arguments.get(1, "attribute"));
        return sorted.isEmpty() ? Undefined.attribute(value, largest ? "max" : "min") : sorted.get(0);
    }

    private static Object groups(Object value, Arguments arguments) {
        Object attribute = arguments.get(0, "attribute");
        Map<Object, List<Object>> groups = new LinkedHashMap<>();
        for (Object item : sorted(Elements.of(value), false, false, attribute)) {
            groups.computeIfAbsent(Elements.named(item, attribute), key -> new ArrayList<>())
                    .add(item);
        }
        return Elements.pairs(groups);
    }
}
