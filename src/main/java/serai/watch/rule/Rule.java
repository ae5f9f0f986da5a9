package serai.watch.rule;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** One alert rule, checked and with every default filled in. Immutable. */
public final class Rule {

    /** What a rule's query asks Elasticsearch for. */
    public enum Mode { DOCUMENTS, COUNT, TERMS, AGGREGATION }

    /** Options of types on which the remembered values depend. */
    private static final List<String> MEANING = List.of("compare_key", "cardinality_field", "fields", "field_value", "metric_agg_key",
            "metric_agg_type", "metric_agg_script", "percentile_range", "reference_offset");
    private static final Set<String> AGGREGATING = Set.of("metric_aggregation", "spike_aggregation", "percentage_match");

    private final Path file;
    private final Map<String, Object> options;
    private final String name;
    private final String type;
    private final String index;
    private final Mode mode;
    private final Timestamps timestampType;
    private final CustomTime customTime;
    private final ZoneId queryZone;
    private final ZoneId zone;
    private final String queryKey;
    private final List<List<String>> compoundKeys;
    private final Options given;
    private final List<Rule> above;
    private final Duration globalRunEvery;

    private Rule(Path file, Options given, Map<String, Object> defaults, ZoneId zone) throws RuleException {
        this.file = file;
        this.given = given;
        this.globalRunEvery = new Options(defaults, Map.of()).time("run_every", Scope.TIMES.get("run_every"));
        this.name = name(given, file);
        this.type = given.requiredText("type", "is required: one of " + String.join(", ", Scope.TYPES));
        this.index = given.requiredText("index", "is required: the index to search, such as product-logs-*");
        this.timestampType = Timestamps.valueOf(
                given.oneOf("timestamp_type", Set.of("iso", "unix", "unix_ms", "custom"), "iso").toUpperCase(Locale.ROOT));
        this.customTime = timestampType == Timestamps.CUSTOM ? CustomTime.of(given) : null;
        this.queryZone = zone(given);
        this.mode = mode(given);
        this.zone = given.flag("use_local_time", true) ? zone : ZoneOffset.UTC;
        this.queryKey = key(given, "query_key");
        this.compoundKeys = compoundKeys(given);
        this.options = effective(given);
        RuleCheck.check(this, given);
        this.above = above(given, defaults);
    }

    private List<Rule> above(Options given, Map<String, Object> defaults) throws RuleException {
        List<Rule> rules = new ArrayList<>();
        for (Options one : Severities.above(given)) {
            rules.add(new Rule(file, one, defaults, zone));
        }
        return List.copyOf(rules);
    }

    /**
     * @param given    the options of the file
     * @param file     the file, for its name
     * @param defaults options that hold where the file says nothing
     * @param zone     the zone in which messages show times, unless {@code use_local_time} is false
     * @throws RuleException when the rule is wrong, or asks for what this version does not do
     */
    public static Rule of(Options given, Path file, Map<String, Object> defaults, ZoneId zone) throws RuleException {
        // what is required must stand in the file itself: a default must not turn a slip into a rule
        for (String required : List.of("type", "index", "alert")) {
            if (!given.has(required)) {
                throw new RuleException(1, required, "is required in the rule file");
            }
        }
        Options options = given.over(defaults);
        Scope.check(options);
        return new Rule(file, options, defaults, zone);
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
        if (AGGREGATING.contains(given.text("type", ""))) {
            return Mode.AGGREGATION;
        }
        if (given.flag("use_count_query", false)) {
            return Mode.COUNT;
        }
        return given.flag("use_terms_query", false) ? Mode.TERMS : Mode.DOCUMENTS;
    }

    private static ZoneId zone(Options given) throws RuleException {
        String zone = given.text("query_timezone", "");
        try {
            return zone.isEmpty() ? ZoneOffset.UTC : ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw given.refused("query_timezone", "is not a time zone; write one such as Europe/Berlin");
        }
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
        all.putIfAbsent("aggregation", Duration.ZERO);
        if (given.has("aggregation")) {
            boolean schedule = given.value("aggregation") instanceof Map<?, ?> map && map.containsKey("schedule");
            all.put("aggregation", schedule ? given.value("aggregation") : given.time("aggregation", Duration.ZERO));
            all.put("realert", given.time("realert", Duration.ZERO));
        }
        for (String list : List.of("blacklist", "whitelist")) {
            if (list.equals(type) && given.has(list)) {
                all.put(list, ListedValues.of(given, list));
            }
        }
        all.put("include", include(given, all));
        all.values().removeIf(v -> v == null);
        return Collections.unmodifiableMap(all);
    }

    /** The fields to fetch: those of {@code include}, everything by default, and what the rule itself reads. */
    private static List<String> include(Options given, Map<String, Object> options) throws RuleException {
        if (given.has("include")) {
            given.list("include");
        }
        Set<String> fields = new LinkedHashSet<>(given.has("include") ? given.texts("include") : List.of("*"));
        for (String option : List.of("query_key", "aggregation_key", "compare_key", "top_count_keys")) {
            List<String> parts = given.texts(option);
            if (!option.equals("aggregation_key") || parts.size() > 1) {
                fields.addAll(parts);
            }
            if (option.equals("query_key") && parts.size() > 1) {
                fields.add(String.join(",", parts));
            }
        }
        fields.add(Python.str(options.get("timestamp_field")));
        return new ArrayList<>(fields);
    }

    /** Any option, with its default: text, number, flag, list, map, or {@link Duration}; null when there is none. */
    public Object option(String option) {
        return options.get(option);
    }

    public Path file() {
        return file;
    }

    public String name() {
        return name;
    }

    public String type() {
        return type;
    }

    public String index() {
        return index;
    }

    public Mode mode() {
        return mode;
    }

    public boolean enabled() {
        return flag("is_enabled", true);
    }

    public boolean flag(String option, boolean otherwise) {
        return options.get(option) instanceof Boolean flag ? flag : otherwise;
    }

    public int whole(String option, int otherwise) {
        return options.get(option) instanceof Number n ? n.intValue() : otherwise;
    }

    private Duration time(String option) {
        return (Duration) options.get(option);
    }

    public String timestampField() {
        return (String) options.get("timestamp_field");
    }

    public Timestamps timestampType() {
        return timestampType;
    }

    /** The moment that the value of the timestamp field means; {@link DateTimeException} when it means none. */
    public Instant readTime(Object value) {
        return customTime == null ? timestampType.read(value) : customTime.read(value);
    }

    /** A moment as the bound of a query's range: text or a number, as the timestamp field is mapped. */
    public Object queryBound(Instant time) {
        return customTime == null ? timestampType.bound(time, queryZone) : customTime.write(time, queryZone);
    }

    /** One field name, the parts of a compound key joined by commas; null when the rule has none. */
    public String queryKey() {
        return queryKey;
    }

    public List<List<String>> compoundKeys() {
        return compoundKeys;
    }

    public String realertKey() {
        return Python.str(options.get("realert_key"));
    }

    public Duration realert() {
        return time("realert");
    }

    public Duration runEvery() {
        return time("run_every");
    }

    /** The interval of rules that have none of their own: pieces of counted time are that long, whatever this rule's interval is. */
    public Duration globalRunEvery() {
        return globalRunEvery;
    }

    public Duration bufferTime() {
        return time("buffer_time");
    }

    public Duration queryDelay() {
        return time("query_delay");
    }

    public Duration timeframe() {
        return time("timeframe");
    }

    public int numEvents() {
        return whole("num_events", 0);
    }

    public boolean attachRelated() {
        return flag("attach_related", false);
    }

    public int maxQuerySize() {
        return whole("max_query_size", 10_000);
    }

    /** Filters of the query, in Elasticsearch's language. */
    public List<?> filters() {
        return (List<?>) options.get("filter");
    }

    /** A match's event time. */
    public Instant timeOf(Map<String, Object> match) {
        Object value = Document.lookup(match, timestampField());
        try {
            return value instanceof String && customTime == null ? Timestamps.ISO.read(value) : readTime(value);
        } catch (DateTimeException e) {
            return isoOrEpoch(value);
        }
    }

    /** At the top level of a match the time was written anew, as ISO text. */
    private static Instant isoOrEpoch(Object value) {
        try {
            return Timestamps.ISO.read(value);
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    /** A time as messages show it. */
    public String prettyTime(Instant time) {
        return Timestamps.pretty(time, zone, Python.str(options.getOrDefault("custom_pretty_ts_format", "%Y-%m-%d %H:%M %Z")));
    }

    /** The options of the file over their defaults, with the lines where they stand: for the parts that read options of their own. */
    public Options given() {
        return given;
    }

    /** The rules of the severities above its own, as {@link Severities} has them; empty for most rules. */
    public List<Rule> above() {
        return above;
    }

    /** What the remembered windows depend on: when it changes, they mean something else. */
    public String fingerprint() {
        List<Object> meaning = new ArrayList<>(List.of(type, mode.name(), String.valueOf(queryKey), String.valueOf(options.get("timeframe")),
                timestampField()));
        for (String option : MEANING) {
            if (options.get(option) != null) {
                meaning.add(option + "=" + options.get(option));
            }
        }
        return meaning.stream().map(String::valueOf).collect(Collectors.joining("|"));
    }
}
