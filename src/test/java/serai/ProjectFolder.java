package serai;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;

/** A copy of the project's routes and SQL that a test may edit. */
public final class ProjectFolder {

    private final Path root;

    private ProjectFolder(Path root) {
        this.root = root;
    }

    public static ProjectFolder copyTo(Path root) throws IOException {
        FileUtils.copyDirectory(
                new java.io.File("routes"), root.resolve("routes").toFile());
        FileUtils.copyDirectory(new java.io.File("sql"), root.resolve("sql").toFile());
        return new ProjectFolder(root);
    }

    public Path root() {
        return root;
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
