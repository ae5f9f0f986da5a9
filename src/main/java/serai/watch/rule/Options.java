package serai.watch.rule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.watch.python.Python;

/**
 * A rule's options as the file and the defaults give them, read by kind; a value of the wrong kind is refused with its
 * line.
 */
public final class Options {

    private static final Map<String, Double> UNIT_SECONDS = Map.of(
            "weeks", 604_800d, "days", 86_400d, "hours", 3_600d, "minutes", 60d, "seconds", 1d, "milliseconds", 0.001);
    /** What is meant by such a time is "for ever"; more would not fit where times are counted in nanoseconds. */
    private static final double LONGEST_SECONDS = 250 * 365 * 86_400d;

    private final Map<String, Object> values;
    private final Map<String, Integer> lines;
    private final Map<String, String> origins;

    public Options(Map<String, Object> values, Map<String, Integer> lines) {
        this(values, lines, Map.of());
    }

    private Options(Map<String, Object> values, Map<String, Integer> lines, Map<String, String> origins) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        this.lines = Map.copyOf(lines);
        this.origins = Map.copyOf(origins);
    }

    /**
     * These options, with others where these say nothing; {@code $option$} as a whole text is replaced by that option.
     */
    public Options over(Map<String, Object> defaults) {
        return over(new Options(defaults, Map.of()), null, null).resolved();
    }

    /**
     * These options, with those of another file where these say nothing.
     *
     * @param file the other file, for messages about its options; or null
     * @param at the line in this file that refers to the other, or null
     */
    public Options over(Options others, String file, Integer at) {
        Map<String, Object> merged = new LinkedHashMap<>(others.values);
        merged.putAll(values);
        Map<String, Integer> places = new LinkedHashMap<>(lines);
        Map<String, String> from = new LinkedHashMap<>(others.origins);
        from.keySet().removeAll(values.keySet());
        from.putAll(origins);
        for (String option : others.values.keySet()) {
            if (!values.containsKey(option)) {
                if (file != null && others.lines.containsKey(option)) {
                    from.putIfAbsent(option, file + ", line " + others.lines.get(option));
                }
                if (at != null) {
                    places.put(option, at);
                }
            }
        }
        return new Options(merged, places, from);
    }

    private Options resolved() {
        return new Options(OptionReferences.resolved(values), lines, origins);
    }

    /** The same lines with other values. */
    public Options with(Map<String, Object> others) {
        return new Options(others, lines, origins);
    }

    /** These options with others in the place of some, which all stand where one option of these stands. */
    Options overridden(Map<String, Object> others, String where) {
        Map<String, Object> merged = new LinkedHashMap<>(values);
        merged.putAll(others);
        Map<String, Integer> places = new LinkedHashMap<>(lines);
        if (lines.containsKey(where)) {
            others.keySet().forEach(name -> places.put(name, lines.get(where)));
        }
        Map<String, String> from = new LinkedHashMap<>(origins);
        others.keySet().forEach(name -> from.merge(name, origins.getOrDefault(where, ""), (old, now) -> now));
        from.values().removeIf(String::isEmpty);
        return new Options(merged, places, from);
    }

    public Map<String, Object> values() {
        return values;
    }

    public Object value(String name) {
        return values.get(name);
    }

    public boolean has(String name) {
        return values.get(name) != null;
    }

    public Integer line(String name) {
        return lines.get(name);
    }

    /** That an option is wrong, with its line, and with the file where it stands when that is another one. */
    public RuleException refused(String name, String reason) {
        String origin = origins.get(name);
        return new RuleException(line(name), name, origin == null ? reason : reason + " (it stands in " + origin + ")");
    }

    /** The same of an option that may be missing: it then is the file's first line that is wrong. */
    private RuleException refusedOrMissing(String name, String reason) {
        return values.containsKey(name) ? refused(name, reason) : new RuleException(1, name, reason);
    }

    public String requiredText(String name, String mend) throws RuleException {
        if (!has(name) || text(name, "").isBlank()) {
            throw refusedOrMissing(name, mend);
        }
        return text(name, null);
    }

    public String text(String name, String otherwise) throws RuleException {
        Object value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Map || value instanceof List) {
            throw refused(name, "must be a text");
        }
        return Python.str(value);
    }

    public String oneOf(String name, Set<String> allowed, String otherwise) throws RuleException {
        String text = text(name, otherwise);
        if (text != null && !allowed.contains(text)) {
            throw refused(
                    name,
                    "must be one of "
                            + String.join(", ", allowed.stream().sorted().toList()));
        }
        return text;
    }

    public boolean flag(String name, boolean otherwise) throws RuleException {
        Object value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw refused(name, "must be true or false");
    }

    /** An integer from 0; {@code 5.0} counts as one. */
    public int whole(String name, Integer otherwise) throws RuleException {
        Object value = values.get(name);
        if (value == null && otherwise != null) {
            return otherwise;
        }
        if (value instanceof Number n
                && n.doubleValue() == Math.rint(n.doubleValue())
                && n.doubleValue() >= 0
                && n.doubleValue() <= Integer.MAX_VALUE) {
            return n.intValue();
        }
        throw refusedOrMissing(name, "must be given as a whole number from 0");
    }

    /**
     * Time from a map of units, summed: {@code minutes: 5}. More than 250 years are 250 years; a time may be negative.
     */
    public Duration time(String name, Duration otherwise) throws RuleException {
        Object value = values.get(name);
        if (value == null && otherwise != null) {
            return otherwise;
        }
        if (!(value instanceof Map<?, ?> units)) {
            throw refusedOrMissing(name, "must be given as a time such as 'minutes: 5'");
        }
        double seconds = 0;
        for (Map.Entry<?, ?> unit : units.entrySet()) {
            Double factor = UNIT_SECONDS.get(String.valueOf(unit.getKey()));
            if (factor == null || !(unit.getValue() instanceof Number count) || !Double.isFinite(count.doubleValue())) {
                throw refused(
                        name,
                        "a time is a number of weeks, days, hours, minutes, seconds or milliseconds, such as 'minutes: 5'");
            }
            seconds += factor * count.doubleValue();
        }
        double bounded = Math.max(-LONGEST_SECONDS, Math.min(LONGEST_SECONDS, seconds));
        return Duration.ofNanos(Math.round(bounded * 1_000_000) * 1_000);
    }

    /** A list; null when the option is not given. */
    public List<?> list(String name) throws RuleException {
        Object value = values.get(name);
        if (value != null && !(value instanceof List)) {
            throw refused(name, "must be a list");
        }
        return (List<?>) value;
    }

    /** A text or a list of texts; empty when the option is not given. */
    public List<String> texts(String name) throws RuleException {
        Object value = values.get(name);
        List<String> texts = new ArrayList<>();
        for (Object item : value instanceof List<?> list ? list : value == null ? List.of() : List.of(value)) {
            if (item == null || item instanceof Map || item instanceof List) {
                throw refused(name, "must be a text or a list of texts");
            }
            texts.add(Python.str(item));
        }
        return texts;
    }
}
