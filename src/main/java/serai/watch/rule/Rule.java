package serai.watch.rule;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.watch.python.Python;

/**
 * An alert rule, with its options checked and all defaults filled in. Options of a rule type or an alerter are checked
 * by their own packages. Immutable.
 */
public final class Rule {

    /** The kind of answer that a rule's query asks for. */
    public enum Mode {
        /** The documents themselves. */
        DOCUMENTS,
        /** Only the number of documents ({@code use_count_query}). */
        COUNT,
        /** The number of documents for each value of the query key ({@code use_terms_query}). */
        TERMS,
        /** Values that Elasticsearch computes. */
        AGGREGATION
    }

    private static final Set<String> AGGREGATING_TYPES =
            Set.of("metric_aggregation", "spike_aggregation", "percentage_match");
    private static final int LONGEST_NAME = 200;

    private final Path file;
    private final Options fileOptions;
    private final ZoneId zone;
    private final String name;
    private final String type;
    private final String index;
    private final Mode mode;
    private final EventTimes times;
    private final Duration globalRunEvery;
    private final String queryKey;
    private final List<List<String>> compoundKeys;
    private final Map<String, Object> options;
    private final String fingerprint;
    private final List<String> notices;
    private final List<Rule> higherSeverities = new ArrayList<>();

    private Rule(Path file, Options fileOptions, Options defaults, ZoneId zone) throws RuleException {
        this.file = file;
        this.fileOptions = fileOptions;
        this.zone = zone;
        this.name = name(fileOptions, file);
        this.type = fileOptions.requiredText("type", "is required: the rule's type, such as frequency");
        this.index = fileOptions.requiredText("index", "is required: the index to search, such as product-logs-*");
        this.mode = mode(fileOptions, type);
        this.times = new EventTimes(fileOptions, zone);
        this.globalRunEvery = defaults.time("run_every", RuleDefaults.TIMES.get("run_every"));
        EffectiveOptions effective = new EffectiveOptions(fileOptions);
        this.queryKey = effective.key("query_key");
        this.compoundKeys = effective.compoundKeys();
        this.options = effective.all(name, file);
        this.fingerprint = RuleFingerprint.of(this);
        RuleCheck.check(this);
        this.notices = RuleNotices.of(fileOptions);
        for (Options higher : Severities.above(fileOptions)) {
            higherSeverities.add(new Rule(file, higher, defaults, zone));
        }
    }

    /** A rule with defaults of which no file is known, as {@link #of(Options, Path, Options, ZoneId)}. */
    public static Rule of(Options options, Path file, Map<String, Object> defaults, ZoneId zone) throws RuleException {
        return of(options, file, new Options(defaults, Map.of()), zone);
    }

    /**
     * Checks the options of a rule file and fills in their defaults.
     *
     * @param options the options of the file
     * @param file the file, for the rule's name
     * @param defaults the options that hold for all rules, where the file has none
     * @param zone the zone in which messages show times, unless the rule has its own
     * @throws RuleException when an option is wrong or missing
     */
    public static Rule of(Options options, Path file, Options defaults, ZoneId zone) throws RuleException {
        return new Rule(file, RuleDefaults.addTo(options, defaults), defaults, zone);
    }

    /** The rule as one of its alerters sees it: with the options below that alerter's name in {@code alert}. */
    public Rule with(Map<String, Object> alerterOptions) throws RuleException {
        return new Rule(
                file, fileOptions.override(alerterOptions, "alert").resolved(), new Options(Map.of(), Map.of()), zone);
    }

    private static String name(Options options, Path file) throws RuleException {
        String name = options.text("name", file.getFileName().toString().replaceFirst("\\.ya?ml$", ""));
        if (name.isBlank() || name.length() > LONGEST_NAME || name.chars().anyMatch(c -> c < 0x20)) {
            throw options.refused("name", "must be one line of 1 to " + LONGEST_NAME + " characters");
        }
        return name;
    }

    private static Mode mode(Options options, String type) throws RuleException {
        if (AGGREGATING_TYPES.contains(type)) {
            return Mode.AGGREGATION;
        }
        // with both, ElastAlert counts
        if (options.flag("use_count_query", false)) {
            return Mode.COUNT;
        }
        return options.flag("use_terms_query", false) ? Mode.TERMS : Mode.DOCUMENTS;
    }

    /** An option with its default: text, number, boolean, list, map, or {@link Duration} for a time; null without. */
    public Object option(String option) {
        return options.get(option);
    }

    /** All options as {@link #option} returns them. */
    public Map<String, Object> options() {
        return options;
    }

    /** The options as they are written, with defaults and lines: for checks that refuse one of them. */
    public Options fileOptions() {
        return fileOptions;
    }

    /** A boolean option. */
    public boolean flag(String option, boolean defaultValue) {
        return options.get(option) instanceof Boolean flag ? flag : defaultValue;
    }

    /** A number option, without its fraction. */
    public int whole(String option, int defaultValue) {
        return options.get(option) instanceof Number n ? n.intValue() : defaultValue;
    }

    private Duration time(String option) {
        return (Duration) options.get(option);
    }

    /** The rule file. */
    public Path file() {
        return file;
    }

    /** The rule's name; of a rule with severities, with the severity. */
    public String name() {
        return name;
    }

    /** The name without a severity: all severities of a file share it. */
    public String nameInFile() {
        return options.get("severity_of") instanceof String shared ? shared : name;
    }

    /** The name of the rule type, such as {@code frequency}. */
    public String type() {
        return type;
    }

    /** The index to search, with wildcards or strftime directives. */
    public String index() {
        return index;
    }

    /** What the query asks for. */
    public Mode mode() {
        return mode;
    }

    /** {@code is_enabled}. */
    public boolean enabled() {
        return flag("is_enabled", true);
    }

    /** The field that holds a document's time. */
    public String timestampField() {
        return times.field();
    }

    /** How that field holds it. */
    public TimestampType timestampType() {
        return times.type();
    }

    /**
     * The time that a value of the timestamp field means.
     *
     * @throws DateTimeException when it is no time of the rule's {@code timestamp_type}
     */
    public Instant readTime(Object value) {
        return times.read(value);
    }

    /** A time as the bound of a query's range: text or number, as the timestamp field is mapped. */
    public Object queryBound(Instant time) {
        return times.bound(time);
    }

    /** The event time of a match; 1970 when it has none. */
    public Instant timeOf(Map<String, Object> match) {
        return times.ofMatch(match);
    }

    /** A time as messages show it. */
    public String prettyTime(Instant time) {
        return times.pretty(time);
    }

    /** {@code query_key} as one field name, the parts of a compound key joined by commas; null when there is none. */
    public String queryKey() {
        return queryKey;
    }

    /** The parts of each compound key, of which documents get a field with all values in one text. */
    public List<List<String>> compoundKeys() {
        return compoundKeys;
    }

    /** {@code realert_key}, by which alerts are silenced. */
    public String realertKey() {
        return Python.str(options.get("realert_key"));
    }

    /** {@code realert}. */
    public Duration realert() {
        return time("realert");
    }

    /** {@code run_every}. */
    public Duration runEvery() {
        return time("run_every");
    }

    /** The {@code run_every} of all rules: queries that count have this length, whatever the rule's own interval is. */
    public Duration globalRunEvery() {
        return globalRunEvery;
    }

    /** {@code buffer_time}. */
    public Duration bufferTime() {
        return time("buffer_time");
    }

    /** {@code query_delay}. */
    public Duration queryDelay() {
        return time("query_delay");
    }

    /** {@code timeframe}; null when the rule has none. */
    public Duration timeframe() {
        return time("timeframe");
    }

    /** {@code max_query_size}, the documents of one answer: 2 to 10,000, the most that Elasticsearch returns. */
    public int maxQuerySize() {
        return Math.max(2, Math.min(10_000, whole("max_query_size", 10_000)));
    }

    /** {@code filter}: queries in Elasticsearch's language. */
    public List<?> filters() {
        return (List<?>) options.get("filter");
    }

    /** Options that have no effect or look like mistakes, each with its line and a fix. */
    public List<String> notices() {
        return notices;
    }

    /** The rules of the higher severities in the same file, from the next to the highest; empty for most rules. */
    public List<Rule> higherSeverities() {
        return List.copyOf(higherSeverities);
    }

    /** What the meaning of remembered values depends on: when it changes, they are forgotten. */
    public String fingerprint() {
        return fingerprint;
    }
}
