package serai.watch.rule;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.watch.python.Python;

/** Converts the options of a file to those that {@link Rule#option} returns: keys as one name, times as durations. */
final class EffectiveOptions {

    private static final List<String> KEYS = List.of("query_key", "aggregation_key", "compare_key");

    private final Options options;

    EffectiveOptions(Options options) {
        this.options = options;
    }

    /** One field name, the parts of a compound key joined by commas; null when the option is not set. */
    String key(String option) throws RuleException {
        List<String> parts = options.texts(option);
        return parts.isEmpty() ? null : String.join(",", parts);
    }

    /** The parts of those keys that are compound. */
    List<List<String>> compoundKeys() throws RuleException {
        List<List<String>> compound = new ArrayList<>();
        for (String option : List.of("query_key", "aggregation_key")) {
            List<String> parts = compound(option);
            if (!parts.isEmpty()) {
                compound.add(parts);
            }
        }
        return List.copyOf(compound);
    }

    /** As in ElastAlert, an aggregation_key that is a list of one name is compound too: its field then is a text. */
    private List<String> compound(String option) throws RuleException {
        List<String> parts = options.texts(option);
        return switch (option) {
            case "query_key" -> parts.size() > 1 ? parts : List.of();
            case "aggregation_key" -> options.value(option) instanceof List ? parts : List.of();
            default -> parts;
        };
    }

    Map<String, Object> all(String name, Path file) throws RuleException {
        Map<String, Object> all = new LinkedHashMap<>(options.values());
        all.put("name", name);
        all.put("rule_file", file.toString());
        all.put("timestamp_field", options.text("timestamp_field", null));
        all.putIfAbsent("realert_key", name);
        for (String key : KEYS) {
            all.put(key, key(key));
            all.put("compound_" + key, compound(key).isEmpty() ? null : compound(key));
        }
        for (Map.Entry<String, Duration> time : RuleDefaults.TIMES.entrySet()) {
            boolean schedule = time.getKey().equals("aggregation") && isSchedule(options.value("aggregation"));
            if (!schedule && (options.has(time.getKey()) || time.getValue() != null)) {
                all.put(time.getKey(), options.time(time.getKey(), time.getValue()));
            }
        }
        for (String list : List.of("blacklist", "whitelist")) {
            if (list.equals(options.value("type")) && options.has(list)) {
                all.put(list, ListedValues.of(options, list));
            }
        }
        if (options.has("bucket_interval")) {
            all.put("bucket_interval_timedelta", options.time("bucket_interval", null));
        }
        all.put("include", include(all));
        all.values().removeIf(value -> value == null);
        return Collections.unmodifiableMap(all);
    }

    private static boolean isSchedule(Object value) {
        return value instanceof Map<?, ?> map && Python.truthy(map.get("schedule"));
    }

    /** The fields to fetch: those of {@code include}, all by default, and those that the rule itself reads. */
    private List<String> include(Map<String, Object> all) throws RuleException {
        Set<String> fields = new LinkedHashSet<>(options.has("include") ? options.texts("include") : List.of("*"));
        for (String option : List.of("query_key", "compare_key", "top_count_keys")) {
            fields.addAll(options.texts(option));
        }
        for (String option : List.of("query_key", "compare_key")) {
            if (all.get(option) != null) {
                fields.add((String) all.get(option));
            }
        }
        fields.addAll(compound("aggregation_key"));
        fields.add((String) all.get("timestamp_field"));
        return new ArrayList<>(fields);
    }
}
