package serai.watch.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import serai.watch.python.Python;

/**
 * Several thresholds in one rule file: {@code severities: {warning: {num_events: 10}, critical: {num_events: 50,
 * slack_msg_color: danger}}}, from the lowest to the highest. Each severity becomes a rule of its own, named
 * {@code NAME [critical]}, with all other options of the file and the option {@code severity}. It also has the rules of
 * the higher severities ({@link Rule#higherSeverities()}), to send no alert where one of them does.
 */
public final class Severities {

    static final String OPTION = "severities";
    private static final String ABOVE = "severities_above";
    private static final Pattern NAME = Pattern.compile("[\\w-]{1,30}");
    private static final int MOST = 10;
    /** Options that a severity cannot change: all severities look at the same data. */
    private static final Set<String> SHARED = Set.of(
            "name",
            "type",
            "index",
            "source",
            "query",
            "id_column",
            "rules",
            "filter",
            "query_key",
            "compare_key",
            "blacklist",
            "whitelist",
            "fields",
            "timestamp_field",
            "timestamp_type",
            "use_count_query",
            "use_terms_query",
            "metric_agg_key",
            "metric_agg_type",
            "cardinality_field",
            "match_bucket_filter",
            "bucket_interval",
            "buffer_time",
            "run_every",
            "query_delay",
            "scan_entire_timeframe",
            "import",
            "include",
            OPTION,
            ABOVE,
            "severity",
            "severity_of");

    private Severities() {}

    /**
     * The options of each severity, from the lowest to the highest; the given ones where there are no severities.
     *
     * @param name the rule's name, without a severity
     * @throws RuleException when the severities are not well-formed, or one changes what all of them share
     */
    public static List<Options> expand(Options options, String name) throws RuleException {
        Map<String, Map<String, Object>> severities = severities(options);
        if (severities.isEmpty()) {
            return List.of(options);
        }
        Map<String, Object> shared = new LinkedHashMap<>(options.values());
        shared.remove(OPTION);
        shared.put("severity_of", name);
        List<Map<String, Object>> each = new ArrayList<>();
        severities.forEach((severity, own) -> {
            Map<String, Object> all = new LinkedHashMap<>(own);
            all.put("severity", severity);
            all.put("name", name + " [" + severity + "]");
            if (options.has("realert_key") && !own.containsKey("realert_key")) {
                all.put("realert_key", Python.str(options.value("realert_key")) + " [" + severity + "]");
            }
            each.add(all);
        });
        List<Options> rules = new ArrayList<>();
        for (int i = 0; i < each.size(); i++) {
            Options rule = options.withValues(shared).override(each.get(i), OPTION);
            rules.add(
                    i + 1 == each.size()
                            ? rule
                            : rule.override(Map.of(ABOVE, each.subList(i + 1, each.size())), OPTION));
        }
        return rules;
    }

    private static Map<String, Map<String, Object>> severities(Options options) throws RuleException {
        Object value = options.value(OPTION);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map) || map.isEmpty() || map.size() > MOST) {
            throw options.refused(
                    OPTION,
                    "must be a map of up to " + MOST + " severities from the lowest to the highest, such as"
                            + " {warning: {num_events: 10}, critical: {num_events: 50}}");
        }
        Map<String, Map<String, Object>> severities = new LinkedHashMap<>();
        for (Map.Entry<?, ?> severity : map.entrySet()) {
            severities.put(name(options, severity.getKey()), options(options, severity.getValue()));
        }
        return severities;
    }

    private static String name(Options options, Object key) throws RuleException {
        String name = Python.str(key);
        if (!NAME.matcher(name).matches()) {
            throw options.refused(OPTION, "a severity's name is 1 to 30 letters, digits, _ and -");
        }
        return name;
    }

    private static Map<String, Object> options(Options options, Object value) throws RuleException {
        if (!(value instanceof Map<?, ?> map)) {
            throw options.refused(OPTION, "each severity is a map of options, such as {num_events: 50}");
        }
        Map<String, Object> own = new LinkedHashMap<>();
        for (Map.Entry<?, ?> option : map.entrySet()) {
            String name = Python.str(option.getKey());
            if (SHARED.contains(name)) {
                throw options.refused(
                        OPTION,
                        "'" + name + "' must be the same for all severities, which differ in thresholds and in how"
                                + " alerts are sent; move it out of severities, or write a second rule");
            }
            own.put(name, option.getValue());
        }
        return own;
    }

    /** The options of the higher severities of an expanded rule, from the next to the highest. */
    static List<Options> above(Options options) {
        if (!(options.value(ABOVE) instanceof List<?> above)) {
            return List.of();
        }
        Map<String, Object> shared = new LinkedHashMap<>(options.values());
        shared.remove(ABOVE);
        List<Options> rules = new ArrayList<>();
        for (Object severity : above) {
            Map<String, Object> own = new LinkedHashMap<>();
            ((Map<?, ?>) severity).forEach((name, value) -> own.put((String) name, value));
            rules.add(options.withValues(shared).override(own, OPTION));
        }
        return rules;
    }
}
