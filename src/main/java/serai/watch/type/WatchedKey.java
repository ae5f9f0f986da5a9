package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** A key that should go on being heard of: its events of the last timeframe, and since when it is watched. */
final class WatchedKey {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Duration timeframe;
    private final Object value;
    private final EventWindow window;
    private Long since;
    private long heard;

    /** @param value the key as a match shows it */
    WatchedKey(Duration timeframe, Object value) {
        this(timeframe, value, new EventWindow(timeframe, EventWindow.Keep.NEWEST));
    }

    private WatchedKey(Duration timeframe, Object value, EventWindow window) {
        this.timeframe = timeframe;
        this.value = value;
        this.window = window;
    }

    static WatchedKey of(Duration timeframe, JsonNode state) {
        WatchedKey watched = new WatchedKey(
                timeframe,
                JSON.convertValue(state.get(0), Object.class),
                EventWindow.of(timeframe, EventWindow.Keep.NEWEST, state.get(3)));
        watched.since = state.get(1).isNull() ? null : Long.valueOf(state.get(1).longValue());
        watched.heard = state.get(2).longValue();
        return watched;
    }

    JsonNode state() {
        ArrayNode state = JsonNodeFactory.instance.arrayNode().add(JSON.<JsonNode>valueToTree(value));
        return state.add(since).add(heard).add(window.state());
    }

    void add(WindowEntry entry) {
        window.add(entry);
        heard = entry.sum().doubleValue() > 0 ? Math.max(heard, entry.micros()) : heard;
    }

    /** The time has come so far, heard of or not. */
    void time(Instant end, Map<String, Object> fields) {
        add(WindowEntry.of(end, 0L, fields));
        since = since == null ? Long.valueOf(EventWindow.micros(end)) : since;
    }

    /** Whether it is watched for a whole timeframe; the first question begins the watch. */
    boolean isLongEnough() {
        since = since == null ? Long.valueOf(window.newest()) : since;
        return EventWindow.instant(since).plus(timeframe).compareTo(EventWindow.instant(window.newest())) <= 0;
    }

    Object value() {
        return value;
    }

    Number count() {
        return window.count();
    }

    WindowEntry newest() {
        return window.last();
    }

    /** When it was last heard of. */
    long heard() {
        return heard;
    }
}
