package serai.watch.search;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The jars of a server that cannot be on the class path of the tests, as Maven finds them for
 * {@code src/test/servers/NAME.xml}.
 */
final class ServerJars {

    private ServerJars() {}

    static List<Path> of(String name) throws IOException, InterruptedException {
        Path pom = Path.of("src/test/servers", name + ".xml").toAbsolutePath();
        Path list = Files.createDirectories(Path.of("target/servers"))
                .resolve(name + ".txt")
                .toAbsolutePath();
        if (!Files.exists(list) || Files.getLastModifiedTime(list).compareTo(Files.getLastModifiedTime(pom)) < 0) {
            find(pom, list);
        }
        return Stream.of(Files.readString(list).strip().split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }

    private static void find(Path pom, Path list) throws IOException, InterruptedException {
        Path log = Path.of("target/servers", pom.getFileName() + ".log");
        Process maven = new ProcessBuilder(
                        Path.of(System.getProperty("serai.maven"), "bin", "mvn").toString(),
                        "-q",
                        "-B",
                        "-f",
                        pom.toString(),
                        "dependency:build-classpath",
                        "-Dmdep.outputFile=" + list)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!maven.waitFor(10, TimeUnit.MINUTES) || maven.exitValue() != 0) {
            maven.destroyForcibly();
            throw new IOException(
                    "Maven could not fetch the jars of " + pom.getFileName() + ":\n" + Files.readString(log));
        }
    }
}
