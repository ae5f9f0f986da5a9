package serai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The Camel components and data formats in the jar: each has a user, and the documentation names it. */
class ComponentsIT {

    private static final String SERVICES = "META-INF/services/org/apache/camel/";
    private static final Pattern SCHEME = Pattern.compile("([a-z][a-z0-9-]*):.*", Pattern.DOTALL);
    private static final Pattern LITERAL = Pattern.compile("\"([a-z][a-z0-9-]*):");
    private static final Pattern CODE = Pattern.compile("`([a-z-]+)`");

    /** Steps of Camel's YAML that are components or data formats by another name. */
    private static final Map<String, String> STEPS = Map.of("bean", "bean", "csv", "csv", "json", "jackson");

    /** What camel-observability-services cannot do without: metrics, and camel-management with its camel-log. */
    private static final List<String> OF_OBSERVABILITY = List.of("camel-log", "camel-micrometer");

    /** The names of components and data formats by the module that has them. */
    private static Map<String, Set<String>> modules;

    @BeforeAll
    static void read() throws IOException {
        modules = new TreeMap<>();
        try (JarFile jar = new JarFile("target/serai.jar")) {
            for (String kind : List.of("component", "dataFormat")) {
                for (URL file : Collections.list(ComponentsIT.class
                        .getClassLoader()
                        .getResources(SERVICES + kind.toLowerCase(Locale.ROOT) + ".properties"))) {
                    Properties properties = properties(file);
                    String module = properties.getProperty("artifactId");
                    // the class path of the tests has more modules than the jar
                    if (jar.getEntry("META-INF/maven/org.apache.camel/" + module + "/pom.xml") != null) {
                        modules.computeIfAbsent(module, m -> new TreeSet<>())
                                .addAll(List.of(
                                        properties.getProperty(kind + "s").split(" ")));
                    }
                }
            }
        }
    }

    private static Properties properties(URL file) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = file.openStream()) {
            properties.load(in);
        }
        return properties;
    }

    @Test
    void eachModuleOfTheJarIsUsedByARouteAKameletAnExampleOrAClass() throws IOException {
        Set<String> used = new TreeSet<>();
        files("routes", ".yaml").forEach(text -> addNames(text, used));
        Page.blocks("example").stream()
                .filter(block -> block.argument().startsWith("routes/")
                        && block.argument().endsWith(".camel.yaml"))
                .forEach(block -> addNames(block.text(), used));
        files("src/main/java", ".java")
                .forEach(text -> LITERAL.matcher(text).results().forEach(literal -> used.add(literal.group(1))));
        assertThat(modules).containsKeys("camel-slack", "camel-csv", "camel-jdbc");
        assertThat(modules.entrySet().stream()
                        .filter(module -> Collections.disjoint(module.getValue(), used))
                        .map(Map.Entry::getKey))
                .containsExactlyElementsOf(OF_OBSERVABILITY);
    }

    @Test
    void thePageAboutRoutesNamesOneOfEachModule() throws IOException {
        String page = Files.readString(Path.of("docs/routes-and-kamelets.md"));
        int start = page.indexOf("These Camel components are in the jar:");
        Set<String> documented = CODE.matcher(page.substring(start, page.indexOf("\n\n", start)))
                .results()
                .map(name -> name.group(1))
                .map(name -> STEPS.getOrDefault(name, name))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented)
                .isSubsetOf(
                        modules.values().stream().flatMap(Collection::stream).toList());
        assertThat(modules.entrySet().stream()
                        .filter(module -> Collections.disjoint(module.getValue(), documented))
                        .map(Map.Entry::getKey))
                .isSubsetOf(OF_OBSERVABILITY);
    }

    private static List<String> files(String folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .map(ComponentsIT::text)
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addNames(String yaml, Set<String> names) {
        new Yaml().loadAll(yaml).forEach(document -> addNames(document, names));
    }

    /** The schemes of all texts that may be addresses, and the names of steps. */
    private static void addNames(Object node, Set<String> names) {
        if (node instanceof Map<?, ?> map) {
            map.keySet().forEach(key -> {
                if (STEPS.containsKey(key)) {
                    names.add(STEPS.get(key));
                }
            });
            map.values().forEach(value -> addNames(value, names));
        } else if (node instanceof Collection<?> list) {
            list.forEach(value -> addNames(value, names));
        } else if (node instanceof String text) {
            Matcher scheme = SCHEME.matcher(text);
            if (scheme.matches()) {
                names.add(scheme.group(1));
            }
        }
    }
}
