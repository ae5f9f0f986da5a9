package serai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static serai.testing.Waiting.soon;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.SeraiProcess;
import serai.testing.ProjectFolder;
import serai.testing.TestDatabase;

class InstanceIT {

    @TempDir
    Path root;

    private final TestDatabase database = new TestDatabase();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aProcessHasARowWhileItRunsAndMarksItAsEndedWhenItStops() throws Exception {
        ProjectFolder.copyTo(root, "none");
        Files.createDirectories(root.resolve("routes"));
        try (SeraiProcess process = SeraiProcess.start(root, database.properties())) {
            soon().until(() -> database.number("select count(*) from meta.instances") == 1);
            assertThat(database.rows("select id, pid, ended_at, version <> '', host <> '' from meta.instances"))
                    .containsExactly(id() + "|" + process.pid() + "|null|t|t");
            process.kill();
        }
        assertThat(database.rows("select ended_at from meta.instances")).containsExactly("null");
        try (SeraiProcess again = SeraiProcess.start(root, database.properties())) {
            soon().until(() -> database.number("select pid from meta.instances") == again.pid());
            again.stop();
        }
        assertThat(database.rows("select id, ended_at >= started_at from meta.instances"))
                .containsExactly(id() + "|t");
    }

    @Test
    void instancesOfTwoFoldersAreTwoRows() throws Exception {
        try (Instance one = Instance.open(database.warehouse(), root.resolve("a"));
                Instance two = Instance.open(database.warehouse(), root.resolve("b"))) {
            assertThat(one.id()).isNotEqualTo(two.id());
            soon().until(() -> database.number("select count(*) from meta.instances where ended_at is null") == 2);
        }
        assertThat(database.rows("select count(*) from meta.instances where ended_at is null"))
                .containsExactly("0");
    }

    private String id() throws Exception {
        return Files.readString(root.resolve("data/instance-id")).strip();
    }
}
