package serai.load.replicate;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.camel.util.URISupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** The routes of a folder that begin with {@code kamelet:replicate}, read from their files, for commands. */
final class ReplicateRoutes {

    private static final String KAMELET = "kamelet:replicate";

    private ReplicateRoutes() {}

    /**
     * A route.
     *
     * @param source its id
     * @param properties of the kamelet, by name
     */
    record Use(String source, Map<String, String> properties) {

        /** What the route replicates, as it would when it runs. */
        ReplicatedSource replicated() {
            ReplicatedSource replicated = new ReplicatedSource();
            replicated.setSource(source);
            replicated.setDatabase(properties.getOrDefault("database", ""));
            replicated.setMapping(properties.getOrDefault("mapping", ""));
            replicated.setSchema(properties.getOrDefault("schema", "app"));
            replicated.setSlot(properties.getOrDefault("slot", ""));
            replicated.setPublication(properties.getOrDefault("publication", ""));
            return replicated;
        }
    }

    /**
     * Reads all route files. What is no YAML is left out: the command {@code check} says so.
     *
     * @param resolved replaces placeholders
     */
    static List<Use> read(Path folder, UnaryOperator<String> resolved) throws IOException {
        List<Use> uses = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".camel.yaml"))
                    .sorted()
                    .toList()) {
                find(load(Files.readString(file)), resolved, uses);
            }
        }
        return uses;
    }

    private static Object load(String text) {
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        } catch (YAMLException e) {
            return null;
        }
    }

    private static void find(Object file, UnaryOperator<String> resolved, List<Use> uses) {
        if (file instanceof List<?> list) {
            list.forEach(item -> find(item, resolved, uses));
        } else if (file instanceof Map<?, ?> item && item.get("route") instanceof Map<?, ?> route) {
            find(route, resolved, uses);
        } else if (file instanceof Map<?, ?> route && route.get("from") instanceof Map<?, ?> from) {
            String uri = String.valueOf(from.get("uri"));
            if (uri.split("\\?", 2)[0].equals(KAMELET)) {
                Map<String, String> properties = new LinkedHashMap<>(query(uri));
                if (from.get("parameters") instanceof Map<?, ?> parameters) {
                    parameters.forEach((name, value) -> properties.put(String.valueOf(name), String.valueOf(value)));
                }
                properties.replaceAll((name, value) -> resolved.apply(value));
                uses.add(new Use(String.valueOf(route.get("id")), properties));
            }
        }
    }

    private static Map<String, String> query(String uri) {
        try {
            Map<String, String> values = new LinkedHashMap<>();
            URISupport.parseQuery(uri.contains("?") ? uri.substring(uri.indexOf('?') + 1) : "")
                    .forEach((name, value) -> values.put(name, String.valueOf(value)));
            return values;
        } catch (URISyntaxException e) {
            return Map.of();
        }
    }
}
