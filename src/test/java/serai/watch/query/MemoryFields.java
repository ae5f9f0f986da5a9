package serai.watch.query;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import serai.watch.rule.Timestamps;

/** The values of a document's fields as Elasticsearch indexes them: lists and lists of objects are flattened. */
final class MemoryFields {

    private MemoryFields() {}

    static List<Object> values(Map<String, Object> source, String field) {
        String name = field.endsWith(".keyword") ? field.substring(0, field.length() - ".keyword".length()) : field;
        List<Object> values = new ArrayList<>();
        collect(source, name, values);
        return values;
    }

    private static void collect(Object value, String path, List<Object> values) {
        if (value instanceof List<?> list) {
            list.forEach(item -> collect(item, path, values));
        } else if (path.isEmpty()) {
            if (value != null && !(value instanceof Map)) {
                values.add(value);
            }
        } else if (value instanceof Map<?, ?> map) {
            for (int end = path.length(); end > 0; end = path.lastIndexOf('.', end - 1)) {
                if (map.containsKey(path.substring(0, end))) {
                    collect(
                            map.get(path.substring(0, end)),
                            end == path.length() ? "" : path.substring(end + 1),
                            values);
                    return;
                }
            }
        }
    }

    /** A number as it is, a flag as 1 or 0, a time as its milliseconds; null when it is none of them. */
    static Double number(Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof Boolean flag) {
            return flag ? 1d : 0d;
        }
        Instant time = time(value);
        return time == null ? null : (double) time.toEpochMilli();
    }

    /** A time written as text, or null. */
    static Instant time(Object value) {
        try {
            return value instanceof String text && text.matches("\\d{4}-\\d\\d-\\d\\d.*")
                    ? Timestamps.read(text)
                    : null;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
