package serai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The repository as a whole: a clone of it needs nothing beside it. */
class RepositoryTest {

    /** Not part of a clone. */
    private static final Set<String> LEFT_OUT = Set.of(".git", "target", "data", ".idea", "node_modules");

    /** In two parts, so that this file is not one that refers to it. */
    private static final String NEIGHBOUR = "../" + "shared";

    @Test
    void noFileRefersToAFolderBesideTheRepository() throws IOException {
        List<Path> referring = new ArrayList<>();
        for (Path file : files()) {
            // bytes as characters, so that a file of any encoding can be read
            if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(NEIGHBOUR)) {
                referring.add(file);
            }
        }
        assertThat(referring).isEmpty();
    }

    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(Path.of(""), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return LEFT_OUT.contains(folder.toString()) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.add(file);
                return FileVisitResult.CONTINUE;
            }
        });
        assertThat(files).contains(Path.of("pom.xml"), Path.of("README.md"));
        return files;
    }
}
