package serai.watch.type;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import serai.watch.rule.Event;
import serai.watch.rule.KeyValue;
import serai.watch.rule.Rule;
import serai.watch.rule.Timestamps;

/** At least {@code num_events} within {@code timeframe}, for each value of the query key (spec/elastalert.md 1.6). */
public final class FrequencyType implements RuleType {

    private static final String ALL = "all";

    private final Rule rule;
    private final int atLeast;
    private final Duration timeframe;
    private final boolean related;
    private final Map<String, EventWindow> windows = new LinkedHashMap<>();
    private List<Map<String, Object>> matches = new ArrayList<>();

    public FrequencyType(Rule rule, JsonNode state) {
        this.rule = rule;
        this.atLeast = rule.numEvents();
        this.timeframe = rule.timeframe();
        this.related = rule.attachRelated();
        state.path("windows").properties().forEach(e -> windows.put(e.getKey(), EventWindow.of(timeframe, related, e.getValue())));
    }

    @Override
    public void addDocuments(List<Event> events) {
        for (Event event : events) {
            add(rule.queryKey() == null ? ALL : KeyValue.of(event.field(rule.queryKey())), event, 1);
        }
    }

    @Override
    public void addCount(Instant end, long count) {
        add(ALL, new Event(end, fields(end)), count);
    }

    @Override
    public void addTerms(Instant end, Map<Object, Long> buckets) {
        buckets.forEach((value, count) -> {
            Map<String, Object> fields = fields(end);
            fields.put(rule.queryKey(), value);
            add(KeyValue.of(value), new Event(end, fields), count);
        });
    }

    private Map<String, Object> fields(Instant end) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(rule.timestampField(), Timestamps.write(end));
        return fields;
    }

    private void add(String key, Event event, long count) {
        EventWindow window = windows.computeIfAbsent(key, k -> new EventWindow(timeframe, related));
        window.add(event, count);
        if (window.count() >= atLeast) {
            windows.remove(key);
            matches.add(window.match());
        }
    }

    @Override
    public void collectGarbage(Instant end) {
        windows.values().removeIf(window -> Duration.between(window.newest(), end).compareTo(timeframe) > 0);
    }

    @Override
    public List<Map<String, Object>> takeMatches() {
        List<Map<String, Object>> taken = matches;
        matches = new ArrayList<>();
        return taken;
    }

    @Override
    public String matchText(Map<String, Object> match) {
        Instant end = rule.timeOf(match);
        return "At least " + atLeast + " events occurred between " + rule.prettyTime(end.minus(timeframe)) + " and "
                + rule.prettyTime(end) + "\n\n";
    }

    @Override
    public JsonNode state() {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        ObjectNode kept = state.putObject("windows");
        windows.forEach((key, window) -> kept.set(key, window.state()));
        return state;
    }
}
