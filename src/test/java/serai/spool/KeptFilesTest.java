package serai.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptFilesTest {

    @TempDir
    Path root;

    private TemporaryFolder temporary() {
        return new TemporaryFolder(root.resolve("spool"), 100, "load.spool-max-bytes");
    }

    private Path held() {
        return root.resolve("held");
    }

    private static TemporaryFile written(TemporaryFolder folder, int bytes) throws IOException {
        TemporaryFile file = folder.create();
        try (OutputStream out = file.output()) {
            out.write(new byte[bytes]);
        }
        return file;
    }

    @Test
    void aFileThatIsKeptOutlivesItsProcessAndIsReadableByItsUserAlone() throws Exception {
        try (TemporaryFolder folder = temporary();
                TemporaryFile file = written(folder, 60)) {
            new KeptFiles(held(), folder).keep(file, "1.rows");
        }
        try (TemporaryFolder folder = temporary()) {
            KeptFiles kept = new KeptFiles(held(), folder);
            assertThat(kept.names()).containsExactly("1.rows");
            try (FileChannel channel = kept.find("1.rows").orElseThrow().open()) {
                assertThat(channel.size()).isEqualTo(60);
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(held())))
                    .isEqualTo("rwx------");
            assertThat(kept.find("2.rows")).isEmpty();
        }
    }

    @Test
    void keptFilesCountForTheBoundAlsoAfterARestartUntilTheyAreDeleted() throws Exception {
        try (TemporaryFolder folder = temporary();
                TemporaryFile file = written(folder, 60)) {
            new KeptFiles(held(), folder).keep(file, "1.rows");
            file.close();
            assertThatThrownBy(() -> written(folder, 60)).hasMessageContaining("reached 100 bytes");
        }
        try (TemporaryFolder folder = temporary()) {
            assertThat(new KeptFiles(held(), folder).names()).hasSize(1);
            assertThatThrownBy(() -> written(folder, 60)).hasMessageContaining("reached 100 bytes");
        }
        try (TemporaryFolder folder = temporary()) {
            KeptFiles kept = new KeptFiles(held(), folder);
            kept.delete("1.rows");
            kept.delete("1.rows");
            written(folder, 100).close();
            assertThat(kept.names()).isEmpty();
        }
    }
}
