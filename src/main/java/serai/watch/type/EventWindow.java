package serai.watch.type;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import serai.watch.rule.Event;

/**
 * Events in the order of time that span less than a timeframe. Of the documents only the newest is kept, since a match is the newest
 * event; the others only when they are asked for.
 */
public final class EventWindow {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() { };

    /** One event or one count; its fields are null where they are not needed. */
    private record Entry(long micros, long count, Map<String, Object> fields) {
        Entry bare() {
            return new Entry(micros, count, null);
        }
    }

    private final long span;
    private final boolean related;
    private final ArrayList<Entry> entries = new ArrayList<>();
    private long count;

    public EventWindow(Duration timeframe, boolean related) {
        this.span = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.EPOCH.plus(timeframe));
        this.related = related;
    }

    public static EventWindow of(Duration timeframe, boolean related, JsonNode state) {
        EventWindow window = new EventWindow(timeframe, related);
        for (JsonNode e : state) {
            Map<String, Object> fields = e.has(2) ? JSON.convertValue(e.get(2), FIELDS) : null;
            window.insert(new Entry(e.get(0).longValue(), e.get(1).longValue(), fields));
        }
        return window;
    }

    /** Inserts at the event's time, after its equals, and lets go of what is a whole timeframe older than the newest. */
    public void add(Event event, long events) {
        insert(new Entry(ChronoUnit.MICROS.between(Instant.EPOCH, event.time()), events, event.fields()));
        int evicted = 0;
        while (last().micros - entries.get(evicted).micros >= span && evicted < entries.size() - 1) {
            count -= entries.get(evicted++).count;
        }
        entries.subList(0, evicted).clear();
    }

    private void insert(Entry entry) {
        int at = entries.size();
        while (at > 0 && entries.get(at - 1).micros > entry.micros) {
            at--;
        }
        if (!related && at == entries.size() && at > 0) {
            entries.set(at - 1, last().bare());
        }
        entries.add(at, at < entries.size() && !related ? entry.bare() : entry);
        count += entry.count;
    }

    private Entry last() {
        return entries.get(entries.size() - 1);
    }

    public long count() {
        return count;
    }

    public Instant newest() {
        return Instant.EPOCH.plus(last().micros, ChronoUnit.MICROS);
    }

    /** The newest event by time, with the others as {@code related_events} when they are kept. */
    public Map<String, Object> match() {
        Map<String, Object> match = new LinkedHashMap<>(last().fields);
        if (related) {
            match.put("related_events", entries.subList(0, entries.size() - 1).stream().map(Entry::fields).toList());
        }
        return match;
    }

    public ArrayNode state() {
        ArrayNode state = JsonNodeFactory.instance.arrayNode();
        for (Entry e : entries) {
            ArrayNode kept = state.addArray().add(e.micros).add(e.count);
            if (e.fields != null) {
                kept.add(JSON.<ObjectNode>valueToTree(e.fields));
            }
        }
        return state;
    }
}
