package serai.watch.template;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Filters of lists and dictionaries, and those that stand in for what is missing. */
final class ListFilters {

    private static final int MOST_SLICES = 10_000;

    private ListFilters() {}

    static void addTo(Map<String, PythonFilter.Body> filters) {
        PythonFilter.Body otherwise =
                (value, given) -> value instanceof Undefined || given.flag(1, "boolean", false) && !Truth.of(value)
                        ? given.get(0, "default_value") == null ? "" : given.get(0, "default_value")
                        : value;
        filters.put("default", otherwise);
        filters.put("d", otherwise);
        PythonFilter.Body length = (value, given) -> size(value);
        filters.put("length", length);
        filters.put("count", length);
        filters.put("list", (value, given) -> items(value));
        filters.put(
                "items",
                (value, given) -> value instanceof Map<?, ?> map ? CollectionMethods.items(map) : new ArrayList<>());
        filters.put(
                "first",
                (value, given) -> items(value).isEmpty()
                        ? Undefined.attribute(value, "0")
                        : items(value).get(0));
        filters.put(
                "last",
                (value, given) -> items(value).isEmpty()
                        ? Undefined.attribute(value, "-1")
                        : items(value).get(items(value).size() - 1));
        filters.put("join", ListFilters::join);
        filters.put(
                "sort",
                (value, given) -> sorted(
                        items(value),
                        given.flag(0, "reverse", false),
                        given.flag(1, "case_sensitive", false),
                        given.get(2, "attribute")));
        filters.put("dictsort", ListFilters::dictsort);
        filters.put(
                "unique",
                (value, given) -> unique(value, given.flag(0, "case_sensitive", false), given.get(1, "attribute")));
        filters.put("reverse", (value, given) -> reversed(value));
        filters.put("sum", ListFilters::sum);
        filters.put("min", (value, given) -> extreme(value, given, false));
        filters.put("max", (value, given) -> extreme(value, given, true));
        filters.put(
                "batch",
                (value, given) ->
                        batch(items(value), Math.max(1, given.whole(0, "linecount", 1)), given.get(1, "fill_with")));
        filters.put(
                "slice",
                (value, given) ->
                        slices(items(value), Math.max(1, given.whole(0, "slices", 1)), given.get(1, "fill_with")));
        filters.put("groupby", ListFilters::groups);
        filters.put("attr", (value, given) -> field(value, given.at(0)));
        filters.put(
                "random",
                (value, given) ->
                        items(value).get((int) (Math.random() * items(value).size())));
    }

    /** What a loop over the value gives. */
    static List<Object> items(Object value) {
        if (value instanceof Map<?, ?> map) {
            return new ArrayList<>(map.keySet());
        }
        if (value instanceof CharSequence text) {
            return new ArrayList<>(
                    text.toString().codePoints().mapToObj(Character::toString).toList());
        }
        if (value instanceof Collection<?> list) {
            return new ArrayList<>(list);
        }
        throw new RenderException("'" + Values.kind(value) + "' object is not iterable");
    }

    /** A field by its dotted name. */
    static Object field(Object value, Object name) {
        return field(value, name, null);
    }

    /** @param otherwise what stands for each part of the name that is not there; null for nothing */
    static Object field(Object value, Object name, Object otherwise) {
        Object found = value;
        for (String part : name == null ? new String[0] : Values.text(name).split("\\.")) {
            if (found instanceof Undefined undefined) {
                throw undefined.used();
            }
            boolean index =
                    found instanceof List<?> list && part.matches("\\d{1,6}") && Integer.parseInt(part) < list.size();
            Object of = found;
            found = of instanceof Map<?, ?> map && map.containsKey(part)
                    ? map.get(part)
                    : index
                            ? ((List<?>) of).get(Integer.parseInt(part))
                            : otherwise == null ? Undefined.attribute(of, part) : otherwise;
        }
        return found;
    }

    private static Object size(Object value) {
        if (value instanceof CharSequence text) {
            return (long) text.toString().codePointCount(0, text.length());
        }
        if (value instanceof Map<?, ?> map) {
            return (long) map.size();
        }
        if (value instanceof Collection<?> list) {
            return (long) list.size();
        }
        throw new RenderException("object of type '" + Values.kind(value) + "' has no len()");
    }

    private static Object join(Object value, Arguments given) {
        String separator = given.text(0, "d", "");
        StringBuilder text = new StringBuilder();
        boolean first = true;
        for (Object item : items(value)) {
            text.append(first ? "" : separator).append(Values.text(field(item, given.get(1, "attribute"))));
            first = false;
            Values.bound(text);
        }
        return text.toString();
    }

    private static Object key(Object value, boolean caseSensitive) {
        return value instanceof CharSequence text && !caseSensitive
                ? text.toString().toLowerCase(Locale.ROOT)
                : value;
    }

    private static List<Object> sorted(List<Object> items, boolean reverse, boolean caseSensitive, Object attribute) {
        String[] names =
                attribute == null ? new String[] {null} : Values.text(attribute).split("\\s*,\\s*");
        Comparator<Object> order = (a, b) -> {
            int result = 0;
            for (int i = 0; i < names.length && result == 0; i++) {
                result = order(key(field(a, names[i]), caseSensitive), key(field(b, names[i]), caseSensitive));
            }
            return result;
        };
        items.sort(reverse ? order.reversed() : order);
        return items;
    }

    /** Equal values need not be of a kind that has an order. */
    private static int order(Object a, Object b) {
        return Values.equal(a, b) || a instanceof Undefined && b instanceof Undefined ? 0 : Values.compare(a, b, "<");
    }

    private static Object dictsort(Object value, Arguments given) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new RenderException("'" + Values.kind(value) + " object' has no attribute 'items'");
        }
        String by = given.text(1, "by", "key").equals("value") ? "1" : "0";
        return sorted(
                CollectionMethods.items(map),
                given.flag(2, "reverse", false),
                given.flag(0, "case_sensitive", false),
                by);
    }

    private static Object unique(Object value, boolean caseSensitive, Object attribute) {
        List<Object> seen = new ArrayList<>();
        List<Object> unique = new ArrayList<>();
        for (Object item : items(value)) {
            Object key = key(field(item, attribute), caseSensitive);
            if (seen.stream().noneMatch(other -> Values.equal(key, other))) {
                seen.add(key);
                unique.add(item);
            }
        }
        return unique;
    }

    private static Object reversed(Object value) {
        if (value instanceof CharSequence text) {
            return new StringBuilder(text).reverse().toString();
        }
        List<Object> items = items(value);
        Collections.reverse(items);
        return items;
    }

    private static Object sum(Object value, Arguments given) {
        Object sum = given.get(1, "start") == null ? Long.valueOf(0) : given.get(1, "start");
        for (Object item : items(value)) {
            sum = Operators.add(sum, field(item, given.get(0, "attribute")));
        }
        return sum;
    }

    private static Object extreme(Object value, Arguments given, boolean largest) {
        List<Object> sorted =
                sorted(items(value), largest, given.flag(0, "case_sensitive", false), given.get(1, "attribute"));
        return sorted.isEmpty() ? Undefined.attribute(value, largest ? "max" : "min") : sorted.get(0);
    }

    private static Object batch(List<Object> items, int size, Object fill) {
        List<Object> batches = new ArrayList<>();
        for (int i = 0; i < items.size(); i += size) {
            List<Object> batch = new ArrayList<>(items.subList(i, Math.min(items.size(), i + size)));
            while (fill != null && batch.size() < size && size < Values.LONGEST) {
                batch.add(fill);
            }
            batches.add(batch);
        }
        return batches;
    }

    /** So many lists of about one length, the longer ones first; what fills up goes into the shorter ones. */
    private static Object slices(List<Object> items, int count, Object fill) {
        if (count > MOST_SLICES) {
            throw new RenderException("more than " + MOST_SLICES + " slices");
        }
        List<Object> slices = new ArrayList<>();
        int longer = items.size() % count;
        for (int i = 0, from = 0; i < count; i++) {
            int size = items.size() / count + (i < longer ? 1 : 0);
            List<Object> slice = new ArrayList<>(items.subList(from, from + size));
            if (fill != null && i >= longer) {
                slice.add(fill);
            }
            slices.add(slice);
            from += size;
        }
        return slices;
    }

    private static Object groups(Object value, Arguments given) {
        Object attribute = given.get(0, "attribute");
        Map<Object, List<Object>> groups = new LinkedHashMap<>();
        for (Object item : sorted(items(value), false, false, attribute)) {
            groups.computeIfAbsent(field(item, attribute), key -> new ArrayList<>())
                    .add(item);
        }
        List<Object> pairs = new ArrayList<>();
        groups.forEach((key, group) -> pairs.add(Tuple.of(key, group)));
        return pairs;
    }
}
