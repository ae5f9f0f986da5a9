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
 * Options as a file and its defaults contain them, each with its line. An option is read as a certain kind of value and
 * refused with its line when it is another. Immutable.
 */
public final class Options {

    private static final Map<String, Double> UNIT_SECONDS = Map.of(
            "weeks", 604_800d, "days", 86_400d, "hours", 3_600d, "minutes", 60d, "seconds", 1d, "milliseconds", 0.001);
    /** 250 years, which mean "for ever": nanoseconds of a longer time do not fit into a long. */
    private static final double LONGEST_SECONDS = 250 * 365 * 86_400d;

    private final Map<String, Object> values;
    private final Map<String, Place> places;

    /**
     * Where an option is written.
     *
     * @param line the line of the file that was read, or of the import in it; null when there is none
     * @param origin the other file and line where the option itself is written; null for the file that was read
     */
    private record Place(Integer line, String origin) {

        private static final Place UNKNOWN = new Place(null, null);
    }

    /** @param lines the line of each option, from 1; empty when no file is known */
    public Options(Map<String, Object> values, Map<String, Integer> lines) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        this.places = new LinkedHashMap<>();
        lines.forEach((name, line) -> places.put(name, new Place(line, null)));
    }

    private Options(Map<String, Place> places, LinkedHashMap<String, Object> values) {
        this.values = Collections.unmodifiableMap(values);
        this.places = places;
    }

    /**
     * These options, with those of another file where these have none.
     *
     * @param file the other file, for messages about its options; or null
     * @param line the line in this file that refers to the other, or null
     */
    public Options withDefaults(Options defaults, String file, Integer line) {
        LinkedHashMap<String, Object> merged = new LinkedHashMap<>(defaults.values);
        Map<String, Place> mergedPlaces = new LinkedHashMap<>();
        for (String name : defaults.values.keySet()) {
            Place place = defaults.places.getOrDefault(name, Place.UNKNOWN);
            boolean isOrigin = file != null && place.line() != null && place.origin() == null;
            mergedPlaces.put(name, new Place(line, isOrigin ? file + ", line " + place.line() : place.origin()));
        }
        mergedPlaces.keySet().removeAll(values.keySet());
        merged.putAll(values);
        mergedPlaces.putAll(places);
        return new Options(mergedPlaces, merged);
    }

    /** Other values with the places of these. */
    public Options withValues(Map<String, Object> others) {
        return new Options(places, new LinkedHashMap<>(others));
    }

    /** These options with some replaced, which then have the place of one option of these. */
    Options override(Map<String, Object> others, String option) {
        LinkedHashMap<String, Object> merged = new LinkedHashMap<>(values);
        merged.putAll(others);
        Map<String, Place> mergedPlaces = new LinkedHashMap<>(places);
        others.keySet().forEach(name -> mergedPlaces.put(name, places.getOrDefault(option, Place.UNKNOWN)));
        return new Options(mergedPlaces, merged);
    }

    /** These options with references such as {@code $name$} replaced. */
    Options resolved() {
        return withValues(OptionReferences.resolve(values));
    }

    /** All values by name. */
    public Map<String, Object> values() {
        return values;
    }

    /** The value of an option; null when it is not set, or set to null. */
    public Object value(String name) {
        return values.get(name);
    }

    /** Whether an option is set to a value other than null. */
    public boolean has(String name) {
        return values.get(name) != null;
    }

    /** The line of an option, or of the import that it comes from; null when it is not in the file. */
    public Integer line(String name) {
        return places.getOrDefault(name, Place.UNKNOWN).line();
    }

    /** The refusal of an option, with its line, and with the file where it is written when that is another one. */
    public RuleException refused(String name, String reason) {
        String origin = places.getOrDefault(name, Place.UNKNOWN).origin();
        return new RuleException(line(name), name, origin == null ? reason : reason + " (written in " + origin + ")");
    }

    /** The same for an element of a list, by its index; with the line of the element where it is known. */
    public RuleException refused(String name, int index, String reason) {
        Place element = value(name) instanceof List<?> list ? places.get(element(name, list.size() - index)) : null;
        return element == null ? refused(name, reason) : new RuleException(element.line(), name, reason);
    }

    /** The name by which the line of an element is given: counted from the end, since imports add elements before. */
    static String element(String name, int fromEnd) {
        return name + "[-" + fromEnd + "]";
    }

    /** The same for an option that may be missing, which has no line: the first is named. */
    private RuleException refusedOrMissing(String name, String reason) {
        return values.containsKey(name) ? refused(name, reason) : new RuleException(1, name, reason);
    }

    /** A text that must be there and not blank, else it is refused for a reason. */
    public String requiredText(String name, String reason) throws RuleException {
        String text = text(name, "");
        if (text.isBlank()) {
            throw refusedOrMissing(name, reason);
        }
        return text;
    }

    /** A scalar as text. */
    public String text(String name, String defaultValue) throws RuleException {
        Object value = values.get(name);
        if (value == null) {
            return defaultValue;
        }
        if (value instanceof Map || value instanceof List) {
            throw refused(name, "must be a text");
        }
        return Python.str(value);
    }

    /** One of some texts. */
    public String oneOf(String name, Set<String> allowed, String defaultValue) throws RuleException {
        String text = text(name, defaultValue);
        if (text != null && !allowed.contains(text)) {
            throw refused(
                    name,
                    "must be one of "
                            + String.join(", ", allowed.stream().sorted().toList()));
        }
        return text;
    }

    /** A boolean. */
    public boolean flag(String name, boolean defaultValue) throws RuleException {
        Object value = values.get(name);
        if (value == null) {
            return defaultValue;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw refused(name, "must be true or false");
    }

    /** An integer from 0; {@code 5.0} is one too. Refused when it is missing and the default is null. */
    public int whole(String name, Integer defaultValue) throws RuleException {
        Object value = values.get(name);
        if (value == null && defaultValue != null) {
            return defaultValue;
        }
        if (value instanceof Number n
                && n.doubleValue() == Math.rint(n.doubleValue())
                && n.doubleValue() >= 0
                && n.doubleValue() <= Integer.MAX_VALUE) {
            return n.intValue();
        }
        throw refusedOrMissing(name, "must be a whole number from 0");
    }

    /**
     * A time, the sum of a map of units such as {@code minutes: 5}. It may be negative; more than 250 years are 250
     * years. Refused when it is missing and the default is null.
     */
    public Duration time(String name, Duration defaultValue) throws RuleException {
        Object value = values.get(name);
        if (value == null && defaultValue != null) {
            return defaultValue;
        }
        if (!(value instanceof Map<?, ?> units)) {
            throw refusedOrMissing(name, "must be a time such as 'minutes: 5'");
        }
        double seconds = 0;
        for (Map.Entry<?, ?> unit : units.entrySet()) {
            Double factor = UNIT_SECONDS.get(String.valueOf(unit.getKey()));
            if (factor == null || !(unit.getValue() instanceof Number count) || !Double.isFinite(count.doubleValue())) {
                throw refused(
                        name,
                        "a time is a number of weeks, days, hours, minutes, seconds or milliseconds,"
                                + " such as 'minutes: 5'");
            }
            seconds += factor * count.doubleValue();
        }
        double bounded = Math.max(-LONGEST_SECONDS, Math.min(LONGEST_SECONDS, seconds));
        return Duration.ofNanos(Math.round(bounded * 1_000_000) * 1_000);
    }

    /** A list; null when the option is not set. */
    public List<?> list(String name) throws RuleException {
        Object value = values.get(name);
        if (value != null && !(value instanceof List)) {
            throw refused(name, "must be a list");
        }
        return (List<?>) value;
    }

    /** A text or a list of texts; empty when the option is not set. */
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
