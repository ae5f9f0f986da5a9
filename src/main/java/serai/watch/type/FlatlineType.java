package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.watch.rule.Event;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * flatline: fewer than {@code threshold} events within {@code timeframe}. Keys are watched after their first event;
 * those in {@code expected_keys}, which is not an option of ElastAlert, from the first run on.
 */
final class FlatlineType extends AbstractRuleType {

    private final double threshold;
    private final Duration timeframe;
    private final boolean forgets;
    private final List<?> expected;
    private final boolean keyed;
    private final KeyMap<WatchedKey> keys;

    FlatlineType(Rule rule, JsonNode state) {
        super(rule);
        this.threshold = TypeOptions.of(rule).number("threshold", 0).doubleValue();
        this.timeframe = rule.timeframe();
        this.forgets = rule.flag("forget_keys", false);
        this.expected = rule.option("expected_keys") instanceof List<?> list ? list : List.of();
        // a count is of all documents together
        this.keyed = rule.queryKey() != null && rule.mode() != Rule.Mode.COUNT;
        this.keys = new KeyMap<>(rule.name(), KeyMap.MOST, WatchedKey::lastEvent);
        state.path("keys").properties().forEach(e -> keys.put(e.getKey(), WatchedKey.of(timeframe, e.getValue())));
    }

    static void check(TypeOptions options) throws RuleException {
        options.requiredWhole("threshold");
        options.requiredTime("timeframe");
        options.flags("forget_keys", "use_count_query", "use_terms_query");
        if (!options.has("expected_keys")) {
            return;
        }
        if (!(options.value("expected_keys") instanceof List<?> list)
                || list.stream().anyMatch(value -> value instanceof List || value instanceof Map)) {
            throw options.refused("expected_keys", "must be a list of values of query_key, such as [web-1, web-2]");
        }
        if (options.rule().queryKey() == null || options.rule().mode() == Rule.Mode.COUNT) {
            throw options.refused(
                    "expected_keys", "needs query_key, the field that holds these values, and no use_count_query");
        }
    }

    @Override
    public void addDocuments(List<Event> events) {
        Object last = null;
        for (Event event : events) {
            last = rule.queryKey() == null ? "all" : event.field(rule.queryKey());
            add(last, WindowEntry.of(event.time(), 1L, event.fields()));
        }
        // as in ElastAlert, only the key of the last event; the others are checked at the end of the time range
        if (!events.isEmpty()) {
            check(last);
        }
        keys.bound();
    }

    @Override
    public void addCount(Instant end, long count) {
        keys.get(KeyMap.key(false, null), () -> new WatchedKey(timeframe, "all"))
                .add(WindowEntry.of(end, count, fields(end)));
        check("all");
    }

    @Override
    public void addTerms(Instant end, Map<Object, Long> buckets) {
        buckets.forEach((value, count) -> {
            Map<String, Object> fields = fields(end);
            fields.put(rule.queryKey(), value);
            add(value, WindowEntry.of(end, count, fields));
            check(value);
        });
        keys.bound();
    }

    private void add(Object value, WindowEntry entry) {
        keys.get(KeyMap.key(keyed, value), () -> new WatchedKey(timeframe, KeyMap.shown(value)))
                .add(entry);
    }

    private void check(Object value) {
        check(KeyMap.key(keyed, value), KeyMap.shown(value));
    }

    /** @param value the key as the match shows it: of values that are one key, the latest */
    private void check(String key, Object value) {
        WatchedKey watched = keys.get(key);
        if (!watched.isLongEnough() || watched.count().doubleValue() >= threshold) {
            return;
        }
        Map<String, Object> match = new LinkedHashMap<>(watched.newest().fields());
        match.put("key", value);
        match.put("count", watched.count());
        match.put("threshold", rule.option("threshold"));
        matched(match);
        if (forgets) {
            keys.remove(key);
        }
    }

    /** Time has passed for every key, with or without events. */
    @Override
    public void collectGarbage(Instant end) {
        if (rule.queryKey() == null) {
            keys.get(KeyMap.key(false, null), () -> new WatchedKey(timeframe, "all"));
        }
        expected.forEach(value -> keys.get(KeyMap.key(true, value), () -> new WatchedKey(timeframe, value)));
        for (String key : keys.keys()) {
            keys.get(key).addTime(end, fields(end));
            check(key, keys.get(key).value());
        }
    }

    @Override
    public String matchText(Map<String, Object> match) {
        Instant time = rule.timeOf(match);
        return "An abnormally low number of events occurred around " + rule.prettyTime(time) + ".\nBetween "
                + rule.prettyTime(time.minus(timeframe)) + " and " + rule.prettyTime(time) + ", there were less than "
                + rule.option("threshold") + " events.\n\n";
    }

    @Override
    public JsonNode state() {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        ObjectNode states = state.putObject("keys");
        keys.keys().forEach(key -> states.set(key, keys.get(key).state()));
        return state;
    }
}
