package serai.watch.type;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The stored form of a window, a short JSON object. {@code t} holds the microseconds of the first entry and then the
 * distance of each entry from the one before. {@code v} holds by the entry's number its value, where it is not one
 * event: {@code []}, {@code [value]} or {@code [sum, values, min, max]}. {@code f} holds its fields, where they are
 * kept.
 */
final class WindowJson {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {};

    private WindowJson() {}

    static ObjectNode write(List<WindowEntry> entries) {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        ArrayNode times = state.putArray("t");
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        long before = 0;
        for (int i = 0; i < entries.size(); i++) {
            WindowEntry entry = entries.get(i);
            times.add(entry.micros() - before);
            before = entry.micros();
            if (entry.values() != 1 || !entry.sum().equals(1L)) {
                values.set(Integer.toString(i), values(entry));
            }
            if (entry.fields() != null) {
                fields.set(Integer.toString(i), JSON.<ObjectNode>valueToTree(entry.fields()));
            }
        }
        setUnlessEmpty(state, "v", values);
        setUnlessEmpty(state, "f", fields);
        return state;
    }

    private static void setUnlessEmpty(ObjectNode state, String name, ObjectNode values) {
        if (!values.isEmpty()) {
            state.set(name, values);
        }
    }

    private static ArrayNode values(WindowEntry entry) {
        ArrayNode values = JsonNodeFactory.instance.arrayNode();
        if (entry.values() > 0) {
            add(values, entry.sum());
        }
        if (entry.values() > 1) {
            values.add(entry.values());
            add(values, entry.min());
            add(values, entry.max());
        }
        return values;
    }

    private static void add(ArrayNode values, Number number) {
        if (number instanceof Long whole) {
            values.add(whole);
        } else {
            values.add(number.doubleValue());
        }
    }

    static List<WindowEntry> read(JsonNode state) {
        List<WindowEntry> entries = new ArrayList<>();
        long micros = 0;
        for (JsonNode distance : state.path("t")) {
            micros += distance.longValue();
            String number = Integer.toString(entries.size());
            JsonNode kept = state.path("f").path(number);
            Map<String, Object> fields = kept.isObject() ? JSON.convertValue(kept, FIELDS) : null;
            entries.add(entry(micros, state.path("v").path(number), fields));
        }
        return entries;
    }

    private static WindowEntry entry(long micros, JsonNode values, Map<String, Object> fields) {
        if (!values.isArray()) {
            return new WindowEntry(micros, 1, 1L, 1L, 1L, fields);
        }
        Number sum = values.isEmpty() ? (Number) 0L : number(values.get(0));
        return values.size() > 1
                ? new WindowEntry(
                        micros, values.get(1).longValue(), sum, number(values.get(2)), number(values.get(3)), fields)
                : new WindowEntry(micros, values.size(), sum, sum, sum, fields);
    }

    private static Number number(JsonNode number) {
        return number.isIntegralNumber() ? (Number) number.longValue() : (Number) number.doubleValue();
    }
}
