package serai.edits;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedFilesTest {

    @TempDir
    private Path temporary;

    @Test
    void filesOutsideTheProjectAreNamedByTheirWholePath() throws Exception {
        Path root = Files.createDirectories(temporary.resolve("project"));
        Path inside = file(root.resolve("routes/alerts/a.yaml"));
        Path beside = file(temporary.resolve("rules/team/b.yaml"));
        WatchedFiles folder = new WatchedFiles(
                root, List.of(Path.of("routes"), Path.of("routes/alerts"), Path.of("../rules")), f -> true, List::of);

        assertThat(folder.stamps()).containsOnlyKeys(root.relativize(inside), beside);
        assertThat(folder.read(beside)).isEqualTo("name: a\n");
        assertThat(folder.read(root.relativize(inside))).isEqualTo("name: a\n");
    }

    @Test
    void aSingleFileIsWatchedAnywhereAndItsDeletionIsSeen() throws Exception {
        Path root = Files.createDirectories(temporary.resolve("project"));
        Path template = file(temporary.resolve("templates/a.jinja"));
        WatchedFiles folder = new WatchedFiles(
                root, List.of(Path.of("routes")), f -> false, () -> List.of(template, Path.of("b.inc")));

        assertThat(folder.stamps()).containsOnlyKeys(template);
        file(root.resolve("b.inc"));
        Files.delete(template);
        assertThat(folder.stamps()).containsOnlyKeys(Path.of("b.inc"));
    }

    private static Path file(Path file) throws Exception {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "name: a\n");
    }
}
