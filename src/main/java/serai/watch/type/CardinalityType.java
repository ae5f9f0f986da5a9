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

/** Too many or too few different values of a field within a timeframe (spec/elastalert.md 1.6). */
final class CardinalityType extends MatchCollector {

    private final String field;
    private final Duration timeframe;
    private final long span;
    private final Number least;
    private final Number most;
    private final KeyMap<DistinctValues> keys;

    CardinalityType(Rule rule, JsonNode state) {
        super(rule);
        this.field = String.valueOf(rule.option("cardinality_field"));
        this.timeframe = rule.timeframe();
        this.span = EventWindow.micros(Instant.EPOCH.plus(timeframe));
        this.least = (Number) rule.option("min_cardinality");
        this.most = (Number) rule.option("max_cardinality");
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
        Object key = rule.queryKey() == null ? null : KeyMap.plain(event.field(rule.queryKey()));
        DistinctValues values = keys.get(KeyMap.key(rule.queryKey() != null, key), () -> new DistinctValues(key));
        long now = EventWindow.micros(event.time());
        values.heard(now);
        Object value = event.field(field);
        if (value == null) {
            return;
        }
        values.add(
                EqualityKey.of(value),
                now,
                Math.max(least == null ? 1 : least.intValue(), most == null ? 1 : most.intValue() + 1));
        if (!isOff(values, now)) {
            return;
        }
        if (least == null) {
            values.expire(now, span);
        } else {
            // what is too few is looked at for every key, as ever; with a maximum beside it, one event may be told
            // twice
            lookAtAll(event.time());
        }
        if (isOff(values, now)) {
            matched(values, event.fields());
        }
    }

    private boolean isOff(DistinctValues values, long now) {
        return most != null && values.count() > most.intValue()
                || least != null && values.count() < least.intValue() && values.isKnownLongerThan(span, now);
    }

    private void matched(DistinctValues values, Map<String, Object> match) {
        values.startAnew();
        matched(match);
    }

    private Map<String, Object> fields(DistinctValues values, Instant time) {
        Map<String, Object> fields = fields(time);
        if (rule.queryKey() != null) {
            fields.put(rule.queryKey(), values.key());
        }
        return fields;
    }

    private void lookAtAll(Instant time) {
        long now = EventWindow.micros(time);
        for (DistinctValues values : keys.values()) {
            values.expire(now, span);
            if (least != null && isOff(values, now)) {
                matched(values, fields(values, time));
            }
        }
    }

    @Override
    public void collectGarbage(Instant end) {
        lookAtAll(end);
        if (least == null) {
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
        return (most != null ? "A maximum of " + most.longValue() : "Less than " + least.longValue()) + " unique "
                + field
                + "(s) occurred since last alert or between " + rule.prettyTime(end.minus(timeframe)) + " and "
                + rule.prettyTime(end)
                + "\n\n";
    }

    @Override
    public JsonNode state() {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        keys.keys().forEach(key -> kept.set(key, keys.get(key).state()));
        return JsonNodeFactory.instance.objectNode().set("keys", kept);
    }
}
