package serai.watch;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** One alert rule, checked and with every default filled in. Immutable. */
final class Rule {

    /** What a rule's query asks Elasticsearch for. */
    enum Mode { DOCUMENTS, COUNT, TERMS }

    private final Path file;
    private final Map<String, Object> options;
    private final String name;
    private final String type;
    private final String index;
    private final Mode mode;
    private final Timestamps timestampType;
    private final ZoneId zone;
    private final String queryKey;
    private final List<List<String>> compoundKeys;
    private final AlertText text;
    private final List<SlackMessage> messages;
    private final List<String> notices;

    private Rule(Path file, Options given, ZoneId zone) throws RuleException {
        this.file = file;
        this.name = name(given, file);
        this.type = given.requiredText("type", "is required: one of " + String.join(", ", Scope.TYPES));
        this.index = given.requiredText("index", "is required: the index to search, such as product-logs-*");
        this.timestampType = Timestamps.valueOf(
                given.oneOf("timestamp_type", Set.of("iso", "unix", "unix_ms"), "iso").toUpperCase(Locale.ROOT));
        this.mode = mode(given);
        this.zone = given.flag("use_local_time", true) ? zone : ZoneOffset.UTC;
        this.queryKey = key(given, "query_key");
        this.compoundKeys = compoundKeys(given);
        this.options = effective(given);
        RuleCheck.check(this, given);
        this.text = new AlertText(this, given);
        this.notices = new ArrayList<>(Scope.notices(given));
        this.messages = SlackMessage.all(this, given, notices);
    }

    /**
     * @param given    the options of the file
     * @param file     the file, for its name
     * @param defaults options that hold where the file says nothing
     * @param zone     the zone in which messages show times, unless {@code use_local_time} is false
     * @throws RuleException when the rule is wrong, or asks for what this version does not do
     */
    static Rule of(Options given, Path file, Map<String, Object> defaults, ZoneId zone) throws RuleException {
        // what is required must stand in the file itself: a default must not turn a slip into a rule
        for (String required : List.of("type", "index", "alert")) {
            if (!given.has(required)) {
                throw new RuleException(1, required, "is required in the rule file");
            }
        }
        Options options = given.over(defaults);
        Scope.check(options);
        return new Rule(file, options, zone);
    }

    private static String name(Options given, Path file) throws RuleException {
        String fileName = file.getFileName().toString();
        String name = given.text("name", fileName.replaceFirst("\\.ya?ml$", ""));
        if (name.isBlank() || name.length() > 200 || name.chars().anyMatch(c -> c < 0x20)) {
            throw given.refused("name", "must be a line of 1 to 200 characters");
        }
        return name;
    }

    private static Mode mode(Options given) throws RuleException {
        if (given.flag("use_terms_query", false)) {
            return Mode.TERMS;
        }
        return given.flag("use_count_query", false) ? Mode.COUNT : Mode.DOCUMENTS;
    }

    private static String key(Options given, String option) throws RuleException {
        List<String> parts = given.texts(option);
        return parts.isEmpty() ? null : String.join(",", parts);
    }

    private static List<List<String>> compoundKeys(Options given) throws RuleException {
        List<List<String>> compound = new ArrayList<>();
        for (String option : List.of("query_key", "aggregation_key")) {
            List<String> parts = given.texts(option);
            if (parts.size() > 1) {
                compound.add(parts);
            }
        }
        return compound;
    }

    private Map<String, Object> effective(Options given) throws RuleException {
        Map<String, Object> all = new LinkedHashMap<>(Map.of("timestamp_field", "@timestamp", "timestamp_type", "iso",
                "filter", List.of(), "use_local_time", true, "_source_enabled", true, "description", "", "owner", "", "priority", "2",
                "category", ""));
        all.putAll(given.values());
        all.put("name", name);
        all.putIfAbsent("realert_key", name);
        for (String key : List.of("query_key", "aggregation_key")) {
            all.put(key, key(given, key));
        }
        for (Map.Entry<String, Duration> time : Scope.TIMES.entrySet()) {
            if (given.has(time.getKey()) || time.getValue() != null) {
                all.put(time.getKey(), given.time(time.getKey(), time.getValue()));
            }
        }
        all.put("include", RuleQuery.include(given, all));
        all.values().removeIf(v -> v == null);
        return Collections.unmodifiableMap(all);
    }

    /** Any option, with its default: text, number, flag, list, map, or {@link Duration}; null when there is none. */
    Object option(String option) {
        return options.get(option);
    }

    Path file() {
        return file;
    }

    String name() {
        return name;
    }

    String type() {
        return type;
    }

    String index() {
        return index;
    }

    Mode mode() {
        return mode;
    }

    boolean enabled() {
        return flag("is_enabled", true);
    }

    boolean flag(String option, boolean otherwise) {
        return options.get(option) instanceof Boolean flag ? flag : otherwise;
    }

    int whole(String option, int otherwise) {
        return options.get(option) instanceof Number n ? n.intValue() : otherwise;
    }

    private Duration time(String option) {
        return (Duration) options.get(option);
    }

    String timestampField() {
        return (String) options.get("timestamp_field");
    }

    Timestamps timestampType() {
        return timestampType;
    }

    /** One field name, the parts of a compound key joined by commas; null when the rule has none. */
    String queryKey() {
        return queryKey;
    }

    List<List<String>> compoundKeys() {
        return compoundKeys;
    }

    String realertKey() {
        return Python.str(options.get("realert_key"));
    }

    Duration realert() {
        return time("realert");
    }

    Duration runEvery() {
        return time("run_every");
    }

    Duration bufferTime() {
        return time("buffer_time");
    }

    Duration queryDelay() {
        return time("query_delay");
    }

    Duration timeframe() {
        return time("timeframe");
    }

    int numEvents() {
        return whole("num_events", 0);
    }

    boolean attachRelated() {
        return flag("attach_related", false);
    }

    int maxQuerySize() {
        return whole("max_query_size", 10_000);
    }

    /** Filters of the query, in Elasticsearch's language. */
    List<?> filters() {
        return (List<?>) options.get("filter");
    }

    /** A match's event time. */
    Instant timeOf(Map<String, Object> match) {
        Object value = Document.lookup(match, timestampField());
        try {
            return (value instanceof String ? Timestamps.ISO : timestampType).read(value);
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    /** A time as messages show it. */
    String prettyTime(Instant time) {
        return Timestamps.pretty(time, zone, Python.str(options.getOrDefault("custom_pretty_ts_format", "%Y-%m-%d %H:%M %Z")));
    }

    AlertText text() {
        return text;
    }

    /** The messages that a match gives, one for each Slack alerter of the rule. */
    List<SlackMessage> messages() {
        return messages;
    }

    /** What the file asks for and this rule runs without, each with its line and mend. */
    List<String> notices() {
        return List.copyOf(notices);
    }

    /** What the remembered windows depend on: when it changes, they mean something else. */
    String fingerprint() {
        return String.join("|", type, mode.name(), String.valueOf(queryKey), String.valueOf(options.get("timeframe")), timestampField());
    }
}
