package serai.watch.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import serai.watch.python.Python;

/**
 * Several thresholds in one rule: {@code severities: {warning: {num_events: 10}, critical: {num_events: 50,
 * slack_msg_color: danger}}}, from the lowest to the highest. Each becomes a rule of its own, called {@code NAME
 * [critical]}, that shares all else and knows its {@code severity}. A rule of a lower severity also knows those above
 * it, to keep quiet where one of them speaks ({@link Rule#above()}).
 */
public final class Severities {

    static final String OPTION = "severities";
    private static final String ABOVE = "severities_above";
    private static final Pattern NAME = Pattern.compile("[\\w-]{1,30}");
    private static final int MOST = 10;
    /** All severities look at the same: they differ in their thresholds, and in how and to whom they speak. */
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
     * The rules that a file's options stand for, from the lowest severity to the highest; they alone where the file has
     * no severities.
     *
     * @param name the rule's name, as it is without severities
     * @throws RuleException when a severity changes what all of them share
     */
    public static List<Options> expand(Options given, String name) throws RuleException {
        Map<String, Map<String, Object>> severities = severities(given);
        if (severities.isEmpty()) {
            return List.of(given);
        }
        Map<String, Object> shared = new LinkedHashMap<>(given.values());
        shared.remove(OPTION);
        shared.put("severity_of", name);
        List<Map<String, Object>> each = new ArrayList<>();
        severities.forEach((severity, options) -> {
            Map<String, Object> all = new LinkedHashMap<>(options);
            all.put("severity", severity);
            all.put("name", name + " [" + severity + "]");
            if (given.has("realert_key") && !options.containsKey("realert_key")) {
                all.put("realert_key", Python.str(given.value("realert_key")) + " [" + severity + "]");
            }
            each.add(all);
        });
        List<Options> rules = new ArrayList<>();
        for (int i = 0; i < each.size(); i++) {
            Options rule = given.with(shared).overridden(each.get(i), OPTION);
            rules.add(
                    i + 1 == each.size()
                            ? rule
                            : rule.overridden(Map.of(ABOVE, each.subList(i + 1, each.size())), OPTION));
        }
        return rules;
    }

    private static Map<String, Map<String, Object>> severities(Options given) throws RuleException {
        Object value = given.value(OPTION);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map) || map.isEmpty() || map.size() > MOST) {
            throw given.refused(
                    OPTION,
                    "must be a map of up to " + MOST + " severities from the lowest to the highest, such as"
                            + " {warning: {num_events: 10}, critical: {num_events: 50}}");
        }
        Map<String, Map<String, Object>> severities = new LinkedHashMap<>();
        for (Map.Entry<?, ?> severity : map.entrySet()) {
            severities.put(name(given, severity.getKey()), options(given, severity.getValue()));
        }
        return severities;
    }

    private static String name(Options given, Object key) throws RuleException {
        String name = Python.str(key);
        if (!NAME.matcher(name).matches()) {
            throw given.refused(OPTION, "a severity's name is 1 to 30 letters, digits, _ and -");
        }
        return name;
    }

    private static Map<String, Object> options(Options given, Object value) throws RuleException {
        if (!(value instanceof Map<?, ?> map)) {
            throw given.refused(OPTION, "each severity is a map of options, such as {num_events: 50}");
        }
        Map<String, Object> options = new LinkedHashMap<>();
        for (Map.Entry<?, ?> option : map.entrySet()) {
            String name = Python.str(option.getKey());
            if (SHARED.contains(name)) {
                throw given.refused(
                        OPTION,
                        "'" + name + "' is the same for all severities: they differ in thresholds and in how they"
                                + " are told; move it out, or write a second rule");
            }
            options.put(name, option.getValue());
        }
        return options;
    }

    /** The options of the severities above an expanded rule's own, from the next to the highest. */
    static List<Options> above(Options given) {
        if (!(given.value(ABOVE) instanceof List<?> above)) {
            return List.of();
        }
        Map<String, Object> shared = new LinkedHashMap<>(given.values());
        shared.remove(ABOVE);
        List<Options> rules = new ArrayList<>();
        for (Object one : above) {
            Map<String, Object> options = new LinkedHashMap<>();
            ((Map<?, ?>) one).forEach((name, value) -> options.put((String) name, value));
            rules.add(given.with(shared).overridden(options, OPTION));
        }
        return rules;
    }
}
