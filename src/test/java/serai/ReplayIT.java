package serai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.command.ExitCode;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;

/** The command {@code replay}: rejects of messages are applied after what was in their way was corrected. */
class ReplayIT {

    private static final String BIG = "12345678901";

    @TempDir
    private static Path root;

    private static final TestDatabase database = new TestDatabase();
    private static RunningSerai serai;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws Exception {
        database.execute("create table landing.spend (day date, id int primary key, amount int, note text)");
        ProjectFolder.copyTo(root, "routes/_errors.camel.yaml", "routes/kamelets/upsert-rows.kamelet.yaml")
                .write("routes/load/load-spend.camel.yaml", """
                        - route:
                            id: load-spend
                            from:
                              uri: direct:spend
                              steps:
                                - to:
                                    uri: kamelet:upsert-rows
                                    parameters: { table: landing.spend, key: id, window: day, emptyText: note,
                                      columns: "Amount (USD)=amount" }
                        """);
        Files.writeString(
                root.resolve("application.properties"),
                Files.readString(Path.of("application.properties")) + "\nwarehouse.url = " + database.url()
                        + "\nwarehouse.user = postgres\n");
        serai = RunningSerai.start(root, database, Map.of());
    }

    @AfterAll
    static void stop() {
        serai.close();
        database.close();
    }

    @BeforeEach
    void clear() {
        database.execute("truncate landing.spend, meta.dirty, meta.rejects, meta.runs");
        database.execute("alter table landing.spend alter amount type int");
    }

    /** What was in the way. */
    private static void correct() {
        database.execute("alter table landing.spend alter amount type numeric");
    }

    private static void send(List<?>... rows) {
        List<List<?>> message = new ArrayList<>();
        message.add(List.of("Day", "ID", "Amount (USD)", "Note"));
        message.addAll(List.of(rows));
        serai.context().createProducerTemplate().sendBody("direct:spend", message);
    }

    private static List<Object> row(Object id, Object amount, String note) {
        return List.of("2026-03-01", id, amount, note);
    }

    private static List<String> rows() {
        return database.rows("select id, amount, note from landing.spend order by id");
    }

    private static List<String> open() {
        return database.rows("select reason from meta.rejects where resolved_at is null order by id");
    }

    private int call(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Commands.run(root, new PrintWriter(out), new PrintWriter(err), arguments);
    }

    @Test
    void aRejectThatFitsNowIsInTheTableAsItWasSent() {
        send(row(1, BIG, "a \"quoted\",\ntext"), row(2, 5, ""));
        send(row(3, BIG, ""), row(4, 6, "x"));
        assertThat(open()).hasSize(2);
        database.execute("delete from meta.dirty");
        correct();
        assertThat(call("replay", "load-spend")).as(err.toString()).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).isEqualTo("load-spend: 2 rejects are applied, 0 are open.\n");
        assertThat(rows()).containsExactly("1|" + BIG + "|a \"quoted\",\ntext", "2|5|", "3|" + BIG + "|", "4|6|x");
        assertThat(open()).isEmpty();
        assertThat(database.rows("select day from meta.dirty where relation = 'landing.spend'"))
                .containsExactly("2026-03-01");
        assertThat(database.value("select status || ' ' || rows_read || ' ' || rows_inserted from meta.runs"
                        + " order by run_id desc limit 1"))
                .isEqualTo("ok 2 2");
        assertThat(call("replay", "landing.spend")).isEqualTo(ExitCode.NO);
        assertThat(err.toString()).isEqualTo("There are no open rejects of landing.spend.\n");
    }

    @Test
    void aRejectThatStillDoesNotFitStaysOpenAndKeepsItsPlace() {
        send(row(1, 1, ""), row(2, "x", ""), row(3, BIG, ""));
        correct();
        assertThat(call("replay", "landing.spend")).isEqualTo(ExitCode.NO);
        assertThat(out.toString()).isEqualTo("load-spend: 1 rejects are applied, 1 are open.\n");
        assertThat(database.rows("select locator ->> 'row', locator ->> 'key', attempts from meta.rejects"
                        + " where resolved_at is null"))
                .containsExactly("2|[\"2\"]|2");
        assertThat(database.value("select status from meta.runs order by run_id desc limit 1"))
                .isEqualTo("ok");
    }

    @Test
    void ofRejectsWithOneKeyTheNewestIsAppliedAndTheOlderOnesAreOver() {
        send(row(1, BIG, "old"), row(2, 2, ""));
        send(row(1, BIG + "0", "new"), row(2, 3, ""));
        correct();
        assertThat(call("replay", "load-spend")).as(err.toString()).isEqualTo(ExitCode.DONE);
        assertThat(rows()).containsExactly("1|" + BIG + "0|new", "2|3|");
    }

    @Test
    void aRowThatCameLaterIsNotOverwritten() {
        // in a later message, with the key written in another way
        send(row("01", BIG, ""), row(9, 1, ""));
        send(row(1, 10, ""));
        // in the same message
        send(row(2, BIG, ""), row(2, 20, ""));
        // by another route
        send(row(3, BIG, ""), row(9, 1, ""));
        database.execute("insert into landing.spend values ('2026-03-01', 3, 30, '')");
        database.execute(
                "insert into meta.sources (source, kind, target) values ('another', 'upsert-rows', 'landing.spend')");
        correct();
        assertThat(call("replay", "load-spend")).isEqualTo(ExitCode.NO);
        assertThat(out.toString())
                .isEqualTo("load-spend: 0 rejects are applied, 3 are open. Of 2 the table has a row"
                        + " with the same key that may be newer.\n");
        assertThat(rows()).containsExactly("1|10|", "2|20|", "3|30|", "9|1|");
        database.execute("delete from meta.sources where source = 'another'");
    }

    @Test
    void aRecordThatWasCutIsNotApplied() {
        send(row(1, BIG, "x".repeat(70_000)), row(2, 2, ""));
        correct();
        assertThat(call("replay", "load-spend")).isEqualTo(ExitCode.NO);
        assertThat(rows()).containsExactly("2|2|");
    }

    @Test
    void aPausedSourceIsRefused() {
        send(row(1, BIG, ""), row(2, 2, ""));
        call("pause", "load-spend");
        assertThat(call("replay", "load-spend")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("The source load-spend is paused since ");
        call("resume", "load-spend");
    }

    /** After the correction the table is what it would be if it had been right from the beginning. */
    @Test
    void messagesAndAReplayGiveTheLastRowOfEachKey() {
        Random random = new Random(7);
        for (int round = 0; round < 5; round++) {
            clear();
            Map<Integer, String> last = new TreeMap<>();
            for (int message = 0; message < 12; message++) {
                Map<Integer, List<Object>> rows = new LinkedHashMap<>();
                rows.put(100, row(100, message, ""));
                last.put(100, "100|" + message + "|");
                for (int i = random.nextInt(4); i > 0; i--) {
                    int id = random.nextInt(5);
                    String amount = random.nextBoolean() ? BIG + message : String.valueOf(message);
                    rows.remove(id);
                    rows.put(id, row(id, amount, ""));
                    last.put(id, id + "|" + amount + "|");
                }
                send(rows.values().toArray(List[]::new));
            }
            correct();
            if (!open().isEmpty()) {
                assertThat(call("replay", "load-spend")).as(err.toString()).isEqualTo(ExitCode.DONE);
            }
            assertThat(rows()).containsExactlyElementsOf(last.values());
        }
    }
}
