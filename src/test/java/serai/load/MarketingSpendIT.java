package serai.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;
import serai.testing.Waiting;

/** The shipped route load-marketing-spend: CSV files that are dropped into a folder. */
class MarketingSpendIT {

    private static final String HEADER = "Spend Date,Campaign,Spend,Currency,Impressions,Clicks\n";
    private static final String RUNS = """
            select status, rows_read, rows_inserted, rows_updated, rows_rejected from meta.runs
            where source = 'load-marketing-spend' and status <> 'running' order by run_id""";

    @TempDir
    private static Path folder;

    private static final TestDatabase database = new TestDatabase();
    private static RunningSerai serai;
    private static Path inbox;

    @BeforeAll
    static void start() throws Exception {
        ProjectFolder.copyTo(
                folder,
                "routes/kamelets/upsert-rows.kamelet.yaml",
                "routes/load/load-marketing-spend.camel.yaml",
                "routes/_errors.camel.yaml");
        inbox = folder.resolve("dropped/here");
        serai = RunningSerai.start(folder, database, Map.of("load.marketing-spend.inbox", inbox.toString()));
    }

    @AfterAll
    static void stop() {
        serai.close();
        database.close();
    }

    @BeforeEach
    void clear() {
        database.execute("truncate landing.marketing_spend, meta.dirty, meta.rejects, meta.runs, meta.loaded_files");
    }

    /** Drops a file whose last change was an hour ago, so that it is taken at once. */
    private static void drop(String name, byte[] content) throws IOException {
        Files.createDirectories(inbox);
        Path draft = inbox.resolve(name + ".draft");
        Files.write(draft, content);
        Files.setLastModifiedTime(draft, FileTime.from(Instant.now().minusSeconds(3600)));
        Files.move(draft, inbox.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void drop(String name, String content) throws IOException {
        drop(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private static void awaitMoved(String name, String to) {
        Waiting.soon().until(() -> Files.exists(inbox.resolve(to).resolve(name)) && !Files.exists(inbox.resolve(name)));
    }

    private static String rows(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "2026-03-0" + (1 + i % 9) + ",campaign " + i + "," + i + ".5,GBP,100,7\n")
                .collect(Collectors.joining());
    }

    @Test
    void aFileIsLoadedAndMovedAndItsDaysAreMarked() throws Exception {
        drop("march.csv", HEADER + "2026-03-01,\"Spring, 'sale' & more=now\",12.50,GBP,1000,10\n");
        awaitMoved("march.csv", ".done");
        assertThat(database.rows("select * from landing.marketing_spend"))
                .containsExactly("2026-03-01|Spring, 'sale' & more=now|12.50|GBP|1000|10");
        assertThat(database.rows(RUNS)).containsExactly("ok|1|1|0|0");
        assertThat(database.rows("select relation, day from meta.dirty"))
                .containsExactly("landing.marketing_spend|2026-03-01");
        assertThat(database.rows("select step, target, file, bytes from meta.loaded_files"))
                .containsExactly("load-marketing-spend.upsert-rows|landing.marketing_spend|march.csv|"
                        + Files.size(inbox.resolve(".done/march.csv")));
    }

    @Test
    void theSameFileTwiceAndUnderAnotherNameIsLoadedOnce() throws Exception {
        String first = HEADER + "2026-03-01,a,1,GBP,1,1\n";
        drop("first.csv", first);
        awaitMoved("first.csv", ".done");
        drop("second.csv", HEADER + "2026-03-01,a,2,GBP,1,1\n");
        awaitMoved("second.csv", ".done");
        drop("first.csv", first);
        Waiting.soon().until(() -> database.rows(RUNS).size() == 3);
        drop("renamed.csv", first);
        awaitMoved("renamed.csv", ".done");
        assertThat(database.rows(RUNS))
                .containsExactly("ok|1|1|0|0", "ok|1|0|1|0", "unchanged|0|0|0|0", "unchanged|0|0|0|0");
        assertThat(database.value("select spend from landing.marketing_spend")).isEqualTo("2");
    }

    @Test
    void aFileThatCannotBeLoadedMovesToFailedAndTheLedgerSaysWhy() throws Exception {
        drop("header.csv", "Date;Campaign\n2026-03-01;a\n");
        drop("empty.csv", "");
        drop("quote.csv", HEADER + "2026-03-01,a,1,GBP,1,1\n2026-03-01,\"b,1,GBP,1,1\n");
        drop("picture.csv", new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13});
        for (String name : new String[] {"header.csv", "empty.csv", "quote.csv", "picture.csv"}) {
            awaitMoved(name, ".failed");
        }
        assertThat(database.number("select count(*) from landing.marketing_spend"))
                .isZero();
        assertThat(database.number("select count(*) from meta.loaded_files")).isZero();
        assertThat(database.rows("select error from meta.runs where status = 'held' order by error"))
                .satisfiesExactly(
                        e -> assertThat(e).isEqualTo("empty.csv: The file has no row, not even a header."),
                        e -> assertThat(e).startsWith("header.csv: The header is not that of landing.marketing_spend"),
                        e -> assertThat(e)
                                .startsWith("picture.csv: The rows cannot be read after row 0: there are bytes"),
                        e -> assertThat(e).startsWith("quote.csv: The rows cannot be read after row 1"));
        // corrected, it is loaded
        drop("header.csv", HEADER + "2026-03-01,a,1,GBP,1,1\n");
        awaitMoved("header.csv", ".done");
        assertThat(database.number("select count(*) from landing.marketing_spend"))
                .isEqualTo(1);
    }

    @Test
    void rowsThatDoNotFitAreRejectsWithTheFileAndTheFileMayComeAgain() throws Exception {
        String some = HEADER + "2026-03-01,a,1,GBP,1,1\n2026-03-01,b,one,GBP,1,1\n2026-03-01,b, c,1,GBP,1,1\n";
        drop("some.csv", some);
        awaitMoved("some.csv", ".done");
        assertThat(database.rows(RUNS)).containsExactly("ok|3|1|0|2");
        assertThat(database.rows("select locator ->> 'file', locator ->> 'row', reason from meta.rejects order by id"))
                .containsExactly("some.csv|2|is not a number", "some.csv|3|has 7 fields where the header has 6");
        assertThat(database.number("select count(*) from meta.loaded_files")).isZero();
        drop("some.csv", some);
        Waiting.soon().until(() -> database.rows(RUNS).size() == 2);
        assertThat(database.rows("select distinct attempts from meta.rejects")).containsExactly("2");
    }

    @Test
    void aFileOfAnotherEncodingLoadsNothing() throws Exception {
        drop("latin1.csv", (HEADER + "2026-03-01,M\u00fcller,1,GBP,1,1\n").getBytes(StandardCharsets.ISO_8859_1));
        awaitMoved("latin1.csv", ".failed");
        assertThat(database.value("select error from meta.runs")).contains("not of its encoding");
    }

    @Test
    void aFileThatIsBeingWrittenIsTakenWhenItIsComplete() throws Exception {
        Files.createDirectories(inbox);
        Path file = inbox.resolve("slow.csv");
        Files.writeString(file, HEADER + rows(0, 10));
        for (int part = 1; part < 5; part++) {
            // a slow writer
            Waiting.soon()
                    .until(() -> Files.getLastModifiedTime(file)
                            .toInstant()
                            .isBefore(Instant.now().minusSeconds(3)));
            Files.writeString(file, rows(10 * part, 10 * part + 10), StandardOpenOption.APPEND);
        }
        awaitMoved("slow.csv", ".done");
        assertThat(database.rows(RUNS)).containsExactly("ok|50|50|0|0");
    }

    @Test
    void aFileThatIsWrittenToWhileItIsReadLoadsNothing() throws Exception {
        // a machine may be so quick that a file is read before the test writes to it
        for (int attempt = 0; !isWrittenToWhileItIsRead(attempt); attempt++) {
            assertThat(attempt).as("files that were read too quickly").isLessThan(20);
            clear();
        }
        assertThat(database.number("select count(*) from landing.marketing_spend"))
                .isZero();
        assertThat(database.value("select error from meta.runs")).contains("was written to while it was read");
    }

    private boolean isWrittenToWhileItIsRead(int attempt) throws IOException {
        String name = "large-" + attempt + ".csv";
        Path file = inbox.resolve(name);
        drop(name, HEADER + rows(attempt, attempt + 200_000));
        Waiting.soon().until(() -> database.number("select count(*) from meta.runs") == 1);
        try {
            Files.writeString(file, rows(300_000, 300_001), StandardOpenOption.APPEND);
        } catch (NoSuchFileException e) {
            return false;
        }
        Path failed = inbox.resolve(".failed").resolve(name);
        Path done = inbox.resolve(".done").resolve(name);
        Waiting.soon().until(() -> !Files.exists(file) && (Files.exists(failed) || Files.exists(done)));
        return Files.exists(failed);
    }

    @Test
    void otherFilesStayWhereTheyAre() throws Exception {
        drop("notes.txt", "not for Serai");
        drop("one.csv", HEADER + rows(0, 1));
        awaitMoved("one.csv", ".done");
        assertThat(inbox.resolve("notes.txt")).exists();
    }
}
