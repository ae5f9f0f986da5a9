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

/**
 * The options of a rule as the rest of the house sees them: keys as one name, times as times, and what follows from
 * other options.
 */
final class EffectiveOptions {

    private static final List<String> KEYS = List.of("query_key", "aggregation_key", "compare_key");

    private final Path file;
    private final Options given;
    private final String name;
    private final String type;

    EffectiveOptions(Path file, Options given, String name, String type) {
        this.file = file;
        this.given = given;
        this.name = name;
        this.type = type;
    }

    /** One field name, the parts of a compound key joined by commas; null when the option is not given. */
    String key(String option) throws RuleException {
        List<String> parts = given.texts(option);
        return parts.isEmpty() ? null : String.join(",", parts);
    }

    /** An aggregation_key that is a list of one counts as compound, as upstream: the field then holds its text. */
    List<List<String>> compoundKeys() throws RuleException {
        List<List<String>> compound = new ArrayList<>();
        for (String option : List.of("query_key", "aggregation_key")) {
            List<String> parts = compound(option);
            if (!parts.isEmpty()) {
                compound.add(parts);
            }
        }
        return compound;
    }

    private List<String> compound(String option) throws RuleException {
        List<String> parts = given.texts(option);
        boolean list = given.value(option) instanceof List;
        return switch (option) {
            case "query_key" -> parts.size() > 1 ? parts : List.of();
            case "aggregation_key" -> list ? parts : List.of();
            default -> parts;
        };
    }

    Map<String, Object> all() throws RuleException {
        Map<String, Object> all = new LinkedHashMap<>(given.values());
        all.put("name", name);
        all.put("rule_file", file.toString());
        all.put("timestamp_field", given.text("timestamp_field", "@timestamp"));
        all.putIfAbsent("realert_key", name);
        for (String key : KEYS) {
            all.put(key, key(key));
            all.put("compound_" + key, compound(key).isEmpty() ? null : compound(key));
        }
        for (Map.Entry<String, Duration> time : KnownOptions.TIMES.entrySet()) {
            boolean schedule = time.getKey().equals("aggregation") && isSchedule(given.value("aggregation"));
            if (!schedule && (given.has(time.getKey()) || time.getValue() != null)) {
                all.put(time.getKey(), given.time(time.getKey(), time.getValue()));
            }
        }
        for (String list : List.of("blacklist", "whitelist")) {
            if (list.equals(type) && given.has(list)) {
                all.put(list, ListedValues.of(given, list));
            }
        }
        if (given.has("bucket_interval")) {
            all.put("bucket_interval_timedelta", given.time("bucket_interval", null));
        }
        all.put("include", include(all));
        all.values().removeIf(v -> v == null);
        return Collections.unmodifiableMap(all);
    }

    private static boolean isSchedule(Object value) {
        return value instanceof Map<?, ?> map && Python.truthy(map.get("schedule"));
    }

    /** The fields to fetch: those of {@code include}, everything by default, and what the rule itself reads. */
    private List<String> include(Map<String, Object> options) throws RuleException {
        Set<String> fields = new LinkedHashSet<>(given.has("include") ? given.texts("include") : List.of("*"));
        for (String option : List.of("query_key", "compare_key", "top_count_keys")) {
            fields.addAll(given.texts(option));
        }
        for (String option : List.of("query_key", "compare_key")) {
            if (options.get(option) != null) {
                fields.add((String) options.get(option));
            }
        }
        fields.addAll(compound("aggregation_key"));
        fields.add(Python.str(options.get("timestamp_field")));
        return new ArrayList<>(fields);
    }
}
