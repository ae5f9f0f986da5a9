package serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
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
import serai.demo.Parameters;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;
import serai.testing.Waiting;

/** The commands {@code load now} and {@code refresh} beside a running process, and without one. */
class RequestsIT {

    @TempDir
    Path root;

    private final TestDatabase database = new TestDatabase();
    private final AtomicInteger rows = new AtomicInteger(2);
    private final List<LocalDate> past = new CopyOnWriteArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private MetabaseDouble metabase;
    private RunningSerai serai;

    @BeforeEach
    void start() throws Exception {
        database.execute("create table landing.days (day date not null, k int not null)");
        metabase = MetabaseDouble.start().card(Card.between(31, "Days", parameters -> report(parameters)));
        ProjectFolder.copyTo(
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
                .write("sql/reports/rpt_days.sql", """
                        -- @kind    table
                        -- @grain   day
                        -- @reads   landing.days
                        -- @owner   test
                        -- @about   Rows of each day.
                        select day, 10 / (count(*) - 7) as share from landing.days group by day
                        """);
        Files.writeString(
                root.resolve("application.properties"),
                Files.readString(Path.of("application.properties")) + "\nwarehouse.url = " + database.url()
                        + "\nwarehouse.user = postgres\nmetabase.url = " + metabase.url() + "\nmetabase.api-key = "
                        + MetabaseDouble.API_KEY + "\n");
        serai = RunningSerai.start(
                root,
                database,
                Map.of("metabase.url", metabase.url(), "metabase.api-key", MetabaseDouble.API_KEY, "load.retry", "1h"));
        // it is overdue at the start
        assertThat(serai.firstImport("load-days")).isEqualTo("ok");
    }

    @AfterEach
    void stop() throws Exception {
        serai.close();
        metabase.close();
        database.close();
    }

    /** Today's rows; in windows of the past, the rows of the days in {@link #past}. */
    private CardReport report(Parameters asked) {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        Stream<List<Object>> found = asked.contains(today.atStartOfDay())
                ? IntStream.range(0, rows.get()).mapToObj(k -> List.of(today, k))
                : past.stream()
                        .filter(day -> asked.contains(day.atStartOfDay()))
                        .map(day -> List.of(day, past.size()));
        return CardReport.of(List.of("Day", "K"), found.iterator());
    }

    private int call(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Commands.run(root, new PrintWriter(out), new PrintWriter(err), arguments);
    }

    @Test
    void anImportIsRunNowAndItsResultIsShown() throws Exception {
        rows.set(5);
        assertThat(call("load", "now", "load-days", "--json")).isEqualTo(ExitCode.DONE);
        assertThat(new ObjectMapper().readTree(out.toString()).path("inserted").asInt())
                .isEqualTo(5);
        assertThat(database.value("select count(*) from landing.days")).isEqualTo("5");

        assertThat(call("load", "now", "load-days")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).startsWith("load-days: unchanged, 5 read, ");

        metabase.next(Failure.SERVER_ERROR);
        assertThat(call("load", "now", "load-days")).isEqualTo(ExitCode.NO);
        assertThat(out.toString()).startsWith("load-days: failed").contains("500");
        assertThat(database.value("select count(*) from landing.days")).isEqualTo("5");

        assertThat(call("load", "now", "load-dayz")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).isEqualTo("There is no source load-dayz. The nearest name is load-days.\n");
        assertThat(database.rows("select verb, target, status from meta.requests where status <> 'done'"))
                .isEmpty();
    }

    @Test
    void pastDaysAreImportedAgainAPartEach() throws Exception {
        LocalDate first = LocalDate.now(ZoneOffset.UTC).minusDays(100);
        first.datesUntil(first.plusDays(90)).forEach(past::add);
        database.execute("insert into landing.days values (?, 7), (?, 8)", first, first.minusDays(1));
        String position = database.value("select position from meta.offsets where source = 'load-days'");
        // the usual window, which follows, is held: what moves the position is the reload
        rows.set(0);
        assertThat(call(
                        "reload",
                        "load-days",
                        "--from",
                        first.toString(),
                        "--to",
                        first.plusDays(79).toString()))
                .as(err.toString())
                .isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).endsWith("load-days: " + first + " to " + first.plusDays(79) + " is imported.\n");
        assertThat(database.value(
                        "select count(*) || ' ' || min(day) || ' ' || max(day) from landing.days where k = 90"))
                .isEqualTo("80 " + first + " " + first.plusDays(79));
        assertThat(database.rows("select day, k from landing.days where k in (7, 8)"))
                .containsExactly(first.minusDays(1) + "|8");
        Waiting.soon()
                .until(() -> database.value("select status from meta.runs where source = 'load-days'"
                                + " order by run_id desc limit 1")
                        .equals("held"));
        assertThat(database.value("select position from meta.offsets where source = 'load-days'"))
                .isEqualTo(position);
        assertThat(database.rows("select rows_read from meta.runs where source = 'load-days' and status = 'ok'"
                        + " order by run_id desc limit 3"))
                .containsExactly("18", "31", "31");
        rows.set(2);
        assertThat(call("load", "now", "load-days")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).startsWith("load-days: unchanged, 2 read, ");
    }

    @Test
    void theDaysOfRejectsAreImportedAgain() throws Exception {
        assertThat(call("reload", "load-days", "--rejects")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).isEqualTo("load-days has no open rejects whose day is known.\n");
        LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(60);
        past.add(day);
        database.execute(
                "insert into meta.rejects (run_id, source, target, locator, payload, payload_bytes, reason, fingerprint)"
                        + " values (0, 'load-days', 'landing.days', jsonb_build_object('day', ?::text), '', 0, 'test', 'x')",
                day);
        assertThat(call("reload", "load-days", "--rejects")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).isEqualTo("load-days: " + day + " to " + day + " is imported.\n");
        assertThat(database.rows("select day from landing.days where k = 1 and day < current_date"))
                .containsExactly(day.toString());
        assertThat(database.value("select count(*) from meta.rejects where resolved_at is null"))
                .isEqualTo("0");

        database.execute("update meta.rejects set resolved_at = null");
        assertThat(call("replay", "load-days")).as(err.toString()).isEqualTo(ExitCode.DONE);
        assertThat(out.toString())
                .isEqualTo(
                        "load-days: " + day + " to " + day + " is imported.\nload-days: 1 rejects are resolved by the"
                                + " days that were imported again, 0 are open.\n");
        assertThat(call("replay", "load-days")).isEqualTo(ExitCode.NO);
        assertThat(err.toString()).isEqualTo("There are no open rejects of load-days.\n");
    }

    @Test
    void aReloadThatIsNotTrustedChangesNothingAndCanBeGivenUp() throws Exception {
        LocalDate first = LocalDate.now(ZoneOffset.UTC).minusDays(50);
        first.datesUntil(first.plusDays(10)).forEach(past::add);
        String[] reload = {
            "reload",
            "load-days",
            "--from",
            first.toString(),
            "--to",
            first.plusDays(9).toString()
        };
        assertThat(call(reload)).isEqualTo(ExitCode.DONE);
        past.subList(2, 10).clear();
        assertThat(call(reload)).isEqualTo(ExitCode.NO);
        assertThat(err.toString())
                .contains("held: The report has 2 rows where there were 10 when they were last imported")
                .contains("reload load-days --cancel gives the reload up");
        assertThat(database.value("select count(*) from landing.days where k = 10"))
                .isEqualTo("10");
        assertThat(call("reload", "load-days", "--cancel")).isEqualTo(ExitCode.DONE);
        assertThat(call("reload", "load-days", "--cancel")).isEqualTo(ExitCode.NO);
        assertThat(call("reload", "load-days")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("Name the first day: --from 2026-01-01");
        assertThat(call("reload", "load-days", "--from", "2026-02-01", "--to", "2026-01-01"))
                .isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aReloadContinuesAfterAPartThatWasHeldIsAccepted() throws Exception {
        LocalDate first = LocalDate.now(ZoneOffset.UTC).minusDays(100);
        first.datesUntil(first.plusDays(50)).forEach(past::add);
        String[] reload = {
            "reload",
            "load-days",
            "--from",
            first.toString(),
            "--to",
            first.plusDays(49).toString()
        };
        assertThat(call(reload)).as(err.toString()).isEqualTo(ExitCode.DONE);
        past.subList(2, 31).clear();
        assertThat(call(reload)).isEqualTo(ExitCode.NO);
        assertThat(err.toString()).contains("To load this reply as it is: accept load-days");
        assertThat(call("accept", "load-days")).as(err.toString()).isEqualTo(ExitCode.DONE);
        Waiting.soon().until(() -> database.number("select count(*) from meta.reloads") == 0);
        assertThat(database.number("select count(*) from landing.days where day < current_date"))
                .isEqualTo(21);
    }

    @Test
    void aStoppedRouteIsNotRun() throws Exception {
        serai.context().getRouteController().stopRoute("load-days");
        assertThat(call("load", "now", "load-days")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("The route load-days is stopped. Start it first.");
        assertThat(database.value("select count(*) from meta.runs where source = 'load-days'"))
                .isEqualTo("1");
    }

    @Test
    void allModelsAreRefreshedNowAndThoseThatFailAreNamed() {
        assertThat(call("refresh")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).isEqualTo("Models that are up to date: 1.\n");
        assertThat(database.value("select share from report.rpt_days")).isEqualTo("-2");

        rows.set(7);
        assertThat(call("load", "now", "load-days")).isEqualTo(ExitCode.DONE);
        assertThat(call("refresh")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).startsWith("rpt_days failed: ").contains("division by zero");
        assertThat(database.value("select share from report.rpt_days")).isEqualTo("-2");
    }

    @Test
    void withoutARunningProcessTheCommandImportsTheSourceItself() throws Exception {
        serai.close();
        rows.set(5);
        assertThat(call("load", "now", "load-days", "--json"))
                .as(err.toString())
                .isEqualTo(ExitCode.DONE);
        assertThat(new ObjectMapper().readTree(out.toString()).path("inserted").asInt())
                .isEqualTo(5);
        assertThat(database.value("select count(*) from landing.days")).isEqualTo("5");
        assertThat(database.value("select count(*) from meta.runs where source = 'load-days'"))
                .isEqualTo("2");

        call("pause", "load-days");
        assertThat(call("load", "now", "load-days")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("The source load-days is paused since ");
        call("resume", "load-days");
        Files.delete(root.resolve("routes/load/load-days.camel.yaml"));
        assertThat(call("load", "now", "load-days")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("No file under routes/ has a route with the id load-days.");
    }

    @Test
    void aRequestThatNoProcessTakesIsWithdrawn() {
        serai.close();
        // a process that was killed a moment ago
        database.execute("update meta.instances set ended_at = null");
        assertThat(call("refresh")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("No running process took the request within 20 s.");
        assertThat(database.rows("select verb, status from meta.requests")).containsExactly("refresh|withdrawn");
    }
}
