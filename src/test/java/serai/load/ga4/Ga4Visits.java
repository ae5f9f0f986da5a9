package serai.load.ga4;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Route;
import serai.demo.Ga4Double;
import serai.demo.Ga4Property;
import serai.demo.Ga4Row;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;
import serai.testing.Waiting;

/** Serai with one import of visits from Google Analytics, four days of it, in pages of five rows. */
final class Ga4Visits implements AutoCloseable {

    static final String SOURCE = "load-visits";
    static final String PROPERTY = "4711";
    static final int PAGE = 5;

    private static final String FILE = "routes/load/load-visits.camel.yaml";
    private static final ZoneId MADRID = ZoneId.of("Europe/Madrid");

    final Ga4Double google;
    final TestDatabase database = new TestDatabase();
    private final ProjectFolder project;
    private final RunningSerai serai;
    Ga4Property property;
    /** The last run before an edit, if the route that starts then is overdue; otherwise -1. */
    private long overdueAfter = -1;

    Ga4Visits(Path folder) throws Exception {
        database.execute("create table landing.visits (day date not null, source text not null, country text,"
                + " sessions bigint, revenue numeric)");
        google = Ga4Double.start();
        project = ProjectFolder.copyTo(
                        folder, "routes/_errors.camel.yaml", "routes/kamelets/{ga4-report,replace-window}.kamelet.yaml")
                .write(FILE, route("zone: Europe/Madrid"));
        property = google.property(PROPERTY, day -> rows(day, 3, 1));
        serai = RunningSerai.start(
                folder,
                database,
                Map.of(
                        "ga4.url",
                        google.url(),
                        "ga4.key-file",
                        google.keyFile(folder.resolve("key.json")).toString(),
                        "ga4.pause",
                        "10ms",
                        "ga4.page-rows",
                        String.valueOf(PAGE),
                        "load.retry",
                        "1h"));
        serai.firstImport(SOURCE);
    }

    private static String route(String properties) {
        return """
                - route:
                    id: load-visits
                    from:
                      uri: kamelet:ga4-report
                      parameters:
                        property: "%s"
                        dimensions: sessionSource,country
                        metrics: sessions,purchaseRevenue
                        cron: 0 0 0 1 1 ? 2090
                        lookback: 72h
                        %s
                      steps:
                        - to:
                            uri: kamelet:replace-window
                            parameters:
                              table: landing.visits
                              window: day
                              columns: "date=day,sessionSource=source,purchaseRevenue=revenue"
                """.formatted(PROPERTY, properties.replace("\n", "\n        "));
    }

    /** Four days with three rows each are loaded; the next answers have seven. */
    void load() throws Exception {
        if (overdueAfter >= 0) {
            run();
            awaitLease();
        }
        google.calm();
        property = google.property(PROPERTY, day -> rows(day, 3, 1));
        database.execute(
                "truncate landing.visits, meta.runs, meta.rejects, meta.dirty, meta.window_days, meta.ga4_days;"
                        + "delete from meta.offsets");
        assertThat(run()).isEqualTo("ok");
        assertThat(visits()).isEqualTo(expected(3, 1));
        property.data(day -> rows(day, 7, 2));
        google.forget();
    }

    /** Replaces the last properties of the kamelet, {@code zone} included, and waits until that is in effect. */
    void edit(String properties) throws IOException {
        if (project.read(FILE).equals(route(properties))) {
            return;
        }
        List<String> last =
                database.rows("select run_id, status from meta.runs where source = ? order by 1 desc", SOURCE);
        Route before = serai.context().getRoute(SOURCE);
        project.write(FILE, route(properties));
        Waiting.soon().until(() -> {
            Route now = serai.context().getRoute(SOURCE);
            return now != null
                    && now != before
                    && serai.context()
                            .getRouteController()
                            .getRouteStatus(SOURCE)
                            .isStarted();
        });
        overdueAfter =
                last.get(0).endsWith("|ok") ? -1 : Long.parseLong(last.get(0).split("\\|")[0]);
    }

    /** Saves the route with other properties, which must be refused, and returns the reason with its line. */
    String refusal(String properties) throws IOException {
        String before = project.read(FILE);
        project.write(FILE, route(properties));
        String reason = Waiting.soon()
                .until(
                        () -> database.value("select line, reason from meta.edits where reason is not null"),
                        refused -> refused != null);
        project.write(FILE, before);
        Waiting.soon()
                .until(() -> database.rows("select 1 from meta.edits where reason is not null")
                        .isEmpty());
        return reason;
    }

    /** The status of a run that is made now; after an edit it is the one that the start of the route makes up for. */
    String run() throws Exception {
        awaitLease();
        String status = overdueAfter < 0 ? serai.runImport(SOURCE) : awaitOverdue();
        overdueAfter = -1;
        return status;
    }

    private String awaitOverdue() {
        return Waiting.soon()
                .until(
                        () -> database.value(
                                "select status from meta.runs where source = ? and run_id > ? and status <> 'running'",
                                SOURCE,
                                overdueAfter),
                        status -> status != null);
    }

    private void awaitLease() {
        Waiting.soon()
                .until(() -> database.rows(
                                "select 1 from meta.leases where expires_at > clock_timestamp() and source = ?", SOURCE)
                        .isEmpty());
    }

    static LocalDate today() {
        return LocalDate.now(MADRID);
    }

    /** So many rows of a day, all with equal numbers. */
    static List<Ga4Row> rows(LocalDate day, int count, int sessions) {
        List<Ga4Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(new Ga4Row(
                    day,
                    Map.of("sessionSource", "s" + i, "country", "C"),
                    Map.of("sessions", sessions, "purchaseRevenue", 0.5)));
        }
        return rows;
    }

    /** The rows in the table. */
    List<String> visits() {
        return database.rows("select day, source, country, sessions, revenue from landing.visits order by 1, 2");
    }

    /** What the table has after {@link #rows} of each of the four days. */
    static List<String> expected(int count, int sessions) {
        List<String> rows = new ArrayList<>();
        for (int day = 3; day >= 0; day--) {
            for (int i = 0; i < count; i++) {
                rows.add(today().minusDays(day) + "|s" + i + "|C|" + sessions + "|0.5");
            }
        }
        return rows;
    }

    /** Days of the table before the usual window have their seven rows each, and there are no others. */
    void assertPartIsWhole(LocalDate first, int days) {
        assertThat(database.rows(
                        "select min(day), count(distinct day), count(*) from landing.visits where day < ?",
                        today().minusDays(3)))
                .containsExactly(first + "|" + days + "|" + 7 * days);
    }

    /** Lets the time pass until which no request may be sent. */
    void endQuotaWait() {
        database.execute(
                "update meta.offsets set position = jsonb_set(position, '{notBefore}', to_jsonb(now() -"
                        + " interval '1 s')) where source = ?",
                "ga4-quota-" + PROPERTY);
    }

    String lastError() {
        return database.value("select error from meta.runs where source = ? order by run_id desc limit 1", SOURCE);
    }

    /** Runs the import, which must change nothing. */
    void assertOldRowsStay(String status, String reason) throws Exception {
        List<String> before = visits();
        String days = "select * from meta.ga4_loaded_days order by day";
        List<String> daysBefore = database.rows(days);
        String position = database.value("select position from meta.offsets where source = ?", SOURCE);

        assertThat(run()).isEqualTo(status);

        assertThat(lastError()).contains(reason);
        assertThat(visits()).isEqualTo(before);
        assertThat(database.value("select position from meta.offsets where source = ?", SOURCE))
                .isEqualTo(position);
        assertThat(database.rows(days)).isEqualTo(daysBefore);
    }

    /** The body of a request for a report. */
    JsonNode body(int report) throws IOException {
        return new ObjectMapper().readTree(google.reports().get(report).body());
    }

    @Override
    public void close() throws Exception {
        serai.close();
        google.close();
        database.close();
    }
}
