package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A key that should have events: those of the last timeframe, and since when it is watched. Times are microseconds
 * since 1970.
 */
final class WatchedKey {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Duration timeframe;
    private final Object value;
    private final EventWindow window;
    private Long since;
    private long lastEvent;

    /** @param value the key as a match shows it */
    WatchedKey(Duration timeframe, Object value) {
        this(timeframe, value, new EventWindow(timeframe, EventWindow.Keep.NEWEST));
    }

    private WatchedKey(Duration timeframe, Object value, EventWindow window) {
        this.timeframe = timeframe;
        this.value = value;
        this.window = window;
    }

    /** @param state as {@link #state} returned it */
    static WatchedKey of(Duration timeframe, JsonNode state) {
        WatchedKey watched = new WatchedKey(
                timeframe,
                JSON.convertValue(state.get(0), Object.class),
                EventWindow.of(timeframe, EventWindow.Keep.NEWEST, state.get(3)));
        watched.since = JSON.convertValue(state.get(1), Long.class);
        watched.lastEvent = state.get(2).longValue();
        return watched;
    }

    JsonNode state() {
        ArrayNode state = JsonNodeFactory.instance.arrayNode().add(JSON.<JsonNode>valueToTree(value));
        return state.add(since).add(lastEvent).add(window.state());
    }

    void add(WindowEntry entry) {
        window.add(entry);
        lastEvent = entry.sum().doubleValue() > 0 ? Math.max(lastEvent, entry.micros()) : lastEvent;
    }

    /** Time has passed up to here, with or without events. */
    void addTime(Instant end, Map<String, Object> fields) {
        add(WindowEntry.of(end, 0L, fields));
        since = since == null ? Long.valueOf(Micros.of(end)) : since;
    }

    /** Whether it has been watched for a whole timeframe; the first call starts the watch. */
    boolean isLongEnough() {
        since = since == null ? Long.valueOf(window.newest()) : since;
        return Micros.toInstant(since).plus(timeframe).compareTo(Micros.toInstant(window.newest())) <= 0;
    }

    Object value() {
        return value;
    }

    Number count() {
        return window.sum();
    }

    WindowEntry newest() {
        return window.last();
    }

    /** The time of its last event; 0 when there was none. */
    long lastEvent() {
        return lastEvent;
    }
}
