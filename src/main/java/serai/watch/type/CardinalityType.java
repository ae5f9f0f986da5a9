package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.watch.python.EqualityKey;
import serai.watch.rule.Event;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/** cardinality: too many or too few different values of a field within a timeframe. */
final class CardinalityType extends AbstractRuleType {

    private final String field;
    private final Duration timeframe;
    private final long span;
    private final Number min;
    private final Number max;
    private final KeyMap<DistinctValues> keys;

    CardinalityType(Rule rule, JsonNode state) {
        super(rule);
        this.field = String.valueOf(rule.option("cardinality_field"));
        this.timeframe = rule.timeframe();
        this.span = Micros.of(timeframe);
        this.min = (Number) rule.option("min_cardinality");
        this.max = (Number) rule.option("max_cardinality");
        this.keys = new KeyMap<>(rule.name(), KeyMap.MOST, DistinctValues::newest);
        state.path("keys").properties().forEach(e -> keys.put(e.getKey(), DistinctValues.of(e.getValue())));
    }

    static void check(TypeOptions options) throws RuleException {
        options.requiredText("cardinality_field", "is required: the field whose values are counted");
        options.anyTime("timeframe");
        if (!options.has("timeframe")) {
            throw options.missing("timeframe", "is required: a time such as 'minutes: 5'");
        }
        options.either("max_cardinality", "min_cardinality");
        options.whole("max_cardinality");
        options.whole("min_cardinality");
    }

    @Override
    public void addDocuments(List<Event> events) {
        for (Event event : events) {
            add(event);
        }
        keys.bound();
    }

    private void add(Event event) {
        Object key = rule.queryKey() == null ? null : KeyMap.shown(event.field(rule.queryKey()));
        DistinctValues values = keys.get(KeyMap.key(rule.queryKey() != null, key), () -> new DistinctValues(key));
        long now = Micros.of(event.time());
        values.addEvent(now);
        Object value = event.field(field);
        if (value == null) {
            return;
        }
        values.add(
                EqualityKey.of(value),
                now,
                Math.max(min == null ? 1 : min.intValue(), max == null ? 1 : max.intValue() + 1));
        if (!isBeyondBounds(values, now)) {
            return;
        }
        if (min == null) {
            values.expire(now, span);
        } else {
            // as in ElastAlert, all keys are checked for too few values; with a maximum too, one event may match twice
            checkAll(event.time());
        }
        if (isBeyondBounds(values, now)) {
            matched(values, event.fields());
        }
    }

    private boolean isBeyondBounds(DistinctValues values, long now) {
        return max != null && values.count() > max.intValue()
                || min != null && values.count() < min.intValue() && values.isKnownLongerThan(span, now);
    }

    private void matched(DistinctValues values, Map<String, Object> match) {
        values.restart();
        matched(match);
    }

    private Map<String, Object> fields(DistinctValues values, Instant time) {
        Map<String, Object> fields = fields(time);
        if (rule.queryKey() != null) {
            fields.put(rule.queryKey(), values.key());
        }
        return fields;
    }

    private void checkAll(Instant time) {
        long now = Micros.of(time);
        for (DistinctValues values : keys.values()) {
            values.expire(now, span);
            if (min != null && isBeyondBounds(values, now)) {
                matched(values, fields(values, time));
            }
        }
    }

    @Override
    public void collectGarbage(Instant end) {
        checkAll(end);
        if (min == null) {
            keys.values().removeIf(values -> values.count() == 0);
        }
    }

    @Override
    public Set<String> fields() {
        return Set.of(field);
    }

    @Override
    public String matchText(Map<String, Object> match) {
        Instant end = rule.timeOf(match);
        return (max != null ? "A maximum of " + max.longValue() : "Less than " + min.longValue()) + " unique "
                + field
                + "(s) occurred since last alert or between " + rule.prettyTime(end.minus(timeframe)) + " and "
                + rule.prettyTime(end)
                + "\n\n";
    }

    @Override
    public JsonNode state() {
        ObjectNode states = JsonNodeFactory.instance.objectNode();
        keys.keys().forEach(key -> states.set(key, keys.get(key).state()));
        return JsonNodeFactory.instance.objectNode().set("keys", states);
    }
}
