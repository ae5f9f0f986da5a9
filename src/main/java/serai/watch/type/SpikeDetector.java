package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import serai.watch.python.Python;
import serai.watch.rule.Rule;
import serai.watch.rule.Timestamps;

/**
 * Finds the times at which a key's current window is {@code spike_height} times higher or lower than its reference. As
 * in ElastAlert an empty reference makes a spike of any value, unless thresholds are set.
 */
final class SpikeDetector {

    /** The entries of all keys of a rule together; the more keys, the fewer for each. */
    private static final int MOST_ENTRIES = 200_000;

    private final Rule rule;
    private final SpikeSettings settings;
    private final Measure measure;
    private final boolean counted;
    private final Consumer<Map<String, Object>> matches;
    private final KeyMap<SpikeKey> keys;
    private boolean filledOnce;

    /**
     * @param state as {@link #state} returned it; empty for a new rule
     * @param measure what of the windows is compared
     * @param counted whether thresholds apply, and zero can be compared
     * @param matches takes each match
     */
    SpikeDetector(Rule rule, JsonNode state, Measure measure, boolean counted, Consumer<Map<String, Object>> matches) {
        this.rule = rule;
        this.settings = new SpikeSettings(rule);
        this.measure = measure;
        this.counted = counted;
        this.matches = matches;
        this.keys = new KeyMap<>(rule.name(), settings.mostKeys(MOST_ENTRIES), SpikeKey::newest);
        this.filledOnce = state.path("filled").asBoolean();
        state.path("keys").properties().forEach(e -> keys.put(e.getKey(), SpikeKey.of(settings, e.getValue())));
    }

    /** Adds an entry of all documents together. */
    void addForAll(WindowEntry entry) {
        add(KeyMap.key(false, null), null, entry);
    }

    /** Adds an entry of a value of the query key; null is a value too. */
    void add(Object value, WindowEntry entry) {
        boolean keyed = rule.queryKey() != null;
        add(KeyMap.key(keyed, value), !keyed ? null : value == null ? "other" : KeyMap.shown(value), entry);
    }

    private void add(String key, Object value, WindowEntry entry) {
        SpikeKey known = keys.get(key);
        if (known == null || known.isForgotten()) {
            // a key that comes back is the last in the order of keys
            keys.remove(key);
            known = known == null ? new SpikeKey(settings, value) : known.as(value);
            keys.put(key, known);
        }
        known.add(entry, MOST_ENTRIES / keys.size());
        if (mayMatch(known, entry.micros())) {
            compare(known, entry.micros());
        }
    }

    private boolean mayMatch(SpikeKey key, long now) {
        if (key.isFilled(now)) {
            filledOnce = true;
            return settings.offset() == null || !key.isSilent(now);
        }
        return filledOnce && settings.alertsOnNewData() && !key.isSilent(now);
    }

    private void compare(SpikeKey key, long now) {
        Number reference = key.reference(measure, now);
        Number current = key.current(measure);
        if (!isSpike(reference, current)) {
            return;
        }
        WindowEntry oldest = key.oldest(counted);
        Map<String, Object> match =
                new LinkedHashMap<>(oldest.fields() == null ? fields(key.value(), oldest) : oldest.fields());
        match.put("spike_count", current);
        match.put("reference_count", reference);
        matches.accept(match);
        key.reset(oldest.micros(), now);
    }

    /** The fields of a match that is made of an entry which is not a document. */
    private Map<String, Object> fields(Object value, WindowEntry entry) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(rule.timestampField(), Timestamps.write(Micros.toInstant(entry.micros())));
        if (entry.values() == 0) {
            fields.put("placeholder", true);
        }
        if (value != null) {
            fields.put(rule.queryKey(), value);
        }
        return fields;
    }

    private boolean isSpike(Number reference, Number current) {
        if (reference == null || current == null) {
            return false;
        }
        double ref = reference.doubleValue();
        double cur = current.doubleValue();
        if (counted ? cur < settings.minCurrent() || ref < settings.minReference() : ref == 0 || cur == 0) {
            return false;
        }
        if (settings.offset() != null && ref == 0 && cur == 0) {
            // nothing now, and nothing at the time of the reference
            return false;
        }
        return settings.up() && cur >= ref * settings.height() || settings.down() && cur <= ref / settings.height();
    }

    /** Moves the windows of every key on to a time. Keys with nothing left are forgotten, except their first time. */
    void collectGarbage(Instant end) {
        for (String key : keys.keys()) {
            SpikeKey known = keys.get(key);
            if (known.value() != null && !known.isForgotten() && known.isEmpty()) {
                known.forget();
            } else if (!known.isForgotten()) {
                add(key, known.value(), WindowEntry.empty(end, null));
            }
        }
        keys.bound();
    }

    /** Forgets keys when there are too many. */
    void bound() {
        keys.bound();
    }

    /** The beginning of a sentence about the reference. */
    String referenceText() {
        return settings.offset() == null
                ? "Preceding that time, "
                : Python.str(settings.offset()) + " before that time, ";
    }

    JsonNode state() {
        ObjectNode state = JsonNodeFactory.instance.objectNode().put("filled", filledOnce);
        ObjectNode states = state.putObject("keys");
        keys.keys().forEach(key -> states.set(key, keys.get(key).state()));
        return state;
    }
}
