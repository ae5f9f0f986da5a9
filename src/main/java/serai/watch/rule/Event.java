package serai.watch.rule;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import serai.watch.python.Python;

/**
 * A document as rule types take it.
 *
 * @param time the document's time
 * @param fields its fields, with {@code _id}, {@code _index} and the fields of compound keys added; a timestamp at the
 *     top level is ISO text
 */
public record Event(Instant time, Map<String, Object> fields) {

    /** A document has no timestamp field, or no time in it. */
    public static final class NoTimeException extends Exception {

        private static final long serialVersionUID = 1L;

        private NoTimeException(String reason) {
            super(reason);
        }
    }

    /**
     * Makes an event of a document.
     *
     * @throws NoTimeException when the document has no time; the caller rejects it and the rule continues
     */
    public static Event of(Rule rule, Map<String, Object> source, String index, String id) throws NoTimeException {
        Map<String, Object> fields = new LinkedHashMap<>(source);
        Instant time = time(rule, source);
        if (fields.containsKey(rule.timestampField())) {
            fields.put(rule.timestampField(), Timestamps.write(time));
        }
        fields.put("_id", id);
        fields.put("_index", index);
        for (List<String> compound : rule.compoundKeys()) {
            fields.put(
                    String.join(",", compound),
                    compound.stream()
                            .map(part -> Python.str(Document.lookup(source, part)))
                            .collect(Collectors.joining(", ")));
        }
        return new Event(time, fields);
    }

    private static Instant time(Rule rule, Map<String, Object> source) throws NoTimeException {
        String field = rule.timestampField();
        Object value = Document.lookup(source, field);
        if (value == null) {
            throw new NoTimeException("the document has no field '" + field + "' (timestamp_field)");
        }
        try {
            return rule.readTime(value);
        } catch (DateTimeException e) {
            throw new NoTimeException("the value of the field '" + field + "' is not a time of timestamp_type "
                    + rule.timestampType().name().toLowerCase(Locale.ROOT));
        }
    }

    /** The value of a field by its name, as {@link Document#lookup}. */
    public Object field(String name) {
        return Document.lookup(fields, name);
    }
}
