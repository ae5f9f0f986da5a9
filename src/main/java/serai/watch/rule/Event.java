package serai.watch.rule;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import serai.watch.python.Python;

/**
 * A document as rule types get it: its fields with {@code _id}, {@code _index} and compound keys among them, and its
 * time.
 *
 * @param fields the fields; a timestamp at the top level is written as ElastAlert writes it
 */
public record Event(Instant time, Map<String, Object> fields) {

    /** A document's time field is missing or holds no time. */
    public static final class OddDocument extends Exception {
        public OddDocument(String reason) {
            super(reason);
        }
    }

    /** @throws OddDocument when the document has no time; the rule goes on without it */
    public static Event of(Rule rule, Map<String, Object> source, String index, String id) throws OddDocument {
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

    private static Instant time(Rule rule, Map<String, Object> source) throws OddDocument {
        Object value = Document.lookup(source, rule.timestampField());
        if (value == null) {
            throw new OddDocument("the document has no field '" + rule.timestampField() + "' (timestamp_field)");
        }
        try {
            return rule.readTime(value);
        } catch (DateTimeException e) {
            throw new OddDocument("the field '" + rule.timestampField() + "' holds no time of the kind "
                    + rule.timestampType().name().toLowerCase(java.util.Locale.ROOT) + " (timestamp_type)");
        }
    }

    public Object field(String name) {
        return Document.lookup(fields, name);
    }
}
