package serai.watch.rule;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The kinds of values of the options that every rule may have, listed in {@code options.yaml} after ElastAlert's
 * schema. As in ElastAlert, a rule file is checked before defaults are filled in, and unknown options are kept.
 */
final class OptionTypes {

    private static final Map<String, Object> LIST = list();
    private static final Map<String, String> KINDS = kinds();
    private static final Set<String> MAY_BE_EMPTY = Set.copyOf(texts(LIST.get("may be empty")));
    /** All options that are read somewhere. */
    static final Set<String> NAMES = names();

    private OptionTypes() {}

    static void check(Options options) throws RuleException {
        for (Map.Entry<String, Object> option : options.values().entrySet()) {
            String name = option.getKey();
            String kind = KINDS.get(name);
            if (kind == null || option.getValue() == null && MAY_BE_EMPTY.contains(name)) {
                continue;
            }
            if (option.getValue() == null) {
                throw options.refused(name, "has no value; give it one, or remove the line");
            }
            if (!fits(options, name, kind, option.getValue())) {
                throw options.refused(name, "must be " + described(name, kind));
            }
        }
    }

    private static boolean fits(Options options, String name, String kind, Object value) throws RuleException {
        return switch (kind) {
            case "text" -> value instanceof String;
            case "scalar" -> !(value instanceof Map) && !(value instanceof List);
            case "flag" -> value instanceof Boolean;
            case "integer" -> value instanceof Number n && n.doubleValue() == Math.rint(n.doubleValue());
            case "list" -> value instanceof List;
            case "texts" -> areTexts(value);
            case "text or texts" -> value instanceof String || areTexts(value);
            case "map" -> value instanceof Map;
            case "time" -> isTime(options, name);
            case "time or schedule" -> isSchedule(value) || isTime(options, name);
            default -> choices(name).contains(value);
        };
    }

    private static boolean areTexts(Object value) {
        return value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
    }

    private static boolean isTime(Options options, String name) throws RuleException {
        options.time(name, null);
        return true;
    }

    /** Whether a value is {@code schedule: CRON}. */
    private static boolean isSchedule(Object value) {
        return value instanceof Map<?, ?> map && map.get("schedule") instanceof String cron && !cron.isBlank();
    }

    private static String described(String name, String kind) {
        return switch (kind) {
            case "text" -> "a text; put quotes around numbers and words such as yes and no";
            case "scalar" -> "a text";
            case "flag" -> "true or false";
            case "integer" -> "a whole number";
            case "list" -> "a list";
            case "texts" -> "a list of texts, such as [host, user]";
            case "text or texts" -> "a text or a list of texts";
            case "map" -> "a map, such as {host: name}";
            default -> "one of " + String.join(", ", choices(name));
        };
    }

    private static List<String> choices(String name) {
        return texts(((Map<?, ?>) LIST.get("choice")).get(name));
    }

    private static Map<String, String> kinds() {
        Map<String, String> kinds = new HashMap<>();
        LIST.forEach((kind, options) -> {
            if (options instanceof Map<?, ?> choices) {
                choices.keySet().forEach(name -> kinds.put((String) name, kind));
            } else if (!kind.equals("elsewhere") && !kind.equals("may be empty")) {
                texts(options).forEach(name -> kinds.put(name, kind));
            }
        });
        return Map.copyOf(kinds);
    }

    private static Set<String> names() {
        Set<String> names = new LinkedHashSet<>(KINDS.keySet());
        names.addAll(texts(LIST.get("elsewhere")));
        return Set.copyOf(names);
    }

    private static List<String> texts(Object list) {
        return ((List<?>) list).stream().map(String.class::cast).toList();
    }

    private static Map<String, Object> list() {
        try (InputStream file = OptionTypes.class.getResourceAsStream("options.yaml")) {
            Map<?, ?> read = new Yaml(new SafeConstructor(new LoaderOptions())).load(file);
            Map<String, Object> list = new LinkedHashMap<>();
            read.forEach((kind, options) -> list.put((String) kind, options));
            return list;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
