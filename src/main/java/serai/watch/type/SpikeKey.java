package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.List;

/**
 * The two windows of one value of the query key. Without {@code reference_offset} the reference window holds what left
 * the current one; with it, everything back to the offset. Times are microseconds since 1970.
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

    /** @param value the value as a match shows it; null when the rule has no query key */
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

    /** @param state as {@link #state} returned it */
    static SpikeKey of(SpikeSettings settings, JsonNode state) {
        SpikeKey key = new SpikeKey(
                settings,
                JSON.convertValue(state.get(0), Object.class),
                EventWindow.of(settings.timeframe(), EventWindow.Keep.SOME, state.get(5)),
                EventWindow.of(settings.reach(), EventWindow.Keep.NONE, state.get(6)));
        key.first = JSON.convertValue(state.get(1), Long.class);
        key.silentUntil = JSON.convertValue(state.get(2), Long.class);
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

    /** Of values that are one key, matches show this one from now on. */
    SpikeKey as(Object newValue) {
        value = newValue;
        return this;
    }

    /** The time of its latest event. */
    long newest() {
        return newest;
    }

    /** @param most the entries that each window may have */
    void add(WindowEntry entry, int most) {
        forgotten = false;
        first = first == null ? Long.valueOf(entry.micros()) : first;
        newest = entry.values() > 0 ? Math.max(newest, entry.micros()) : newest;
        List<WindowEntry> left = current.limit(settings.currentEntries(most)).add(entry);
        reference.limit(settings.referenceEntries(most));
        if (settings.offset() == null) {
            left.forEach(old -> reference.add(old.withoutFields()));
        } else {
            reference.add(entry.withoutFields());
        }
    }

    /** Whether its first event is so old that both windows are complete. */
    boolean isFilled(long now) {
        Duration current = settings.offset() == null ? settings.timeframe() : Duration.ZERO;
        return now - first >= Micros.of(settings.reach().plus(current));
    }

    boolean isSilent(long now) {
        return silentUntil != null && now < silentUntil;
    }

    /** Whether both windows count nothing. */
    boolean isEmpty() {
        return current.sum().doubleValue() == 0 && reference.sum().doubleValue() == 0;
    }

    boolean isForgotten() {
        return forgotten;
    }

    /** Empties both windows; the time of the first event stays. */
    void forget() {
        current.clear();
        reference.clear();
        forgotten = true;
    }

    Number current(Measure measure) {
        return current.measure(measure);
    }

    Number reference(Measure measure, long now) {
        if (settings.offset() == null) {
            return reference.measure(measure);
        }
        long end = now - Micros.of(settings.offset());
        return measure.of(reference.between(end - Micros.of(settings.timeframe()), end));
    }

    /**
     * The oldest entry of the current window that counts something, or the newest when none does. After very many
     * events it may be a slightly later one, whose fields are still known.
     *
     * @param counted whether an entry of zero counts nothing; else it is a value like others
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
     * After a match: there is no other before both windows are filled with later events. With an offset the reference
     * is kept.
     */
    void reset(long match, long now) {
        if (settings.offset() == null) {
            reference.clear();
            first = null;
            silentUntil = match + 2 * Micros.of(settings.timeframe());
        } else {
            silentUntil = now + Micros.of(settings.timeframe());
        }
    }
}
