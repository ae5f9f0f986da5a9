package serai.watch.type;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import serai.watch.rule.Event;
import serai.watch.rule.KeyValue;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * Too many or too few different values of a field within a timeframe (spec/elastalert.md 1.6). Of each key it remembers no more values
 * than the greater threshold needs: the ones seen last.
 */
final class CardinalityType extends Matching {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** One key's values with the time each was last seen. */
    private static final class Values {
        private final Object key;
        private final Map<String, Long> seen = new LinkedHashMap<>();
        private Long first;
        private long newest;

        Values(Object key) {
            this.key = key;
        }

        long newest() {
            return newest;
        }
    }

    private final String field;
    private final Duration timeframe;
    private final Number least;
    private final Number most;
    private final int remembered;
    private final KeyMap<Values> keys;

    CardinalityType(Rule rule, JsonNode state) {
        super(rule);
        this.field = String.valueOf(rule.option("cardinality_field"));
        this.timeframe = rule.timeframe();
        this.least = (Number) rule.option("min_cardinality");
        this.most = (Number) rule.option("max_cardinality");
        this.remembered = Math.max(least == null ? 1 : Math.max(1, least.intValue()), most == null ? 1 : most.intValue() + 1);
        this.keys = new KeyMap<>(rule.name(), KeyMap.MOST, Values::newest);
        state.path("keys").properties().forEach(e -> keys.put(e.getKey(), read(e.getValue())));
    }

    static void check(TypeOptions options) throws RuleException {
        options.requiredText("cardinality_field", "is required: the field whose values are counted");
        options.requiredTime("timeframe");
        options.either("max_cardinality", "min_cardinality");
        options.whole("max_cardinality");
        options.whole("min_cardinality");
    }

    private static Values read(JsonNode state) {
        Values values = new Values(JSON.convertValue(state.get(0), Object.class));
        values.first = state.get(1).isNull() ? null : Long.valueOf(state.get(1).longValue());
        values.newest = state.get(2).longValue();
        state.get(3).properties().forEach(seen -> values.seen.put(seen.getKey(), seen.getValue().longValue()));
        return values;
    }

    @Override
    public void addDocuments(List<Event> events) {
        for (Event event : events) {
            add(event);
        }
        keys.bound();
    }

    private void add(Event event) {
        Object key = rule.queryKey() == null ? null : KeyMap.plain(event.field(rule.queryKey()));
        Values values = keys.get(KeyMap.key(rule.queryKey() != null, key), () -> new Values(key));
        long now = EventWindow.micros(event.time());
        values.first = values.first == null ? Long.valueOf(now) : values.first;
        values.newest = Math.max(values.newest, now);
        Object value = event.field(field);
        if (value == null) {
            return;
        }
        // one that comes late does not make it older
        values.seen.merge(Fingerprint.of(KeyValue.of(value)), now, Math::max);
        trim(values);
        if (isOff(values, now)) {
            expire(values, now);
            // while too many and too few are both asked for, what is found here is told twice, as ever
            if (least != null && isOff(values, now)) {
                matched(values, fields(values, event.time()));
            }
            if (isOff(values, now)) {
                matched(values, event.fields());
            }
        }
    }

    private void trim(Values values) {
        if (values.seen.size() > 2 * remembered + 16) {
            long oldest = values.seen.values().stream().sorted(Comparator.reverseOrder()).skip(remembered - 1L).findFirst().orElse(0L);
            values.seen.values().removeIf(time -> time < oldest);
        }
    }

    private boolean isOff(Values values, long now) {
        boolean over = values.first != null && now - values.first > EventWindow.micros(Instant.EPOCH.plus(timeframe));
        return most != null && values.seen.size() > most.intValue() || least != null && values.seen.size() < least.intValue() && over;
    }

    private void expire(Values values, long now) {
        long oldest = EventWindow.micros(EventWindow.instant(now).minus(timeframe));
        values.seen.values().removeIf(time -> time < oldest);
    }

    private void matched(Values values, Map<String, Object> match) {
        values.first = null;
        matched(match);
    }

    private Map<String, Object> fields(Values values, Instant time) {
        Map<String, Object> fields = fields(time);
        if (rule.queryKey() != null) {
            fields.put(rule.queryKey(), values.key);
        }
        return fields;
    }

    @Override
    public void collectGarbage(Instant end) {
        long now = EventWindow.micros(end);
        for (String key : keys.keys()) {
            Values values = keys.get(key);
            expire(values, now);
            if (least != null && isOff(values, now)) {
                matched(values, fields(values, end));
            }
            if (values.seen.isEmpty() && (least == null || values.first == null)) {
                keys.remove(key);
            }
        }
    }

    @Override
    public Set<String> fields() {
        return Set.of(field);
    }

    @Override
    public String matchText(Map<String, Object> match) {
        Instant end = rule.timeOf(match);
        return (most != null ? "A maximum of " + most.longValue() : "Less than " + least.longValue()) + " unique " + field
                + "(s) occurred since last alert or between " + rule.prettyTime(end.minus(timeframe)) + " and " + rule.prettyTime(end)
                + "\n\n";
    }

    @Override
    public JsonNode state() {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        for (String key : keys.keys()) {
            Values values = keys.get(key);
            ArrayNode state = kept.putArray(key).add(JSON.<JsonNode>valueToTree(values.key)).add(values.first).add(values.newest);
            ObjectNode seen = state.addObject();
            values.seen.forEach(seen::put);
        }
        return JsonNodeFactory.instance.objectNode().set("keys", kept);
    }
}
