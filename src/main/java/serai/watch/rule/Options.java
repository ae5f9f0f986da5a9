package serai.watch.rule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A rule's options as the file and the defaults give them, read by kind; a value of the wrong kind is refused with its line. */
public final class Options {

    private static final Pattern REFERENCE = Pattern.compile("\\$(.+)\\$");
    private static final Map<String, Double> UNIT_SECONDS = Map.of("weeks", 604_800d, "days", 86_400d, "hours", 3_600d,
            "minutes", 60d, "seconds", 1d, "milliseconds", 0.001, "microseconds", 0.000_001);

    private final Map<String, Object> values;
    private final Map<String, Integer> lines;

    public Options(Map<String, Object> values, Map<String, Integer> lines) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        this.lines = Map.copyOf(lines);
    }

    /** These options, with others where these say nothing; {@code $option$} as a whole text is replaced by that option. */
    public Options over(Map<String, Object> defaults) {
        Map<String, Object> merged = new LinkedHashMap<>(defaults);
        merged.putAll(values);
        Map<String, Object> resolved = new LinkedHashMap<>();
        merged.forEach((key, value) -> resolved.put(key, resolve(value, merged)));
        return new Options(resolved, lines);
    }

    private static Object resolve(Object value, Map<String, Object> options) {
        if (value instanceof String text) {
            Matcher reference = REFERENCE.matcher(text);
            return reference.matches() ? options.getOrDefault(reference.group(1), text) : text;
        }
        if (value instanceof List<?> list) {
            List<Object> resolved = new ArrayList<>();
            list.forEach(v -> resolved.add(resolve(v, options)));
            return resolved;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> resolved = new LinkedHashMap<>();
            map.forEach((k, v) -> resolved.put(k, resolve(v, options)));
            return resolved;
        }
        return value;
    }

    /** The same lines with other values. */
    public Options with(Map<String, Object> others) {
        return new Options(others, lines);
    }

    /** These options with others in the place of some, which all stand where one option of these stands. */
    Options overridden(Map<String, Object> others, String where) {
        Map<String, Object> merged = new LinkedHashMap<>(values);
        merged.putAll(others);
        Map<String, Integer> places = new LinkedHashMap<>(lines);
        if (lines.containsKey(where)) {
            others.keySet().forEach(name -> places.put(name, lines.get(where)));
        }
        return new Options(merged, places);
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

    public RuleException refused(String name, String reason) {
        return new RuleException(line(name), name, reason);
    }

    public String requiredText(String name, String mend) throws RuleException {
        if (!has(name) || text(name, "").isBlank()) {
            throw new RuleException(lines.getOrDefault(name, 1), name, mend);
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
            throw refused(name, "must be one of " + String.join(", ", allowed.stream().sorted().toList()));
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
        if (value instanceof Number n && n.doubleValue() == Math.rint(n.doubleValue()) && n.doubleValue() >= 0
                && n.doubleValue() <= Integer.MAX_VALUE) {
            return n.intValue();
        }
        throw new RuleException(lines.getOrDefault(name, 1), name, "must be given as a whole number from 0");
    }

    /** Time from a map of units: {@code minutes: 5}. */
    public Duration time(String name, Duration otherwise) throws RuleException {
        Object value = values.get(name);
        if (value == null && otherwise != null) {
            return otherwise;
        }
        if (!(value instanceof Map<?, ?> units) || units.isEmpty()) {
            throw new RuleException(lines.getOrDefault(name, 1), name, "must be given as a time such as 'minutes: 5'");
        }
        double seconds = 0;
        for (Map.Entry<?, ?> unit : units.entrySet()) {
            Double factor = UNIT_SECONDS.get(String.valueOf(unit.getKey()));
            if (factor == null || !(unit.getValue() instanceof Number count)) {
                throw refused(name, "a time is a number of weeks, days, hours, minutes, seconds or milliseconds");
            }
            seconds += factor * count.doubleValue();
        }
        if (Math.abs(seconds) > 10 * 366 * 86_400d) {
            throw refused(name, "a time is ten years at most");
        }
        return Duration.ofNanos(Math.round(seconds * 1_000_000) * 1_000);
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
