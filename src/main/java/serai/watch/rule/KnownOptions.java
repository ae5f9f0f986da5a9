package serai.watch.rule;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The types of rules and the options that are times. Every option that is not known is accepted and kept, as ElastAlert
 * does.
 */
public final class KnownOptions {

    public static final List<String> TYPES = List.of(
            "any",
            "blacklist",
            "whitelist",
            "change",
            "frequency",
            "spike",
            "flatline",
            "new_term",
            "cardinality",
            "metric_aggregation",
            "spike_aggregation",
            "percentage_match");

    /** Times of a rule and their defaults; null where there is none. */
    public static final Map<String, Duration> TIMES = times();

    private KnownOptions() {}

    private static Map<String, Duration> times() {
        Map<String, Duration> times = new LinkedHashMap<>();
        times.put("realert", Duration.ofMinutes(1));
        times.put("aggregation", Duration.ZERO);
        times.put("query_delay", Duration.ZERO);
        times.put("run_every", Duration.ofMinutes(1));
        times.put("buffer_time", Duration.ofMinutes(15));
        times.put("timeframe", null);
        for (String discover : List.of("kibana", "opensearch")) {
            times.put(discover + "_discover_from_timedelta", null);
            times.put(discover + "_discover_to_timedelta", null);
        }
        for (String time : List.of("exponential_realert", "old_query_limit", "alert_time_limit")) {
            times.put(time, null);
        }
        return times;
    }

    /** @throws RuleException when the rule is of no type that there is */
    public static void check(Options options) throws RuleException {
        String type = options.text("type", "");
        if (TYPES.contains(type)) {
            return;
        }
        String known = "the types are " + String.join(", ", TYPES);
        if (type.contains(".")) {
            throw options.refused("type", "'" + type + "' names a Python class, which cannot run here; " + known);
        }
        throw options.refused("type", "'" + type + "' is no rule type; " + known);
    }
}
