package serai.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFolderTest {

    @TempDir
    private Path root;

    private static void write(TemporaryFile file, int bytes) throws IOException {
        try (OutputStream out = file.output()) {
            out.write(new byte[bytes]);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals("serai.lock"))
                    .toList();
        }
    }

    @Test
    void aFileIsReadableByItsUserAloneAndGoneWhenItIsClosed() throws Exception {
        try (TemporaryFolder folder = new TemporaryFolder(root.resolve("spool"), 100, "x")) {
            assertThat(root.resolve("spool")).doesNotExist();
            try (TemporaryFile file = folder.create()) {
                write(file, 7);
                assertThat(files())
                        .singleElement()
                        .satisfies(
                                path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                                        .isEqualTo("rw-------"));
                try (FileChannel channel = file.open()) {
                    assertThat(channel.size()).isEqualTo(7);
                }
            }
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void theBoundIsOfAllFilesTogetherAndAClosedOneMakesRoom() throws Exception {
        try (TemporaryFolder folder = new TemporaryFolder(root, 100, "load.spool-max-bytes")) {
            TemporaryFile first = folder.create();
            write(first, 60);
            TemporaryFile second = folder.create();
            assertThatThrownBy(() -> write(second, 60))
                    .hasMessageContaining("reached 100 bytes")
                    .hasMessageContaining("load.spool-max-bytes");
            second.close();
            first.close();
            try (TemporaryFile third = folder.create()) {
                write(third, 100);
            }
        }
    }

    @Test
    void whatAProcessLeftThatIsGoneIsRemovedAndThatOfOneThatLivesStays() throws Exception {
        Files.createDirectories(root.resolve("gone"));
        Files.writeString(root.resolve("gone/1.rows"), "x");
        try (TemporaryFolder living = new TemporaryFolder(root, 100, "x");
                TemporaryFile kept = living.create();
                TemporaryFolder folder = new TemporaryFolder(root, 100, "x");
                TemporaryFile file = folder.create()) {
            assertThat(root.resolve("gone")).doesNotExist();
            write(kept, 1);
            write(file, 1);
            assertThat(files()).hasSize(2);
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void aFolderThatSomeoneDeletedIsMadeAgain() throws Exception {
        try (TemporaryFolder folder = new TemporaryFolder(root.resolve("spool"), 100, "x")) {
            folder.create().close();
            FileUtils.deleteDirectory(root.resolve("spool").toFile());
            try (TemporaryFile file = folder.create()) {
                write(file, 1);
            }
        }
    }
}
