package serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.component.quartz.QuartzComponent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quartz.JobKey;
import serai.command.ExitCode;
import serai.demo.Card;
import serai.demo.CardReport;
import serai.demo.MetabaseDouble;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;
import serai.testing.Waiting;

/** The commands {@code pause}, {@code resume} and {@code forget} beside a running process, and without one. */
class PauseCommandsIT {

    private static final String FACT = """
            -- @kind    %s
            -- @grain   date_key
            -- @reads   %s
            -- @window  date_key by day from %s.day
            -- @late    %s
            -- @owner   test
            -- @about   Rows of each day.
            select day as date_key, count(*) as rows from %s where day >= :from and day < :to group by day
            """;

    @TempDir
    Path root;

    private final TestDatabase database = new TestDatabase();
    private final AtomicInteger rows = new AtomicInteger(2);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private MetabaseDouble metabase;
    private ProjectFolder project;
    private RunningSerai serai;

    @BeforeEach
    void start() throws Exception {
        database.execute("create table landing.days (day date not null, k int not null)");
        metabase = MetabaseDouble.start().card(Card.between(31, "Days", parameters -> report()));
        project = ProjectFolder.copyTo(
                        root,
                        "routes/_errors.camel.yaml",
                        "routes/kamelets/{metabase-report,replace-window}.kamelet.yaml",
                        "routes/refresh/*")
                .write("routes/load/load-days.camel.yaml", """
                        - route:
                            id: load-days
                            from:
                              uri: kamelet:metabase-report
                              parameters: { card: 31, cron: "0 0 0 1 1 ? 2090", lookback: 72h }
                              steps:
                                - to:
                                    uri: kamelet:replace-window
                                    parameters: { table: landing.days, window: day }
                        """)
                .write(
                        "sql/facts/fact_days.sql",
                        FACT.formatted("recalc", "landing.days", "landing.days", "dirty", "landing.days"))
                .write("sql/reports/rpt_days.sql", """
                        -- @kind    table
                        -- @grain   date_key
                        -- @reads   fact_days
                        -- @owner   test
                        -- @about   Rows of each day.
                        select date_key, rows from fact_days
                        """);
        Files.writeString(
                root.resolve("application.properties"),
                Files.readString(Path.of("application.properties")) + "\nwarehouse.url = " + database.url()
                        + "\nwarehouse.user = postgres\n");
        serai = RunningSerai.start(
                root,
                database,
                Map.of("metabase.url", metabase.url(), "metabase.api-key", MetabaseDouble.API_KEY, "load.retry", "1s"));
        // it is overdue at the start
        assertThat(serai.firstImport("load-days")).isEqualTo("ok");
        assertThat(call("refresh")).isEqualTo(ExitCode.DONE);
    }

    @AfterEach
    void stop() throws Exception {
        serai.close();
        metabase.close();
        database.close();
    }

    private CardReport report() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        return CardReport.of(
                List.of("Day", "K"),
                IntStream.range(0, rows.get())
                        .mapToObj(k -> List.<Object>of(today, k))
                        .iterator());
    }

    private int call(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Commands.run(root, new PrintWriter(out), new PrintWriter(err), arguments);
    }

    private String runs() {
        return database.value("select count(*) from meta.runs where source = 'load-days'");
    }

    @Test
    void aPausedSourceIsNotImportedUntilItIsResumedAndMakesUpForWhatItMissed() throws Exception {
        assertThat(call("pause", "load-days", "--why", "Metabase moves", "--json"))
                .isEqualTo(ExitCode.DONE);
        JsonNode pause = new ObjectMapper().readTree(out.toString());
        assertThat(pause.path("kind").asText()).isEqualTo("source");
        assertThat(pause.path("paused").asBoolean()).isTrue();
        assertThat(pause.path("by").asText()).isEqualTo(System.getProperty("user.name"));
        assertThat(pause.path("why").asText()).isEqualTo("Metabase moves");

        serai.context()
                .getComponent("quartz", QuartzComponent.class)
                .getScheduler()
                .triggerJob(new JobKey("load-days", "load"));
        TimeUnit.SECONDS.sleep(3);
        assertThat(runs()).isEqualTo("1");
        assertThat(call("load", "now", "load-days")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .startsWith("The source load-days is paused since ")
                .contains(": Metabase moves. Resume it first: resume load-days");

        rows.set(5);
        assertThat(call("resume", "load-days")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).isEqualTo("The source load-days runs again.\n");
        Waiting.soon()
                .until(() -> database.value("select count(*) from landing.days").equals("5"));
    }

    @Test
    void pausingAndResumingAgainChangesNothing() {
        assertThat(call("pause", "load-days", "--why", "first")).isEqualTo(ExitCode.DONE);
        String since = database.value("select since from meta.paused");
        assertThat(call("pause", "load-days")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("first");
        assertThat(database.rows("select why, since from meta.paused")).containsExactly("first|" + since);
        assertThat(call("resume", "load-days")).isEqualTo(ExitCode.DONE);
        assertThat(call("resume", "load-days", "--json")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).isEqualTo("{\"kind\":\"source\",\"name\":\"load-days\",\"paused\":false}\n");
        assertThat(database.rows("select name from meta.paused")).isEmpty();
    }

    @Test
    void anUnknownNameIsRefusedWithTheNearest() {
        for (String command : List.of("pause", "resume", "forget")) {
            assertThat(call(command, "fact_dayz")).isEqualTo(ExitCode.FAILED);
            assertThat(err.toString())
                    .isEqualTo("There is no source or model fact_dayz. The nearest name is fact_days.\n");
        }
        assertThat(call("pause")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aPausedModelKeepsItsRowsAndDirtyDaysWhileModelsThatReadItGoOn() throws Exception {
        assertThat(call("pause", "fact_days")).isEqualTo(ExitCode.DONE);
        rows.set(5);
        assertThat(call("load", "now", "load-days")).isEqualTo(ExitCode.DONE);
        String before = database.value("select last_success_at from meta.model_state where model = 'rpt_days'");
        assertThat(call("refresh")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).isEqualTo("Models that are up to date: 1. Paused: fact_days.\n");
        assertThat(database.value("select rows from star.fact_days")).isEqualTo("2");
        assertThat(database.rows("select model from meta.model_dirty")).containsOnly("fact_days");
        assertThat(database.value("select last_success_at from meta.model_state where model = 'rpt_days'"))
                .isGreaterThan(before);

        assertThat(call("resume", "fact_days")).isEqualTo(ExitCode.DONE);
        assertThat(call("refresh")).isEqualTo(ExitCode.DONE);
        assertThat(database.value("select rows from report.rpt_days")).isEqualTo("5");
        assertThat(database.rows("select model from meta.model_dirty")).isEmpty();
    }

    @Test
    void aModelOfKindOnceWaitsForAPausedOne() throws Exception {
        assertThat(call("pause", "fact_days")).isEqualTo(ExitCode.DONE);
        project.write("sql/facts/fact_once.sql", """
                -- @kind    once
                -- @grain   date_key
                -- @reads   fact_days
                -- @window  date_key by day from fact_days.date_key
                -- @owner   test
                -- @about   Rows of each day, as they were.
                select date_key, rows from fact_days where date_key >= :from and date_key < :to
                """);
        Waiting.soon()
                .until(() ->
                        database.value("select status from meta.edits where file = 'sql/facts/fact_once.sql'") != null);
        assertThat(database.value("select reason from meta.edits where file = 'sql/facts/fact_once.sql'"))
                .isNull();
        assertThat(call("refresh")).isEqualTo(ExitCode.NO);
        assertThat(err.toString()).isEqualTo("fact_once blocked: It waits for fact_days, which is paused.\n");
        assertThat(call("resume", "fact_days")).isEqualTo(ExitCode.DONE);
        assertThat(call("refresh")).isEqualTo(ExitCode.DONE);
    }

    @Test
    void whatAFileOfARunningProcessNamesIsNotForgotten() throws Exception {
        assertThat(call("forget", "load-days")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .startsWith(
                        "The source load-days is named by the file routes/load/load-days.camel.yaml of the running");
        assertThat(call("forget", "rpt_days")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).startsWith("The model rpt_days is named by the file sql/reports/rpt_days.sql of");

        call("pause", "load-days");
        call("pause", "rpt_days");
        project.delete("routes/load/load-days.camel.yaml").delete("sql/reports/rpt_days.sql");
        Waiting.soon().untilAsserted(() -> {
            assertThat(database.rows(
                            "select file from meta.edits where file ~ '[_-]days' and file not like 'sql/schema/%'"))
                    .containsExactly("sql/facts/fact_days.sql");
            assertThat(database.value("select active from meta.sources")).isEqualTo("f");
        });

        // a route of the same name would else take its tables for copied
        database.execute("insert into meta.replicated_tables (source, source_table, relation, state)"
                + " values ('load-days', 'public.days', 'landing.days', 'complete'),"
                + " ('load-app', 'public.days', 'app.days', 'complete')");
        assertThat(call("forget", "load-days")).isEqualTo(ExitCode.DONE);
        assertThat(database.rows("select source from meta.replicated_tables")).containsExactly("load-app");
        assertThat(out.toString())
                .isEqualTo("The source load-days is forgotten. In the warehouse remains landing.days;"
                        + " drop it by a migration if it is not needed.\n");
        assertThat(call("forget", "rpt_days", "--json")).isEqualTo(ExitCode.DONE);
        assertThat(new ObjectMapper()
                        .readTree(out.toString())
                        .path("remaining")
                        .path(0)
                        .asText())
                .isEqualTo("report.rpt_days");
        assertThat(database.rows("select source from meta.sources union all select source from meta.offsets"
                        + " union all select name from meta.paused"
                        + " union all select model from meta.model_state where model = 'rpt_days'"))
                .isEmpty();
        assertThat(call("forget", "load-days")).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void withoutARunningProcessTheCommandRefreshesAndForgetsItself() throws Exception {
        rows.set(5);
        assertThat(call("load", "now", "load-days")).isEqualTo(ExitCode.DONE);
        serai.close();
        assertThat(call("refresh", "--json")).isEqualTo(ExitCode.DONE);
        assertThat(new ObjectMapper().readTree(out.toString()).path("upToDate").asInt())
                .isEqualTo(2);
        assertThat(database.value("select rows from report.rpt_days")).isEqualTo("5");
        assertThat(database.rows("select verb, status from meta.requests where verb = 'refresh' and status <> 'done'"))
                .isEmpty();

        project.write("sql/reports/rpt_days.sql", "select 1");
        assertThat(call("refresh")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).startsWith("sql/reports/rpt_days.sql");
        project.delete("sql/reports/rpt_days.sql");
        assertThat(call("forget", "rpt_days")).isEqualTo(ExitCode.DONE);
        assertThat(call("pause", "load-days")).isEqualTo(ExitCode.DONE);
        assertThat(database.rows("select name from meta.paused")).containsExactly("load-days");
    }

    @Test
    void aSourceWhoseFileWasRemovedWhileNothingRanIsNoLongerActive() throws Exception {
        serai.close();
        project.delete("routes/load/load-days.camel.yaml");
        serai = RunningSerai.start(root, database, Map.of("metabase.url", metabase.url()));
        Waiting.soon()
                .until(() -> database.value("select active from meta.sources").equals("f"));
        assertThat(call("forget", "load-days")).isEqualTo(ExitCode.DONE);
    }
}
