package serai.watch.rule;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** ElastAlert's defaults for the options of rules. */
final class RuleDefaults {

    /** The options that are times, with their defaults; null where there is none. */
    static final Map<String, Duration> TIMES = times();

    private static final List<String> REQUIRED = List.of("type", "index", "alert");

    private static final Map<String, Object> VALUES = Map.ofEntries(
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

    private RuleDefaults() {}

    private static Map<String, Duration> times() {
        Map<String, Duration> times = new LinkedHashMap<>();
        times.put("realert", Duration.ofMinutes(1));
        times.put("aggregation", Duration.ZERO);
        times.put("query_delay", Duration.ZERO);
        times.put("run_every", Duration.ofMinutes(1));
        times.put("buffer_time", Duration.ofMinutes(15));
        times.put("timeframe", null);
        for (String app : List.of("kibana", "opensearch")) {
            times.put(app + "_discover_from_timedelta", null);
            times.put(app + "_discover_to_timedelta", null);
        }
        for (String time : List.of("exponential_realert", "old_query_limit", "alert_time_limit")) {
            times.put(time, null);
        }
        return times;
    }

    /**
     * The options of a rule file with the global ones and ElastAlert's where the file has none, references resolved.
     *
     * @throws RuleException when the file lacks a required option, or an option is of the wrong kind
     */
    static Options addTo(Options file, Options global) throws RuleException {
        // a default does not count here, so that a file with a misspelled option does not become another rule
        for (String required : REQUIRED) {
            if (!file.has(required)) {
                throw new RuleException(1, required, "is required in the rule file");
            }
        }
        OptionTypes.check(file);
        Map<String, Object> values = new LinkedHashMap<>(global.values());
        values.values().removeIf(value -> value == null);
        // as in ElastAlert, no global realert: it is a minute, or none where the file itself aggregates
        values.put("realert", file.has("aggregation") ? Map.of("seconds", 0) : Map.of("minutes", 1));
        return file.withDefaults(global.withValues(values), null, null)
                .withDefaults(new Options(VALUES, Map.of()), null, null)
                .resolved();
    }
}
