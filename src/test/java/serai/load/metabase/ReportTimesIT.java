package serai.load.metabase;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import serai.demo.Card;
import serai.demo.CardReport;
import serai.demo.CardSource;
import serai.demo.MetabaseDouble;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;

/** Times at the ends of days, through the real route: each row is loaded once, and stays. */
class ReportTimesIT {

    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);
    private static MetabaseDouble metabase;
    private static final TestDatabase database = new TestDatabase();
    private static RunningSerai serai;
    private static CardSource source;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        metabase = MetabaseDouble.start();
        metabase.card(Card.between(31, "Times", p -> source.report(p)));
        ProjectFolder project = ProjectFolder.copyTo(folder).write("sql/migrations/V1__times.sql", """
                        create table landing.seconds (at timestamp(0) not null, k int not null);
                        create table landing.local (at timestamp not null, k int not null);
                        create table landing.instants (at timestamptz(0) not null, k int not null);
                        create table landing.young (at timestamp not null, k int not null);
                        create table landing.new_york (at timestamptz not null, k int not null)""");
        for (String table : new String[] {"seconds", "local", "instants"}) {
            project.write("routes/load/load-" + table + ".camel.yaml", route(table, "zone: UTC"));
        }
        project.write(
                "routes/load/load-new-york.camel.yaml",
                route("instants", "zone: America/New_York")
                        .replace("load-instants", "load-new-york")
                        .replace("landing.instants", "landing.new_york"));
        project.write(
                "routes/load/load-young.camel.yaml",
                route("seconds", "zone: UTC, since: \"" + TODAY + "\"")
                        .replace("load-seconds", "load-young")
                        .replace("landing.seconds", "landing.young")
                        .replace(", minShare: 0", ""));
        source = p -> CardReport.raw("at,k\n");
        serai = RunningSerai.start(
                project.root(),
                database,
                Map.of("metabase.url", metabase.url(), "metabase.api-key", MetabaseDouble.API_KEY, "load.retry", "1h"));
        serai.firstImport("load-seconds");
    }

    private static String route(String table, String from) {
        return """
                - route:
                    id: load-%1$s
                    from:
                      uri: kamelet:metabase-report
                      parameters: { card: 31, cron: "0 0 0 1 1 ? 2090", lookback: 72h, %2$s }
                      steps:
                        - to:
                            uri: kamelet:replace-window
                            parameters: { table: landing.%1$s, window: at, minShare: 0 }
                """.formatted(table, from);
    }

    @AfterAll
    static void stop() throws Exception {
        serai.close();
        database.close();
        metabase.close();
    }

    @BeforeEach
    void empty() {
        database.execute("truncate landing.seconds, landing.local, landing.instants, landing.new_york, landing.young,"
                + " meta.runs, meta.rejects, meta.dirty, meta.window_days");
        database.execute("delete from meta.offsets where source like 'load-%'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"seconds", "local", "instants"})
    void aTimeThatTheColumnWouldRoundIntoTheNextDayIsLoadedOnceAndKeepsItsDay(String table) throws Exception {
        String fraction = table.equals("local") ? ".9999999" : ".612";
        source = p -> CardReport.raw("at,k\n" + TODAY.minusDays(2) + "T23:59:59" + fraction + ",1\n"
                + TODAY.minusDays(1) + "T12:00:00,2\n" + TODAY + "T00:00:00,3\n" + TODAY + "T23:59:59" + fraction
                + ",4\n");
        assertThat(serai.runImport("load-" + table)).isEqualTo("ok");
        assertThat(serai.runImport("load-" + table)).isEqualTo("unchanged");

        String end = " 23:59:59" + (table.equals("local") ? ".999999" : "");
        assertThat(database.rows("select k, at::timestamp from landing." + table + " order by k"))
                .containsExactly(
                        "1|" + TODAY.minusDays(2) + end,
                        "2|" + TODAY.minusDays(1) + " 12:00:00",
                        "3|" + TODAY + " 00:00:00",
                        "4|" + TODAY + end);
        assertThat(database.rows("select day, rows from meta.window_days order by day"))
                .containsExactly(TODAY.minusDays(2) + "|1", TODAY.minusDays(1) + "|1", TODAY + "|2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"seconds", "local", "instants"})
    void aTimeThatTheColumnWouldRoundIntoTheFirstDayOfALaterWindowStays(String table) throws Exception {
        List<String> rows = new ArrayList<>();
        rows.add(TODAY.minusDays(4) + "T23:59:59.9999999,1");
        rows.add(TODAY.minusDays(3) + "T00:00:00,2");
        source = p -> CardReport.raw("at,k\n" + String.join("\n", rows) + "\n");
        database.execute(
                "insert into meta.offsets (source, position) values (?, jsonb_build_object('asked', ?::text))",
                "load-" + table,
                TODAY.minusDays(2) + "T10:00:00Z");
        assertThat(serai.runImport("load-" + table)).isEqualTo("ok");

        rows.remove(0);
        assertThat(serai.runImport("load-" + table)).isIn("ok", "unchanged");
        assertThat(database.rows("select k from landing." + table + " order by k"))
                .containsExactly("1", "2");
    }

    @ParameterizedTest
    @CsvSource({"-05:00, 2", "+09:00, 3", "+02:00, 1"})
    void aReportWithOffsetsOfAnotherZoneIsHeldAndItsZoneIsNamed(String offset, int daysAgo) throws Exception {
        source = p -> CardReport.raw("at,k\n" + TODAY.minusDays(daysAgo) + "T01:30:00" + offset + ",1\n");
        assertThat(serai.runImport("load-instants")).isEqualTo("held");
        assertThat(database.value("select error from meta.runs order by run_id desc limit 1"))
                .startsWith("Line 2: at has the offset " + offset + ", where the route's zone, UTC, has +00:00: ")
                .contains("Set 'zone' of the route to that one");
        assertThat(database.rows("select * from landing.instants")).isEmpty();
    }

    @Test
    void aReportWithTheOffsetsOfItsZoneIsLoadedByTheDaysOfThatZone() throws Exception {
        ZoneId zone = ZoneId.of("America/New_York");
        LocalDate today = LocalDate.now(zone);
        source = p ->
                CardReport.raw("at,k\n" + today.minusDays(3).atStartOfDay(zone).toOffsetDateTime() + ",1\n"
                        + today.minusDays(1).atTime(23, 59).atZone(zone).toOffsetDateTime() + ",2\n");
        assertThat(serai.runImport("load-new-york")).isEqualTo("ok");
        assertThat(database.rows("select day, rows from meta.window_days order by day"))
                .containsExactly(today.minusDays(3) + "|1", today.minusDays(1) + "|1");
        assertThat(serai.runImport("load-new-york")).isEqualTo("unchanged");

        source = p -> CardReport.raw("at,k\n" + today.minusDays(1) + "T23:59:00Z,2\n");
        assertThat(serai.runImport("load-new-york")).isEqualTo("held");
    }

    @Test
    void aSourceThatIsYoungerThanItsLookbackIsLoadedAgain() throws Exception {
        source = p -> CardReport.raw("at,k\n" + TODAY + "T00:30:00,1\n" + TODAY + "T00:40:00,2\n");
        assertThat(serai.runImport("load-young")).isEqualTo("ok");
        assertThat(serai.runImport("load-young")).isEqualTo("unchanged");
        assertThat(database.rows("select window_to - window_from from meta.runs order by run_id"))
                .containsExactly("1 day", "4 days");

        source = p -> CardReport.raw("at,k\n");
        assertThat(serai.runImport("load-young")).isEqualTo("held");
        assertThat(database.value("select error from meta.runs order by run_id desc limit 1"))
                .startsWith("The report has 0 rows where there were ");
    }
}
