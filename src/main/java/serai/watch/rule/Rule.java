package serai.watch.rule;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import serai.watch.python.Python;

/** One alert rule, checked and with every default filled in. Immutable. */
public final class Rule {

    /** What a rule's query asks Elasticsearch for. */
    public enum Mode {
        DOCUMENTS,
        COUNT,
        TERMS,
        AGGREGATION
    }

    /** Other options on which the remembered values depend. */
    private static final List<String> MEANING = List.of(
            "index",
            "filter",
            "compare_key",
            "cardinality_field",
            "fields",
            "field_value",
            "metric_agg_key",
            "metric_agg_type",
            "metric_agg_script",
            "percentile_range",
            "reference_offset");

    private static final Set<String> AGGREGATING =
            Set.of("metric_aggregation", "spike_aggregation", "percentage_match");

    private static final Map<String, Object> DEFAULTS = Map.ofEntries(
            Map.entry("timestamp_field", "@timestamp"),
            Map.entry("timestamp_type", "iso"),
            Map.entry("timestamp_format", "%Y-%m-%dT%H:%M:%SZ"),
            Map.entry("filter", List.of()),
            Map.entry("use_local_time", true),
            Map.entry("_source_enabled", true),
            Map.entry("description", ""),
            Map.entry("owner", ""),
            Map.entry("priority", "2"),
            Map.entry("category", ""),
            Map.entry("jinja_root_name", "_data"),
            Map.entry("query_timezone", ""),
            Map.entry("max_query_size", 10_000),
            Map.entry("max_scrolling_count", 990),
            Map.entry("scroll_keepalive", "30s"));
    private static final Map<String, String> STRFTIME_SLIPS =
            Map.of("%y", "the year without its century", "%M", "the minute", "%D", "a whole date with slashes");

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
    private final List<String> notices;
    private final String fingerprint;

    private Rule(Path file, Options given, Options defaults, ZoneId zone) throws RuleException {
        this.file = file;
        this.given = given;
        this.globalRunEvery = defaults.time("run_every", KnownOptions.TIMES.get("run_every"));
        this.name = name(given, file);
        this.type = given.requiredText("type", "is required: one of " + String.join(", ", KnownOptions.TYPES));
        this.index = given.requiredText("index", "is required: the index to search, such as product-logs-*");
        this.timestampType = timestampType(given);
        this.customTime = timestampType == Timestamps.CUSTOM ? new CustomTime(given) : null;
        this.queryZone = zone(given);
        this.mode = mode(given);
        this.zone = zone(given, zone);
        EffectiveOptions effective = new EffectiveOptions(file, given, name, type);
        this.queryKey = effective.key("query_key");
        this.compoundKeys = effective.compoundKeys();
        this.options = effective.all();
        this.fingerprint = meaning();
        RuleCheck.check(this, given);
        this.notices = notices(given);
        this.above = above(given, defaults);
    }

    private List<Rule> above(Options given, Options defaults) throws RuleException {
        List<Rule> rules = new ArrayList<>();
        for (Options one : Severities.above(given)) {
            rules.add(new Rule(file, one, defaults, zone));
        }
        return List.copyOf(rules);
    }

    private static List<String> notices(Options given) throws RuleException {
        List<String> notices = new ArrayList<>(PythonClasses.notices(given));
        notices.addAll(OptionSpelling.notices(given));
        if (given.flag("use_strftime_index", false)) {
            List.of("%y", "%M", "%D").stream()
                    .filter(given.text("index", "")::contains)
                    .forEach(token -> notices.add(given.line("index") + ": index: " + token + " is "
                            + STRFTIME_SLIPS.get(token) + "; did you mean %Y, %m or %d?"));
        }
        return List.copyOf(notices);
    }

    /** The same with defaults that stand nowhere. */
    public static Rule of(Options given, Path file, Map<String, Object> defaults, ZoneId zone) throws RuleException {
        return of(given, file, new Options(defaults, Map.of()), zone);
    }

    /**
     * @param given the options of the file
     * @param file the file, for its name
     * @param defaults options that hold where the file says nothing
     * @param zone the zone in which messages show times, unless {@code use_local_time} is false
     * @throws RuleException when the rule is wrong, or asks for what this version does not do
     */
    public static Rule of(Options given, Path file, Options defaults, ZoneId zone) throws RuleException {
        // what is required must stand in the file itself: a default must not turn a slip into a rule
        for (String required : List.of("type", "index", "alert")) {
            if (!given.has(required)) {
                throw new RuleException(1, required, "is required in the rule file");
            }
        }
        OptionTypes.check(given);
        Map<String, Object> others = new LinkedHashMap<>(defaults.values());
        others.values().removeIf(v -> v == null);
        // ElastAlert takes its own default before it looks at the global one: a minute, or none where the file itself
        // groups
        others.put("realert", given.has("aggregation") ? Map.of("seconds", 0) : Map.of("minutes", 1));
        Options options = given.over(defaults.with(others), null, null).over(DEFAULTS);
        KnownOptions.check(options);
        return new Rule(file, options, defaults, zone);
    }

    /**
     * The rule as one of its alerters takes it: with the options that stand below that alerter's name in {@code alert}.
     */
    public Rule with(Map<String, Object> own) throws RuleException {
        return new Rule(file, given.overridden(own, "alert").over(Map.of()), new Options(Map.of(), Map.of()), zone);
    }

    /** The zone of the rule's own ({@code timezone}), else that of all rules, else UTC where the rule says so. */
    private static ZoneId zone(Options given, ZoneId all) throws RuleException {
        try {
            return given.has("timezone")
                    ? ZoneId.of(given.text("timezone", ""))
                    : given.flag("use_local_time", true) ? all : ZoneOffset.UTC;
        } catch (DateTimeException e) {
            throw given.refused("timezone", "is no time zone; write one such as Europe/Berlin");
        }
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
        // with both, ElastAlert counts
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

    private static Timestamps timestampType(Options given) throws RuleException {
        String type = given.text("timestamp_type", "iso").strip().toUpperCase(Locale.ROOT);
        try {
            return Timestamps.valueOf(type);
        } catch (IllegalArgumentException e) {
            throw given.refused("timestamp_type", "must be one of iso, unix, unix_ms, custom");
        }
    }

    /** Any option, with its default: text, number, flag, list, map, or {@link Duration}; null when there is none. */
    public Object option(String option) {
        return options.get(option);
    }

    /** All options with their defaults, as {@link #option} gives them. */
    public Map<String, Object> options() {
        return options;
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

    /**
     * The interval of rules that have none of their own: pieces of counted time are that long, whatever this rule's
     * interval is.
     */
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

    /** Documents asked for at a time: 10,000 at most, for Elasticsearch gives no more, and 2 at least. */
    public int maxQuerySize() {
        return Math.max(2, Math.min(10_000, whole("max_query_size", 10_000)));
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
        return Timestamps.pretty(
                time, zone, Python.str(options.getOrDefault("custom_pretty_ts_format", "%Y-%m-%d %H:%M %Z")));
    }

    /** What the file asks for and the rule runs without, each with its line and mend. */
    public List<String> notices() {
        return notices;
    }

    /**
     * The options of the file over their defaults, with the lines where they stand: for the parts that read options of
     * their own.
     */
    public Options given() {
        return given;
    }

    /** The name that its file gives it: all its severities have it. */
    public String family() {
        return options.get("severity_of") instanceof String family ? family : name;
    }

    /** The rules of the severities above its own, as {@link Severities} has them; empty for most rules. */
    public List<Rule> above() {
        return above;
    }

    /** What the remembered windows depend on: when it changes, they mean something else. */
    public String fingerprint() {
        return fingerprint;
    }

    private String meaning() {
        String meaning = MEANING.stream().map(options::get).map(String::valueOf).collect(Collectors.joining("|"))
                + (options.containsKey("source") ? "|" + options.get("query") + "|" + options.get("rules") : "");
        return String.join(
                "|",
                type,
                mode.name(),
                String.valueOf(queryKey),
                String.valueOf(options.get("timeframe")),
                timestampField(),
                Integer.toHexString(meaning.hashCode()));
    }
}
