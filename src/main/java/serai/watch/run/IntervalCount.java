package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import serai.watch.query.Search.Count;
import serai.watch.query.Window;

/** How many documents an interval was found to have. */
record IntervalCount(Window interval, Count count) {

    static IntervalCount of(JsonNode state) {
        Map<Object, Long> terms = new LinkedHashMap<>();
        for (JsonNode term : state.path(3)) {
            terms.put(value(term.get(0)), term.get(1).asLong());
        }
        return new IntervalCount(
                new Window(
                        Instant.ofEpochMilli(state.get(0).asLong()),
                        Instant.ofEpochMilli(state.get(1).asLong())),
                new Count(state.get(2).asLong(), terms));
    }

    private static Object value(JsonNode key) {
        return key.isNumber() ? key.numberValue() : key.isBoolean() ? (Object) key.booleanValue() : key.asText();
    }

    /** As {@link #of} reads it. */
    ArrayNode state() {
        ArrayNode state = JsonNodeFactory.instance
                .arrayNode()
                .add(interval.from().toEpochMilli())
                .add(interval.to().toEpochMilli())
                .add(count.documents());
        if (!count.terms().isEmpty()) {
            ArrayNode all = state.addArray();
            count.terms()
                    .forEach((term, documents) -> all.addArray().addPOJO(term).add(documents));
        }
        return state;
    }

    /** What this count has more than an earlier one of the same interval; never less than nothing. */
    Count since(IntervalCount earlier) {
        Map<Object, Long> more = new LinkedHashMap<>();
        count.terms().forEach((term, documents) -> {
            long added = documents - earlier.count.terms().getOrDefault(term, 0L);
            if (added > 0) {
                more.put(term, added);
            }
        });
        return new Count(Math.max(0, count.documents() - earlier.count.documents()), more);
    }
}
