package serai.watch.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Filters of lists and dictionaries, and {@code default}. */
final class ListFilters {

    private static final int MOST_SLICES = 10_000;

    private ListFilters() {}

    static void addTo(Map<String, JinjaFilter.Body> filters) {
        filters.put("default", ListFilters::defaulted);
        filters.put("d", ListFilters::defaulted);
        filters.put("length", (value, arguments) -> Elements.count(value));
        filters.put("count", (value, arguments) -> Elements.count(value));
        filters.put("list", (value, arguments) -> Elements.of(value));
        filters.put(
                "items",
                (value, arguments) -> value instanceof Map<?, ?> map ? Elements.pairs(map) : new ArrayList<>());
        filters.put("first", (value, arguments) -> element(value, 0));
        filters.put("last", (value, arguments) -> element(value, -1));
        filters.put("random", (value, arguments) -> {
            List<Object> items = Elements.of(value);
            return items.isEmpty()
                    ? element(value, 0)
                    : items.get(ThreadLocalRandom.current().nextInt(items.size()));
        });
        filters.put("join", ListFilters::joined);
        filters.put("reverse", (value, arguments) -> reversed(value));
        filters.put("sum", ListFilters::sum);
        filters.put("batch", ListFilters::batches);
        filters.put("slice", ListFilters::slices);
        filters.put("attr", (value, arguments) -> Elements.named(value, arguments.at(0)));
    }

    private static Object defaulted(Object value, Arguments arguments) {
        boolean replace = value instanceof Undefined || arguments.flag(1, "boolean", false) && !Truth.of(value);
        Object defaultValue = arguments.get(0, "default_value");
        return !replace ? value : defaultValue == null ? "" : defaultValue;
    }

    /** @param index 0 for the first element, -1 for the last */
    private static Object element(Object value, int index) {
        List<Object> items = Elements.of(value);
        return items.isEmpty()
                ? Undefined.attribute(value, String.valueOf(index))
                : items.get(Math.floorMod(index, items.size()));
    }

    private static Object joined(Object value, Arguments arguments) {
        String separator = arguments.text(0, "d", "");
        StringBuilder text = new StringBuilder();
        String before = "";
        for (Object item : Elements.of(value)) {
            text.append(before).append(Values.text(Elements.named(item, arguments.get(1, "attribute"))));
            before = separator;
            Values.bound(text);
        }
        return text.toString();
    }

    private static Object reversed(Object value) {
        if (value instanceof CharSequence text) {
            return new StringBuilder(text).reverse().toString();
        }
        List<Object> items = Elements.of(value);
        Collections.reverse(items);
        return items;
    }

    private static Object sum(Object value, Arguments arguments) {
        Object sum = arguments.get(1, "start") == null ? Long.valueOf(0) : arguments.get(1, "start");
        for (Object item : Elements.of(value)) {
            sum = Operators.add(sum, Elements.named(item, arguments.get(0, "attribute")));
        }
        return sum;
    }

    /** Lists of {@code linecount} elements; the last one is filled up. */
    private static Object batches(Object value, Arguments arguments) {
        int size = Math.max(1, arguments.whole(0, "linecount", 1));
        Object fill = arguments.get(1, "fill_with");
        List<Object> items = Elements.of(value);
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

    /** A number of lists of about the same length, the longer ones first; the shorter ones are filled up. */
    private static Object slices(Object value, Arguments arguments) {
        int count = Math.max(1, arguments.whole(0, "slices", 1));
        if (count > MOST_SLICES) {
            throw new RenderException("more than " + MOST_SLICES + " slices");
        }
        Object fill = arguments.get(1, "fill_with");
        List<Object> items = Elements.of(value);
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
}
