package serai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.command.ExitCode;
import serai.demo.Card;
import serai.demo.CardReport;
import serai.demo.Failure;
import serai.demo.MetabaseDouble;
import serai.demo.SeraiProcess;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;
import serai.testing.Waiting;

/** The command {@code accept}: a reply that was held is loaded as it is, by the instance that has it. */
class AcceptIT {

    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);
    private static final String LAST_RUN =
            "select status from meta.runs where source = 'load-days' and status <> 'running' order by run_id desc";

    @TempDir
    Path root;

    private final TestDatabase database = new TestDatabase();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private List<List<Object>> rows = rows(10);
    private MetabaseDouble metabase;
    private RunningSerai serai;

    @BeforeEach
    void start() throws Exception {
        database.execute("create table landing.days (day date not null, k int not null check (k < 1000))");
        metabase = MetabaseDouble.start()
                .card(Card.between(31, "Days", p -> CardReport.of(List.of("Day", "K"), rows.iterator())));
        ProjectFolder.copyTo(
                root,
                "routes/_errors.camel.yaml",
                "routes/kamelets/{metabase-report,replace-window}.kamelet.yaml",
                "routes/{refresh,show}/*");
        route("");
        Files.writeString(
                root.resolve("application.properties"),
                Files.readString(Path.of("application.properties")) + "\nwarehouse.url = " + database.url()
                        + "\nwarehouse.user = postgres\nmetabase.url = " + metabase.url() + "\nmetabase.api-key = "
                        + MetabaseDouble.API_KEY + "\n");
        serai = run();
        assertThat(serai.firstImport("load-days")).isEqualTo("ok");
    }

    @AfterEach
    void stop() throws Exception {
        serai.close();
        metabase.close();
        database.close();
    }

    private void route(String properties) throws IOException {
        new ProjectFolder(root).write("routes/load/load-days.camel.yaml", """
                - route:
                    id: load-days
                    from:
                      uri: kamelet:metabase-report
                      parameters: { card: 31, cron: "0 0 0 1 1 ? 2090", lookback: 72h }
                      steps:
                        - to:
                            uri: kamelet:replace-window
                            parameters: { table: landing.days, window: day%s }
                """.formatted(properties));
    }

    private RunningSerai run() throws Exception {
        return RunningSerai.start(
                root,
                database,
                Map.of("metabase.url", metabase.url(), "metabase.api-key", MetabaseDouble.API_KEY, "load.retry", "1h"));
    }

    private static List<List<Object>> rows(int count) {
        return IntStream.range(0, count)
                .mapToObj(k -> List.<Object>of(TODAY, k))
                .toList();
    }

    private int call(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Commands.run(root, new PrintWriter(out), new PrintWriter(err), arguments);
    }

    private void hold(int count) {
        rows = rows(count);
        assertThat(call("load", "now", "load-days")).isEqualTo(ExitCode.NO);
        assertThat(out.toString())
                .contains("load-days: held", "has " + count + " rows where there were 10")
                .endsWith("To load this reply as it is: accept load-days\n");
    }

    private List<String> files() throws IOException {
        Path held = root.resolve("data/spool/held");
        if (!Files.isDirectory(held)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(held)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private long loaded() {
        return database.number("select count(*) from landing.days");
    }

    @Test
    void anAcceptedReplyIsLoadedAndTheRunNamesWhoOverruledWhat() throws Exception {
        hold(2);
        assertThat(loaded()).isEqualTo(10);
        assertThat(files()).hasSize(2);
        // the page shows what it read a moment ago
        Waiting.soon().until(() -> serai.get("/status.json").body().contains("\"accept load-days\""));

        assertThat(call("accept", "load-days")).as(err.toString()).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).endsWith("load-days: ok, 2 read, 2 inserted, 10 deleted, 0 rejected\n");
        assertThat(loaded()).isEqualTo(2);
        assertThat(database.value("select accepted_by || ': ' || overruled || ' ' || (accepts < run_id) from meta.runs"
                        + " where source = 'load-days' order by run_id desc limit 1"))
                .startsWith(System.getProperty("user.name") + ": The report has 2 rows where there were 10")
                .endsWith(" true");
        assertThat(files()).isEmpty();
        Waiting.soon().until(() -> !serai.get("/status.json").body().contains("accept load-days"));

        // what was accepted is what later reports are compared with
        rows = rows(3);
        assertThat(call("load", "now", "load-days")).isEqualTo(ExitCode.DONE);
        assertThat(call("accept", "load-days")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("No reply of load-days is held").contains("Its last run ended as ok at ");
    }

    @Test
    void aReplyIsReplacedByANewerOneThatIsHeldOrLoadedAndNotByOneThatCannotBeRead() throws Exception {
        hold(2);
        hold(3);
        metabase.next(Failure.HTML_AS_CSV);
        assertThat(call("load", "now", "load-days")).isEqualTo(ExitCode.NO);
        assertThat(out.toString()).doesNotContain("accept load-days");
        assertThat(files()).hasSize(2);
        assertThat(call("accept", "load-days")).as(err.toString()).isEqualTo(ExitCode.DONE);
        assertThat(loaded()).isEqualTo(3);

        rows = rows(10);
        assertThat(call("load", "now", "load-days")).isEqualTo(ExitCode.DONE);
        database.execute("update meta.runs set accepted_by = null");
        hold(2);
        rows = rows(11);
        assertThat(call("load", "now", "load-days")).isEqualTo(ExitCode.DONE);
        assertThat(files()).isEmpty();
        assertThat(call("accept", "load-days")).isEqualTo(ExitCode.FAILED);
        assertThat(loaded()).isEqualTo(11);
    }

    @Test
    void aReplyOutlivesARestartUntilItsTimeIsOver() throws Exception {
        hold(2);
        serai.close();
        metabase.always(Failure.SERVER_ERROR);
        serai = run();
        assertThat(files()).hasSize(2);
        assertThat(call("accept", "load-days")).as(err.toString()).isEqualTo(ExitCode.DONE);
        assertThat(loaded()).isEqualTo(2);

        metabase.always(Failure.OK);
        rows = rows(10);
        assertThat(call("load", "now", "load-days")).isEqualTo(ExitCode.DONE);
        database.execute("update meta.runs set accepted_by = null");
        hold(2);
        serai.close();
        metabase.always(Failure.SERVER_ERROR);
        database.execute("update meta.held set kept_at = kept_at - interval '8 days'");
        serai = run();
        Waiting.soon().until(() -> files().isEmpty());
        assertThat(call("accept", "load-days")).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void withoutARunningProcessTheCommandLoadsTheReplyIfItIsHere() throws Exception {
        hold(2);
        serai.close();
        String own = database.value("select instance from meta.held");
        database.execute("update meta.held set instance = 'another'");
        assertThat(call("accept", "load-days")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).startsWith("The instance another has the reply, and it does not run.");
        database.execute("update meta.held set instance = ?", own);
        assertThat(call("accept", "load-days", "--json")).as(err.toString()).isEqualTo(ExitCode.DONE);
        assertThat(loaded()).isEqualTo(2);
        assertThat(files()).isEmpty();
    }

    @Test
    void rowsThatDoNotFitAreRejectsOfTheRunThatLoadsTheOthers() throws Exception {
        rows = new ArrayList<>(rows(10));
        rows.set(3, List.of(TODAY, "x"));
        rows.set(4, List.of(TODAY, 1000));
        assertThat(call("load", "now", "load-days")).isEqualTo(ExitCode.NO);
        assertThat(call("accept", "load-days")).as(err.toString()).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).endsWith("load-days: ok, 10 read, 8 inserted, 10 deleted, 2 rejected\n");
        assertThat(database.value("select count(*) from meta.rejects where resolved_at is null"))
                .isEqualTo("2");

        // the database refuses too many, in the transaction
        rows = new ArrayList<>(rows(10));
        rows.set(4, List.of(TODAY, 1001));
        assertThat(call("load", "now", "load-days")).isEqualTo(ExitCode.NO);
        assertThat(call("accept", "load-days")).as(err.toString()).isEqualTo(ExitCode.DONE);
        assertThat(loaded()).isEqualTo(9);
    }

    @Test
    void aReplyWithAKeyIsMergedAsInAnyImport() throws Exception {
        database.execute("alter table landing.days add primary key (k)");
        serai.close();
        route(", key: k");
        serai = run();
        hold(2);
        assertThat(call("accept", "load-days")).as(err.toString()).isEqualTo(ExitCode.DONE);
        assertThat(database.rows("select k from landing.days order by k")).containsExactly("0", "1");
    }

    @Test
    void aPausedSourceIsNotLoaded() {
        hold(2);
        call("pause", "load-days");
        assertThat(call("accept", "load-days")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("The source load-days is paused since ");
        assertThat(database.value("select accepted_by from meta.held")).isNull();
    }

    @Test
    void aReplyWhoseProcessWasKilledBeforeTheCommitIsLoadedByTheNextOne() throws Exception {
        hold(2);
        serai.close();
        metabase.always(Failure.SERVER_ERROR);
        Map<String, String> settings = new HashMap<>(database.properties());
        settings.putAll(
                Map.of("metabase.url", metabase.url(), "metabase.api-key", MetabaseDouble.API_KEY, "load.retry", "1h"));
        CompletableFuture<Integer> command;
        try (SeraiProcess process = SeraiProcess.start(root, settings);
                Connection other = database.connect()) {
            Waiting.soon().until(() -> "failed".equals(database.value(LAST_RUN)));
            other.setAutoCommit(false);
            other.createStatement().execute("lock table landing.days in share row exclusive mode");
            command = CompletableFuture.supplyAsync(() -> call("accept", "load-days", "--wait", "5s"));
            Waiting.soon()
                    .until(() -> database.number("select count(*) from pg_locks where relation ="
                                    + " 'landing.days'::regclass and not granted")
                            == 1);
            process.kill();
        }
        assertThat(command.get()).isIn(ExitCode.NO, ExitCode.FAILED);
        assertThat(loaded()).isEqualTo(10);
        try (SeraiProcess process = SeraiProcess.start(root, settings)) {
            Waiting.soon().until(() -> loaded() == 2);
            assertThat(process.isAlive()).isTrue();
        }
        assertThat(database.number("select count(*) from meta.held")).isZero();
        assertThat(files()).isEmpty();
    }
}
