package serai.demo;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import serai.demo.node.NodeMain;
import serai.demo.node.OpenSearchMain;
import serai.demo.node.rest.RestPlugin;

/**
 * The home folder of an Elasticsearch node, laid out from the jars of the running class path. What a module's folder
 * holds must not be on the node's class path too: the server refuses to start then.
 */
final class NodeHome {

    private static final Pattern SERVER =
            Pattern.compile("(elasticsearch-(\\d|cli|core|entitlement|geo|grok|logging|lz4|native"
                    + "|plugin-|simdvec|tdigest|x-content)|lucene-|HdrHistogram|hppc|lz4-java|joni|jcodings|jopt-simple"
                    + "|log4j-(api|core)|log4j2-ecs|ecs-logging).*\\.jar");
    private static final Pattern TRANSPORT = Pattern.compile("(transport-netty4|elasticsearch-ssl-config"
            + "|netty-(buffer|codec|codec-http|common|handler|resolver|transport|transport-native-unix-common)-\\d)"
            + ".*\\.jar");
    private static final String DESCRIPTOR = "plugin-descriptor.properties";

    private final Path home;
    private final List<Path> jars;

    private NodeHome(Path home, List<Path> jars) {
        this.home = home;
        this.jars = jars;
    }

    /** Creates the folder again; what was there is deleted. */
    static NodeHome in(Path home) throws IOException {
        return in(home, classPathJars());
    }

    /** @param jars the server's and those that it needs; others among them are left aside */
    static NodeHome in(Path home, List<Path> jars) throws IOException {
        delete(home);
        NodeHome layout = new NodeHome(home, jars);
        for (String folder :
                List.of("config", "plugins", "logs", "data", "lib", "modules/transport-netty4", "modules/serai-rest")) {
            Files.createDirectories(home.resolve(folder));
        }
        Files.createFile(home.resolve("config/elasticsearch.yml"));
        layout.transport();
        layout.jar("modules/serai-rest/serai-rest.jar", RestPlugin.class);
        layout.jar("lib/node.jar", NodeMain.class);
        return layout;
    }

    /** The folder of an OpenSearch node, which has no modules; returns the jar with its main class. */
    static Path openSearch(Path home) throws IOException {
        delete(home);
        for (String folder : List.of("config", "plugins", "logs", "data", "lib", "modules")) {
            Files.createDirectories(home.resolve(folder));
        }
        new NodeHome(home, List.of()).jar("lib/node.jar", OpenSearchMain.class);
        return home.resolve("lib/node.jar");
    }

    String classPath() {
        return Stream.concat(Stream.of(home.resolve("lib/node.jar")), jars(SERVER))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void transport() throws IOException {
        Path module = home.resolve("modules/transport-netty4");
        for (Path jar : jars(TRANSPORT).toList()) {
            Files.copy(jar, module.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> lines = new ArrayList<>(descriptor());
        Files.write(module.resolve(DESCRIPTOR), lines);
        lines.removeIf(line -> line.matches("(name|classname|description)=.*"));
        lines.addAll(List.of(
                "name=serai-rest",
                "classname=" + RestPlugin.class.getName(),
                "description=GET / and deletion by query"));
        Files.write(home.resolve("modules/serai-rest").resolve(DESCRIPTOR), lines);
    }

    /**
     * The descriptor that the transport's jar ships; without the module's name, because everything runs on the class
     * path here.
     */
    private List<String> descriptor() throws IOException {
        Path jar = jars(Pattern.compile("transport-netty4-.*\\.jar"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("transport-netty4 is not on the class path"));
        try (JarFile file = new JarFile(jar.toFile());
                var in = file.getInputStream(file.getEntry("META-INF/es-plugins/transport-netty4/" + DESCRIPTOR))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#") && !line.startsWith("modulename"))
                    .toList();
        }
    }

    private Stream<Path> jars(Pattern names) {
        return jars.stream()
                .filter(p -> names.matcher(p.getFileName().toString()).matches());
    }

    private static List<Path> classPathJars() {
        String tests = System.getProperty("surefire.test.class.path");
        return Stream.of((tests == null ? System.getProperty("java.class.path") : tests).split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }

    /** Packs the classes of one package, so that the rest of our class path stays out of the node. */
    private void jar(String name, Class<?> member) throws IOException {
        String folder = member.getPackageName().replace('.', '/');
        Path classes;
        try {
            classes = Path.of(member.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .resolve(folder);
        } catch (java.net.URISyntaxException e) {
            throw new IOException(e);
        }
        try (OutputStream file = Files.newOutputStream(home.resolve(name));
                JarOutputStream jar = new JarOutputStream(file);
                Stream<Path> members = Files.list(classes)) {
            for (Path one : members.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new JarEntry(folder + "/" + one.getFileName()));
                Files.copy(one, jar);
                jar.closeEntry();
            }
        }
    }
}
