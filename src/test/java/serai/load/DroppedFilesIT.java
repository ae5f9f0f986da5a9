package serai.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.request.Pauses;
import serai.request.Subject;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;
import serai.testing.Waiting;
import serai.warehouse.Writer;

/** Files in a folder that may not be loaded: their source is paused, the warehouse does not answer, they are large. */
class DroppedFilesIT {

    private static final Subject SOURCE = new Subject(Subject.Kind.SOURCE, "load-notes");
    private static final int MOST_BYTES = 1000;

    @TempDir
    private static Path folder;

    private static final TestDatabase database = new TestDatabase();
    private static RunningSerai serai;
    private static Path inbox;

    @BeforeAll
    static void start() throws Exception {
        database.execute("create table landing.notes (id int primary key, day date, note text)");
        inbox = folder.resolve("inbox");
        ProjectFolder.copyTo(folder, "routes/kamelets/upsert-rows.kamelet.yaml", "routes/_errors.camel.yaml")
                .write("routes/load/load-notes.camel.yaml", """
                        - route:
                            id: load-notes
                            from:
                              uri: file:%s
                              parameters: { initialDelay: 0, delay: 100, sortBy: file:name, move: .done,
                                moveFailed: .failed }
                              steps:
                                - unmarshal:
                                    csv: { lazyLoad: true }
                                - to:
                                    uri: kamelet:upsert-rows
                                    parameters: { table: landing.notes, key: id, window: day, maxWait: 1s }
                        """.formatted(inbox));
        serai = RunningSerai.start(folder, database, Map.of("load.max-bytes", String.valueOf(MOST_BYTES)));
    }

    @AfterAll
    static void stop() {
        serai.close();
        database.close();
    }

    @BeforeEach
    void clear() {
        database.execute("truncate landing.notes, meta.dirty, meta.rejects, meta.runs, meta.loaded_files");
    }

    private static void drop(String name, String content) throws IOException {
        Files.createDirectories(inbox);
        Path draft = folder.resolve(name);
        Files.writeString(draft, content);
        Files.move(draft, inbox.resolve(name));
    }

    private static String rows(int from, int to, String note) {
        StringBuilder text = new StringBuilder("id,day,note\n");
        for (int id = from; id < to; id++) {
            text.append(id).append(",2026-03-01,").append(note).append('\n');
        }
        return text.toString();
    }

    private static List<String> files(String subfolder) throws IOException {
        if (!Files.exists(inbox.resolve(subfolder))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(inbox.resolve(subfolder))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static void awaitDone(String... names) {
        Waiting.soon().untilAsserted(() -> {
            assertThat(files("")).isEmpty();
            assertThat(files(".done")).contains(names);
        });
    }

    /** Longer than a message waits. */
    private static void assertNothingIsTaken(String... names) {
        Awaitility.await()
                .during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(files("")).containsExactly(names));
        assertThat(serai.context().getInflightRepository().size())
                .as("messages that wait")
                .isZero();
    }

    @Test
    void filesOfAPausedSourceStayWhereTheyAreAndAreLoadedAfterItIsResumed() throws Exception {
        Pauses.pause(database.warehouse(), SOURCE, "ann", "the files are wrong");
        drop("p1.csv", rows(1, 3, "a"));
        drop("p2.csv", rows(3, 5, "a"));
        assertNothingIsTaken("p1.csv", "p2.csv");
        assertThat(database.number("select count(*) from meta.runs where source = 'load-notes'"))
                .isZero();
        Pauses.resume(database.warehouse(), SOURCE);
        awaitDone("p1.csv", "p2.csv");
        assertThat(database.number("select count(*) from landing.notes")).isEqualTo(4);
        assertThat(database.rows("select distinct status from meta.runs where source = 'load-notes'"))
                .containsExactly("ok");
        assertThat(files(".failed")).doesNotContain("p1.csv", "p2.csv");
    }

    @Test
    void aPauseBetweenTwoFilesOfOnePollLetsOnlyTheOneThatWasTakenThrough() throws Exception {
        try (Writer other = database.warehouse().writer("load-notes")) {
            // they are dropped while the route is stopped, so that one poll finds them all
            serai.context().getRouteController().stopRoute("load-notes");
            drop("b1.csv", rows(1, 2, "a"));
            drop("b2.csv", rows(2, 3, "a"));
            drop("b3.csv", rows(3, 4, "a"));
            serai.context().getRouteController().startRoute("load-notes");
            Waiting.soon().until(() -> serai.context().getInflightRepository().size("load-notes") > 0);
            Pauses.pause(database.warehouse(), SOURCE, "ann", null);
        }
        Waiting.soon().until(() -> database.number("select count(*) from landing.notes") == 1);
        assertNothingIsTaken("b2.csv", "b3.csv");
        Pauses.resume(database.warehouse(), SOURCE);
        awaitDone("b1.csv", "b2.csv", "b3.csv");
        assertThat(database.number("select count(*) from landing.notes")).isEqualTo(3);
        assertThat(files(".failed")).doesNotContain("b1.csv", "b2.csv", "b3.csv");
    }

    @Test
    void filesStayWhereTheyAreWhileTheWarehouseCannotBeAsked() throws Exception {
        database.execute("alter table meta.paused rename to paused_elsewhere");
        try {
            drop("w.csv", rows(1, 3, "a"));
            assertNothingIsTaken("w.csv");
        } finally {
            database.execute("alter table meta.paused_elsewhere rename to paused");
        }
        awaitDone("w.csv");
        assertThat(database.number("select count(*) from landing.notes")).isEqualTo(2);
    }

    @Test
    void aFileLargerThanLoadMaxBytesMovesToFailedAndChangesNothing() throws Exception {
        String large = rows(1, 100, "0123456789");
        drop("large.csv", large);
        Waiting.soon()
                .until(() -> files(".failed").contains("large.csv") && files("").isEmpty());
        assertThat(Files.readString(inbox.resolve(".failed/large.csv"))).isEqualTo(large);
        assertThat(database.rows("select status, rows_read, error from meta.runs where source = 'load-notes'"))
                .containsExactly("held|0|large.csv: The file has " + large.length()
                        + " bytes, more than load.max-bytes (" + MOST_BYTES + ") allows.");
        for (String table : List.of("landing.notes", "meta.dirty", "meta.rejects", "meta.loaded_files")) {
            assertThat(database.number("select count(*) from " + table))
                    .as(table)
                    .isZero();
        }
        drop("small.csv", rows(1, 20, "0123456789"));
        awaitDone("small.csv");
        assertThat(database.number("select count(*) from landing.notes")).isEqualTo(19);
    }
}
