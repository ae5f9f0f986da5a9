package serai.watch.rule;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What of ElastAlert's grammar this version does. An option that would make a rule mean something else is refused; every option that is
 * not known is accepted and kept, as ElastAlert does.
 */
public final class Scope {

    public static final List<String> TYPES = List.of("any", "blacklist", "whitelist", "change", "frequency", "spike", "flatline",
            "new_term", "cardinality", "metric_aggregation", "spike_aggregation", "percentage_match");

    /** Times of a rule and their defaults; null where there is none. */
    public static final Map<String, Duration> TIMES = times();

    /** Options that change what a rule does, and that are not done yet. */
    private static final Map<String, String> NOT_DONE = Map.ofEntries(
            Map.entry("top_count_keys", "top counts are not supported; remove them"),
            Map.entry("summary_table_fields", "summary tables are not supported; remove them"),
            Map.entry("slack_proxy", "is not supported for one rule; set camel.component.http.proxyHost and proxyPort"),
            Map.entry("slack_ca_certs", "is not supported for one rule; set camel.component.http.sslContextParameters"),
            Map.entry("slack_ignore_ssl_errors", "is not supported; trust the certificate by camel.component.http.sslContextParameters"));

    private Scope() {
    }

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
        times.put("exponential_realert", null);
        return times;
    }

    /** @throws RuleException when the rule is of a type, or uses an option, that this version does not do */
    public static void check(Options options) throws RuleException {
        checkType(options);
        for (Map.Entry<String, String> option : NOT_DONE.entrySet()) {
            if (asksForSomething(options, option.getKey())) {
                throw options.refused(option.getKey(), option.getValue());
            }
        }
        if ("alert_text_jinja".equals(options.value("alert_text_type"))) {
            throw options.refused("alert_text_type", "Jinja templates are not supported; use alert_text_args with {0}, {1}");
        }
    }

    private static void checkType(Options options) throws RuleException {
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

    private static boolean asksForSomething(Options options, String option) throws RuleException {
        Object value = options.value(option);
        if (TIMES.containsKey(option) && value instanceof Map<?, ?> map && !map.containsKey("schedule")) {
            return !options.time(option, Duration.ZERO).isZero();
        }
        return Python.truthy(value);
    }
}
