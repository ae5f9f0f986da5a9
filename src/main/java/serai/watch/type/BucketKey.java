package serai.watch.type;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import serai.watch.python.Python;

/** Puts the key of an aggregation's bucket into a match. */
final class BucketKey {

    private BucketKey() {}

    /** The values of a compound key as one text: unlike in documents, without a space after the comma. */
    static String joined(List<Object> values) {
        return values.stream().map(Python::str).collect(Collectors.joining(","));
    }

    /**
     * Adds the fields of a query key. A single value is nested in maps, one for each dot of the name; of a compound key
     * each value is added under its plain name, and all as one text.
     */
    static void put(Map<String, Object> match, String queryKey, List<Object> values) {
        if (queryKey == null || values.isEmpty()) {
            return;
        }
        if (values.size() == 1) {
            nested(match, queryKey, values.get(0));
            return;
        }
        String[] parts = queryKey.split(",");
        for (int i = 0; i < Math.min(parts.length, values.size()); i++) {
            match.put(parts[i], values.get(i));
        }
        match.put(queryKey, joined(values));
    }

    private static void nested(Map<String, Object> match, String name, Object value) {
        int dot = name.indexOf('.');
        if (dot < 0) {
            match.put(name, value);
            return;
        }
        Map<String, Object> inner = new LinkedHashMap<>();
        match.put(name.substring(0, dot), inner);
        nested(inner, name.substring(dot + 1), value);
    }
}
