package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import serai.watch.python.Python;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.rule.Timestamps;

/**
 * Finds the moments at which a key's current window is so many times higher or lower than its reference. Since zero is
 * as many times zero as one likes, an empty reference makes a spike of anything, unless thresholds are set
 * (spec/elastalert.md 1.6).
 */
final class Spikes {

    /** Entries of all keys of a rule together; the more keys, the fewer for each. */
    private static final int MOST_ENTRIES = 200_000;

    private final Rule rule;
    private final SpikeSettings settings;
    private final Measure measure;
    private final boolean counted;
    private final Consumer<Map<String, Object>> matches;
    private final KeyMap<SpikeKey> keys;
    private boolean filledOnce;

    /**
     * @param measure what is compared of the windows
     * @param counted whether the thresholds hold, and zero is a number to compare with
     */
    Spikes(Rule rule, JsonNode state, Measure measure, boolean counted, Consumer<Map<String, Object>> matches) {
        this.rule = rule;
        this.settings = new SpikeSettings(rule);
        this.measure = measure;
        this.counted = counted;
        this.matches = matches;
        this.keys = new KeyMap<>(rule.name(), settings.mostKeys(MOST_ENTRIES), SpikeKey::newest);
        this.filledOnce = state.path("filled").asBoolean();
        state.path("keys").properties().forEach(e -> keys.put(e.getKey(), SpikeKey.of(settings, e.getValue())));
    }

    static void check(TypeOptions options) throws RuleException {
        options.requiredOneOf("spike_type", Set.of("up", "down", "both"));
        options.requiredTime("timeframe");
        options.time("reference_offset");
        options.flags("alert_on_new_data");
        options.number("spike_height");
        if (!options.has("spike_height")) {
            throw options.missing("spike_height", "is required: how many times higher or lower, such as 3");
        }
        if (options.rule().fileOptions().value("spike_height") instanceof Number height && height.doubleValue() <= 0) {
            throw options.refused("spike_height", "must be above 0");
        }
        SpikeSettings settings = new SpikeSettings(options.rule());
        if (settings.offset() != null
                && (settings.offset().compareTo(settings.timeframe()) < 0
                        || settings.offset().dividedBy(settings.timeframe()) > 1_000)) {
            throw options.refused("reference_offset", "must be 1 to 1000 times as long as timeframe");
        }
    }

    void addForAll(WindowEntry entry) {
        add(KeyMap.key(false, null), null, entry);
    }

    /** Adds an entry of a value of the query key; null is a value too. */
    void add(Object value, WindowEntry entry) {
        boolean keyed = rule.queryKey() != null;
        add(KeyMap.key(keyed, value), !keyed ? null : value == null ? "other" : KeyMap.plain(value), entry);
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

    /** Of an entry that is no document. */
    private Map<String, Object> fields(Object value, WindowEntry entry) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(rule.timestampField(), Timestamps.write(EventWindow.instant(entry.micros())));
        if (entry.values() == 0) {
            fields.put("placeholder", true);
        }
        if (value != null) {
            fields.put(rule.queryKey(), value);
        }
        return fields;
    }

    /** How a sentence about the reference begins. */
    String before() {
        return settings.offset() == null
                ? "Preceding that time, "
                : Python.str(settings.offset()) + " before that time, ";
    }

    private boolean isSpike(Number reference, Number current) {
        if (reference == null || current == null) {
            return false;
        }
        double ref = reference.doubleValue();
        double cur = current.doubleValue();
        if (counted ? cur < settings.leastCurrent() || ref < settings.leastReference() : ref == 0 || cur == 0) {
            return false;
        }
        if (settings.offset() != null && ref == 0 && cur == 0) {
            // as quiet as it always is at that time
            return false;
        }
        return settings.up() && cur >= ref * settings.height() || settings.down() && cur <= ref / settings.height();
    }

    /**
     * Moves every key's windows on to a time; one of which nothing is left is forgotten, but for the time it was first
     * seen.
     */
    void collectGarbage(Instant end) {
        for (String key : keys.keys()) {
            SpikeKey known = keys.get(key);
            boolean one = known.value() != null;
            if (one && !known.isForgotten() && known.isEmpty()) {
                known.forget();
            } else if (!known.isForgotten()) {
                add(key, known.value(), WindowEntry.empty(end, null));
            }
        }
        keys.bound();
    }

    void bound() {
        keys.bound();
    }

    JsonNode state() {
        ObjectNode state = JsonNodeFactory.instance.objectNode().put("filled", filledOnce);
        ObjectNode kept = state.putObject("keys");
        keys.keys().forEach(key -> kept.set(key, keys.get(key).state()));
        return state;
    }
}
