package serai.testing;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A copy of the project's routes and SQL, or of some of these files, that a test may edit. */
public record ProjectFolder(Path root) {

    /** Copies all files of {@code routes} and {@code sql}. */
    public static ProjectFolder copyTo(Path root) throws IOException {
        return copyTo(root, "{routes,sql}/**");
    }

    /**
     * Copies the migrations and some other files.
     *
     * @param root where to; files that are there already are kept
     * @param globs which, such as <code>routes/watch/{rules,outbox}.camel.yaml</code>
     */
    public static ProjectFolder copyTo(Path root, String... globs) throws IOException {
        List<PathMatcher> matchers = Stream.concat(Stream.of("sql/schema/*"), Arrays.stream(globs))
                .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
                .toList();
        try (Stream<Path> files = Stream.concat(Files.walk(Path.of("routes")), Files.walk(Path.of("sql")))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = root.resolve(file);
                if (matchers.stream().anyMatch(m -> m.matches(file)) && !Files.exists(copy)) {
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
        return new ProjectFolder(root);
    }

    public ProjectFolder write(String file, String text) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.writeString(root.resolve(file), text);
        return this;
    }

    public ProjectFolder delete(String file) throws IOException {
        Files.delete(root.resolve(file));
        return this;
    }

    public String read(String file) throws IOException {
        return Files.readString(root.resolve(file));
    }
}
