package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.watch.rule.Event;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/** frequency: at least {@code num_events} within {@code timeframe}, for each value of the query key. */
final class FrequencyType extends AbstractRuleType {

    private final int minEvents;
    private final Duration timeframe;
    private final boolean related;
    private final KeyMap<EventWindow> windows;

    FrequencyType(Rule rule, JsonNode state) {
        super(rule);
        this.minEvents = rule.whole("num_events", 0);
        this.timeframe = rule.timeframe();
        this.related = rule.flag("attach_related", false);
        this.windows = new KeyMap<>(rule.name(), KeyMap.MOST, EventWindow::newest);
        state.path("windows")
                .properties()
                .forEach(e -> windows.put(e.getKey(), limited(EventWindow.of(timeframe, keep(), e.getValue()))));
    }

    static void check(TypeOptions options) throws RuleException {
        options.requiredWhole("num_events");
        options.requiredTime("timeframe");
        options.flags("attach_related", "use_count_query", "use_terms_query");
    }

    private EventWindow.Keep keep() {
        return related ? EventWindow.Keep.ALL : EventWindow.Keep.NEWEST;
    }

    /** Events that a match will list must not be merged. */
    private EventWindow limited(EventWindow window) {
        return related ? window.limit(Math.max(EventWindow.MOST, minEvents)) : window;
    }

    @Override
    public void addDocuments(List<Event> events) {
        boolean keyed = rule.queryKey() != null;
        for (Event event : events) {
            add(
                    KeyMap.key(keyed, keyed ? event.field(rule.queryKey()) : null),
                    WindowEntry.of(event.time(), 1L, event.fields()));
        }
        windows.bound();
    }

    @Override
    public void addCount(Instant end, long count) {
        add(KeyMap.key(false, null), WindowEntry.of(end, count, fields(end)));
    }

    @Override
    public void addTerms(Instant end, Map<Object, Long> buckets) {
        buckets.forEach((value, count) -> {
            Map<String, Object> fields = fields(end);
            fields.put(rule.queryKey(), value);
            add(KeyMap.key(true, value), WindowEntry.of(end, count, fields));
        });
        windows.bound();
    }

    private void add(String key, WindowEntry entry) {
        EventWindow window = windows.get(key, () -> limited(new EventWindow(timeframe, keep())));
        window.add(entry);
        if (window.sum().longValue() >= minEvents) {
            windows.remove(key);
            Map<String, Object> match = new LinkedHashMap<>(window.last().fields());
            if (related) {
                List<WindowEntry> others =
                        window.entries().subList(0, window.entries().size() - 1);
                match.put(
                        "related_events",
                        others.stream().map(WindowEntry::fields).toList());
            }
            matched(match);
        }
    }

    @Override
    public void collectGarbage(Instant end) {
        long oldest = Micros.of(end.minus(timeframe));
        windows.values().removeIf(window -> window.newest() < oldest);
    }

    @Override
    public Set<String> fields() {
        return related ? Set.of("*") : Set.of();
    }

    @Override
    public String matchText(Map<String, Object> match) {
        Instant end = rule.timeOf(match);
        return "At least " + minEvents + " events occurred between " + rule.prettyTime(end.minus(timeframe)) + " and "
                + rule.prettyTime(end) + "\n\n";
    }

    @Override
    public JsonNode state() {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        ObjectNode states = state.putObject("windows");
        windows.keys().forEach(key -> states.set(key, windows.get(key).state()));
        return state;
    }
}
