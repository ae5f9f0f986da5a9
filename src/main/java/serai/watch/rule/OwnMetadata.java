package serai.watch.rule;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Values that a rule's author keeps in the file under a name that is an option of Serai's own and not of ElastAlert's,
 * such as {@code source: wazuh} or {@code severities: [high]}. They are no mistakes: texts of alerts may name them, and
 * the rule runs as without them, with a notice.
 */
public final class OwnMetadata {

    /** The option that has these values by name. */
    private static final String KEY = "own_metadata";

    private static final Set<String> SOURCES = Set.of("elasticsearch", "warehouse", "matches");

    /** By name, whether a value is of the author's own. */
    private static final Map<String, BiPredicate<Options, Object>> IS_OWN = new LinkedHashMap<>();

    static {
        // with a query or rules it is a source of Serai, and misspelled
        IS_OWN.put(
                "source",
                (options, value) -> !SOURCES.contains(value) && !options.has("query") && !options.has("rules"));
        IS_OWN.put("timezone", (options, value) -> !isZone(value));
        IS_OWN.put("severities", (options, value) -> !(value instanceof Map));
        IS_OWN.put("resolved", (options, value) -> !(value instanceof Boolean));
        IS_OWN.put("resolve_after", (options, value) -> !(value instanceof Map) && !(value instanceof Number));
    }

    private OwnMetadata() {}

    /** A name with a slash is meant as a zone, and refused when it is wrong. */
    private static boolean isZone(Object value) {
        if (!(value instanceof String name)) {
            return false;
        }
        try {
            return name.isEmpty() || name.contains("/") || ZoneId.of(name) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** The options without these values, which are then read by {@link #of}. */
    static Options apart(Options options) {
        Map<String, Object> rest = new LinkedHashMap<>(options.values());
        Map<String, Object> own = new LinkedHashMap<>();
        IS_OWN.forEach((name, isOwn) -> {
            if (options.has(name) && isOwn.test(options, options.value(name))) {
                own.put(name, rest.remove(name));
            }
        });
        if (own.isEmpty()) {
            return options;
        }
        rest.put(KEY, own);
        return options.withValues(rest);
    }

    /** The author's own value under a name, or null. */
    public static Object of(Rule rule, String name) {
        return rule.option(KEY) instanceof Map<?, ?> own ? own.get(name) : null;
    }

    /** A sentence for each, with its line. */
    static List<String> notices(Options options) {
        List<String> notices = new ArrayList<>();
        if (options.value(KEY) instanceof Map<?, ?> own) {
            own.keySet()
                    .forEach(name -> notices.add(
                            (options.line(name.toString()) == null ? "" : options.line(name.toString()) + ": ")
                                    + name
                                    + ": the value is none of Serai's option of this name; it is kept as the rule's own"
                                    + " and has no effect."));
        }
        return notices;
    }
}
