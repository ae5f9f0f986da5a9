package serai.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;

/** Camel's placeholders, such as {@code {{load.since}}} or {@code {{env:NAME:default}}}. */
final class Placeholders {

    private static final String START = "{{";
    private static final Pattern NAME = Pattern.compile("\\{\\{[?!]?([A-Za-z][\\w.-]*)");

    private Placeholders() {}

    /** The names that a text refers to. */
    static Set<String> names(String text) {
        return NAME.matcher(text).results().map(match -> match.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The names that the files of a folder refer to. */
    static Set<String> names(Path folder) {
        Set<String> names = new TreeSet<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
                    names.addAll(names(Files.readString(file)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return names;
    }

    /**
     * Replaces the placeholders of settings by what they stand for.
     *
     * @param texts the settings by name
     * @return what is wrong with a setting, by name
     */
    static Map<String, String> resolve(Map<String, String> texts) {
        List<String> open = texts.keySet().stream()
                .filter(name -> texts.get(name).contains(START))
                .toList();
        if (open.isEmpty()) {
            return Map.of();
        }
        Map<String, String> problems = new TreeMap<>();
        // Camel's own reading, so that a setting means the same here and in a route
        try (DefaultCamelContext context = new DefaultCamelContext(false)) {
            PropertiesComponent properties = new PropertiesComponent();
            Properties all = new Properties();
            all.putAll(texts);
            properties.setOverrideProperties(all);
            context.setPropertiesComponent(properties);
            context.build();
            for (String name : open) {
                try {
                    texts.put(name, context.resolvePropertyPlaceholders(START + name + "}}"));
                } catch (RuntimeException e) {
                    problems.put(
                            name,
                            "refers to what is not set: " + String.join(", ", names(texts.get(name)))
                                    + "; set it, or write a default as in {{env:NAME:default}}");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return problems;
    }
}
