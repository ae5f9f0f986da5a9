package serai.watch.type;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One event of a window, one count or one measured value; or several that were put together.
 *
 * @param micros its time, in microseconds since 1970; of several the latest
 * @param values how many values it holds: none when it only says that the time has come so far
 * @param sum    their sum, a {@link Long} or a {@link Double}
 * @param least  the least of them
 * @param most   the greatest
 * @param fields what a match made of it holds, of several the oldest's; null where that is not needed
 */
record Entry(long micros, long values, Number sum, Number least, Number most, Map<String, Object> fields) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() { };

    static Entry of(Instant time, Number value, Map<String, Object> fields) {
        Number plain = value instanceof Double || value instanceof Long ? value : value instanceof Float || value.longValue()
                != value.doubleValue() ? (Number) value.doubleValue() : (Number) value.longValue();
        return new Entry(EventWindow.micros(time), 1, plain, plain, plain, fields);
    }

    /** An entry without a value. */
    static Entry empty(Instant time, Map<String, Object> fields) {
        return new Entry(EventWindow.micros(time), 0, 0L, 0L, 0L, fields);
    }

    Entry bare() {
        return fields == null ? this : new Entry(micros, values, sum, least, most, null);
    }

    /** This and an older one as one. */
    Entry after(Entry older) {
        Map<String, Object> oldest = older.values == 0 || older.fields == null ? fields : older.fields;
        if (values == 0 || older.values == 0) {
            Entry counted = values == 0 ? older : this;
            return new Entry(micros, counted.values, counted.sum, counted.least, counted.most, oldest);
        }
        return new Entry(micros, values + older.values, Figures.plus(older.sum, sum), Figures.less(older.least, least),
                Figures.greater(older.most, most), oldest);
    }

    static Entry of(JsonNode state) {
        int numbers = state.size() > 0 && state.get(state.size() - 1).isObject() ? state.size() - 1 : state.size();
        Map<String, Object> fields = numbers < state.size() ? JSON.convertValue(state.get(numbers), FIELDS) : null;
        long micros = state.get(0).longValue();
        Number sum = numbers > 1 ? number(state.get(1)) : (Number) 0L;
        return numbers > 2 ? new Entry(micros, state.get(2).longValue(), sum, number(state.get(3)), number(state.get(4)), fields)
                : new Entry(micros, numbers - 1, sum, sum, sum, fields);
    }

    private static Number number(JsonNode number) {
        return number.isIntegralNumber() ? (Number) number.longValue() : (Number) number.doubleValue();
    }

    /** {@code [micros]}, {@code [micros, value]} or {@code [micros, sum, values, least, most]}, with the fields last if there are any. */
    ArrayNode state() {
        ArrayNode state = JsonNodeFactory.instance.arrayNode().add(micros);
        if (values > 0) {
            add(state, sum);
        }
        if (values > 1) {
            state.add(values);
            add(state, least);
            add(state, most);
        }
        if (fields != null) {
            state.add(JSON.<ObjectNode>valueToTree(fields));
        }
        return state;
    }

    private static void add(ArrayNode state, Number number) {
        if (number instanceof Long whole) {
            state.add(whole);
        } else {
            state.add(number.doubleValue());
        }
    }
}
