package serai.edits;

import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The properties that a kamelet declares in {@code spec.definition}.
 *
 * @param required those without which it cannot be used
 * @param properties by name
 */
record KameletDeclaration(List<String> required, Map<String, Property> properties) {

    /** A property; its default is null when it has none. */
    record Property(PropertyType type, String defaultValue) {}

    /**
     * Reads a kamelet's file.
     *
     * @throws EditRefusedException when a property is declared with an unknown type or format, or with a default that
     *     does not fit
     */
    static KameletDeclaration read(Path file, String text) throws EditRefusedException {
        Map<?, ?> definition = map(map(load(text), "spec"), "definition");
        Map<String, Property> properties = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map(definition, "properties").entrySet()) {
            String name = String.valueOf(entry.getKey());
            properties.put(name, property(file, text, name, map(map(definition, "properties"), name)));
        }
        List<String> required = definition.get("required") instanceof List<?> names
                ? names.stream().map(String::valueOf).toList()
                : List.of();
        for (String name : required) {
            if (!properties.containsKey(name)) {
                throw refused(file, text, name, "'required' names " + name + ", which is not among the properties");
            }
        }
        return new KameletDeclaration(required, properties);
    }

    private static Property property(Path file, String text, String name, Map<?, ?> declared)
            throws EditRefusedException {
        String type = declared.containsKey("type") ? String.valueOf(declared.get("type")) : "string";
        String format = declared.containsKey("format") ? String.valueOf(declared.get("format")) : null;
        if (!PropertyType.TYPES.contains(type)) {
            throw refused(
                    file,
                    text,
                    name,
                    name + " has the type " + type + "; write one of " + String.join(", ", PropertyType.TYPES));
        }
        if (format != null && !PropertyType.FORMATS.containsKey(format)) {
            throw refused(
                    file,
                    text,
                    name,
                    name + " has the format " + format + "; write one of "
                            + String.join(
                                    ", ",
                                    PropertyType.FORMATS.keySet().stream()
                                            .sorted()
                                            .toList()));
        }
        List<String> values = declared.get("enum") instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
        String defaultValue = declared.containsKey("default") ? String.valueOf(declared.get("default")) : null;
        try {
            PropertyType checked = new PropertyType(
                    type,
                    format,
                    values,
                    number(declared.get("minimum")),
                    number(declared.get("maximum")),
                    declared.containsKey("pattern") ? Pattern.compile(String.valueOf(declared.get("pattern"))) : null);
            if (defaultValue != null && !defaultValue.isEmpty() && !defaultValue.contains("{{")) {
                checked.check(defaultValue);
            }
            return new Property(checked, defaultValue);
        } catch (PatternSyntaxException e) {
            throw refused(
                    file, text, name, "the pattern of " + name + " is no regular expression: " + e.getDescription());
        } catch (IllegalArgumentException e) {
            throw refused(file, text, name, "the default of " + name + " " + e.getMessage());
        }
    }

    private static BigDecimal number(Object value) {
        return value == null ? null : new BigDecimal(String.valueOf(value));
    }

    private static EditRefusedException refused(Path file, String text, String name, String reason) {
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().startsWith(name + ":")) {
                return new EditRefusedException(file, i + 1, reason + ".");
            }
        }
        return new EditRefusedException(file, null, reason + ".");
    }

    /** An empty map when it is not YAML, which Camel then says. */
    private static Map<?, ?> load(String text) {
        try {
            Object loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(new StringReader(text));
            return loaded instanceof Map<?, ?> map ? map : Map.of();
        } catch (YAMLException e) {
            return Map.of();
        }
    }

    private static Map<?, ?> map(Map<?, ?> map, String key) {
        return map.get(key) instanceof Map<?, ?> found ? found : Map.of();
    }
}
