package serai.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.SeraiProcess;
import serai.testing.ProjectFolder;
import serai.testing.Rounds;
import serai.testing.TestDatabase;
import serai.testing.Waiting;

/** Promise 1: a kill -9 at any instant of the load of a large file loses nothing and doubles nothing. */
class KilledUpsertIT {

    private static final int KILLS = Rounds.of(4, 25);
    private static final int ROWS = 150_000;

    @Test
    void theTableHasTheWholeOfTheLastFileWheneverTheProcessIsKilled(@TempDir Path folder) throws Exception {
        ProjectFolder.copyTo(
                folder,
                "routes/kamelets/upsert-rows.kamelet.yaml",
                "routes/load/load-marketing-spend.camel.yaml",
                "routes/_errors.camel.yaml");
        Random random = new Random(7);
        try (TestDatabase database = new TestDatabase()) {
            for (int version = 1; version <= KILLS; version++) {
                drop(folder, version);
                long runs = database.number("select count(*) from meta.runs where source = 'load-marketing-spend'");
                try (SeraiProcess serai = SeraiProcess.start(folder, database.properties())) {
                    Waiting.soon().until(() -> {
                        serai.requireAlive();
                        return database.number("select count(*) from meta.runs where source = 'load-marketing-spend'")
                                > runs;
                    });
                    LockSupport.parkNanos(random.nextInt(4_000) * 1_000_000L);
                    serai.kill();
                }
                assertOneVersion(database, "after kill " + version);
            }
            try (SeraiProcess serai = SeraiProcess.start(folder, database.properties())) {
                Waiting.soon().until(() -> {
                    serai.requireAlive();
                    return files(folder.resolve("inbox/spend")) == 0;
                });
                assertThat(serai.stop()).isIn(0, 143);
            }
            assertOneVersion(database, "at the end");
            assertThat(database.number("select max(clicks) from landing.marketing_spend"))
                    .isEqualTo(KILLS);
            assertThat(files(folder.resolve("inbox/spend/.done"))).isEqualTo(KILLS);
            assertThat(database.number("select count(*) from meta.loaded_files"))
                    .isEqualTo(KILLS);
            assertThat(database.number("select sum(rows_inserted) from meta.runs where status = 'ok'"))
                    .isEqualTo(ROWS);
            assertThat(database.number("select sum(rows_updated) from meta.runs where status = 'ok'"))
                    .isEqualTo((KILLS - 1L) * ROWS);
        }
    }

    /** A file whose rows all have its version, and the keys of all other files. */
    private static void drop(Path folder, int version) throws IOException {
        Path inbox = Files.createDirectories(folder.resolve("inbox/spend"));
        // files are taken in the order of their names at the same instant: one is there at a time, or the next ones
        // wait
        Path draft = inbox.resolve("draft");
        try (BufferedWriter out = Files.newBufferedWriter(draft)) {
            out.write("spend_date,campaign,spend,currency,impressions,clicks\n");
            for (int i = 0; i < ROWS; i++) {
                out.write("2026-03-01,campaign " + i + ",1.5,GBP,100," + version + "\n");
            }
        }
        Files.setLastModifiedTime(draft, FileTime.from(Instant.now().minusSeconds(3600 - version)));
        Files.move(draft, inbox.resolve("v%02d.csv".formatted(version)));
    }

    private static long files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    private static void assertOneVersion(TestDatabase database, String when) {
        long rows = database.number("select count(*) from landing.marketing_spend");
        assertThat(rows).as("rows " + when).isIn(0L, (long) ROWS);
        assertThat(database.number("select count(distinct clicks) from landing.marketing_spend"))
                .as("versions " + when)
                .isLessThanOrEqualTo(1);
        assertThat(database.number("select coalesce(max(clicks), 0) from landing.marketing_spend"))
                .as("files that are recorded " + when)
                .isEqualTo(database.number("select count(*) from meta.loaded_files"));
    }
}
