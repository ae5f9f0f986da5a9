package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.List;

/**
 * One key's two windows. Without an offset the reference holds what left the current window; with one it holds
 * everything as far back as the offset reaches.
 */
final class SpikeKey {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SpikeSettings settings;
    private Object value;
    private final EventWindow current;
    private final EventWindow reference;
    private Long first;
    private Long silentUntil;
    private long newest;
    private boolean forgotten;

    /** @param value the value as a match shows it; null when there is one key for all */
    SpikeKey(SpikeSettings settings, Object value) {
        this(
                settings,
                value,
                new EventWindow(settings.timeframe(), EventWindow.Keep.SOME),
                new EventWindow(settings.reach(), EventWindow.Keep.NONE));
    }

    private SpikeKey(SpikeSettings settings, Object value, EventWindow current, EventWindow reference) {
        this.settings = settings;
        this.value = value;
        this.current = current;
        this.reference = reference;
    }

    static SpikeKey of(SpikeSettings settings, JsonNode state) {
        SpikeKey key = new SpikeKey(
                settings,
                JSON.convertValue(state.get(0), Object.class),
                EventWindow.of(settings.timeframe(), EventWindow.Keep.SOME, state.get(5)),
                EventWindow.of(settings.reach(), EventWindow.Keep.NONE, state.get(6)));
        key.first = state.get(1).isNull() ? null : Long.valueOf(state.get(1).longValue());
        key.silentUntil =
                state.get(2).isNull() ? null : Long.valueOf(state.get(2).longValue());
        key.newest = state.get(3).longValue();
        key.forgotten = state.get(4).booleanValue();
        return key;
    }

    JsonNode state() {
        ArrayNode state = JsonNodeFactory.instance.arrayNode().add(JSON.<JsonNode>valueToTree(value));
        return state.add(first)
                .add(silentUntil)
                .add(newest)
                .add(forgotten)
                .add(current.state())
                .add(reference.state());
    }

    Object value() {
        return value;
    }

    /** Of values that are one key, it now goes by this one. */
    SpikeKey as(Object name) {
        value = name;
        return this;
    }

    /** When it was last heard of. */
    long newest() {
        return newest;
    }

    /** @param share the entries that each window may have */
    void add(WindowEntry entry, int share) {
        forgotten = false;
        first = first == null ? Long.valueOf(entry.micros()) : first;
        newest = entry.values() > 0 ? Math.max(newest, entry.micros()) : newest;
        List<WindowEntry> left = current.limit(settings.currentEntries(share)).add(entry);
        reference.limit(settings.referenceEntries(share));
        if (settings.offset() == null) {
            left.forEach(old -> reference.add(old.bare()));
        } else {
            reference.add(entry.bare());
        }
    }

    /** Whether it is known for as long as both windows reach. */
    boolean isFilled(long now) {
        return now - first
                >= micros(settings.reach().plus(settings.offset() == null ? settings.timeframe() : Duration.ZERO));
    }

    boolean isSilent(long now) {
        return silentUntil != null && now < silentUntil;
    }

    boolean isEmpty() {
        return current.count().doubleValue() == 0 && reference.count().doubleValue() == 0;
    }

    boolean isForgotten() {
        return forgotten;
    }

    void forget() {
        current.clear();
        reference.clear();
        forgotten = true;
    }

    Number current(Measure measure) {
        return measure.of(current);
    }

    Number reference(Measure measure, long now) {
        if (settings.offset() == null) {
            return measure.of(reference);
        }
        long end = now - micros(settings.offset());
        return measure.of(reference.between(end - micros(settings.timeframe()), end));
    }

    /**
     * The oldest entry of the current window that counts something, or the newest when none does. When very many events
     * came, it may be one that is a little later, of which more is known than its time.
     *
     * @param counted whether an entry of zero counts nothing, or is a value like others
     */
    WindowEntry oldest(boolean counted) {
        List<WindowEntry> counting = current.entries().stream()
                .filter(entry -> counted ? entry.sum().doubleValue() != 0 : entry.values() > 0)
                .toList();
        return counting.stream()
                .filter(entry -> entry.fields() != null)
                .findFirst()
                .orElseGet(() -> counting.isEmpty() ? current.last() : counting.get(0));
    }

    /**
     * After a match: no other until both windows are full of what comes now. With an offset the past stays what it was.
     */
    void reset(long match, long now) {
        if (settings.offset() == null) {
            reference.clear();
            first = null;
            silentUntil = match + 2 * micros(settings.timeframe());
        } else {
            silentUntil = now + micros(settings.timeframe());
        }
    }

    private static long micros(Duration time) {
        return EventWindow.micros(EventWindow.instant(0).plus(time));
    }
}
