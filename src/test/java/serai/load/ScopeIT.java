package serai.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.Card;
import serai.demo.CardReport;
import serai.demo.MetabaseDouble;
import serai.testing.ProjectFolder;
import serai.testing.Rounds;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;
import serai.testing.Waiting;

/** Two sources that fill one table, each its own share of the rows, through their real routes. */
class ScopeIT {

    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);
    private static final TestDatabase database = new TestDatabase();
    /** What each question returns: rows of day, country and k. */
    private static final Map<Integer, List<List<Object>>> reports = new ConcurrentHashMap<>();

    private static MetabaseDouble metabase;
    private static ProjectFolder project;
    private static RunningSerai serai;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        database.execute("create table landing.plain (day date not null, country text, k int);"
                + "create table landing.keyed (day date not null, country text, k int, unique (country, k))");
        metabase = MetabaseDouble.start();
        for (int card : List.of(41, 42)) {
            reports.put(card, List.of());
            metabase.card(Card.between(
                    card,
                    "Rows " + card,
                    parameters -> CardReport.of(
                            List.of("Day", "Country", "K"), reports.get(card).iterator())));
        }
        project = ProjectFolder.copyTo(
                        folder,
                        "routes/_errors.camel.yaml",
                        "routes/kamelets/{metabase-report,replace-window,upsert-rows}.kamelet.yaml")
                .write(file("plain-de"), route("plain-de", 41, "table: landing.plain, scope: \"country=DE,AT\""))
                .write(file("plain-fr"), route("plain-fr", 42, "table: landing.plain, scope: country=FR"))
                .write(
                        file("keyed-de"),
                        route("keyed-de", 41, "table: landing.keyed, key: \"country,k\", scope: \"country=DE,AT\""))
                .write(
                        file("keyed-fr"),
                        route("keyed-fr", 42, "table: landing.keyed, key: \"country,k\", scope: country=FR"));
        serai = RunningSerai.start(
                project.root(),
                database,
                Map.of("metabase.url", metabase.url(), "metabase.api-key", MetabaseDouble.API_KEY, "load.retry", "1h"));
        for (String source : List.of("plain-de", "plain-fr", "keyed-de", "keyed-fr")) {
            serai.firstImport("load-" + source);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        serai.close();
        metabase.close();
        database.close();
    }

    @BeforeEach
    void empty() {
        database.execute("truncate landing.plain, landing.keyed, meta.rejects, meta.window_days, meta.dirty;"
                + "delete from meta.offsets where source like 'load-%'");
    }

    private static String file(String source) {
        return "routes/load/load-" + source + ".camel.yaml";
    }

    private static String route(String source, int card, String target) {
        return """
                - route:
                    id: load-%s
                    from:
                      uri: kamelet:metabase-report
                      parameters: { card: %d, cron: "0 0 0 1 1 ? 2090", lookback: 72h }
                      steps:
                        - to:
                            uri: kamelet:replace-window
                            parameters: { window: day, minShare: 0, maxRejects: 100, force: true, %s }
                """.formatted(source, card, target);
    }

    private static List<Object> row(int daysAgo, String country, int k) {
        return Arrays.asList(TODAY.minusDays(daysAgo), country, k);
    }

    private static List<String> rows(String table) {
        return database.rows("select day, country, k from landing." + table + " order by 1, 2, 3");
    }

    /** The run before has committed, and gives its lease back a moment later. */
    private static String run(String source) throws Exception {
        Waiting.soon()
                .until(() -> database.value(
                                "select 1 from meta.leases where source = ? and expires_at > clock_timestamp()", source)
                        == null);
        return serai.runImport(source);
    }

    @Test
    void aLoadReplacesOnlyTheRowsOfItsScope() throws Exception {
        reports.put(41, List.of(row(0, "DE", 1), row(1, "AT", 2)));
        reports.put(42, List.of(row(0, "FR", 1)));
        assertThat(run("load-plain-de")).isEqualTo("ok");
        assertThat(run("load-plain-fr")).isEqualTo("ok");
        database.execute("delete from meta.dirty");
        assertThat(run("load-plain-de")).isEqualTo("unchanged");
        assertThat(run("load-plain-fr")).isEqualTo("unchanged");
        assertThat(database.rows("select day from meta.dirty")).isEmpty();

        reports.put(41, List.of());
        assertThat(run("load-plain-de")).isEqualTo("ok");
        assertThat(rows("plain")).containsExactly(TODAY + "|FR|1");
        assertThat(run("load-plain-fr")).isEqualTo("unchanged");
    }

    @Test
    void rowsOutsideTheScopeAreRejects() throws Exception {
        reports.put(41, List.of(row(0, "DE", 1), row(0, "FR", 2), row(0, null, 3), row(0, "de", 4)));
        assertThat(run("load-plain-de")).isEqualTo("ok");
        assertThat(rows("plain")).containsExactly(TODAY + "|DE|1");
        assertThat(database.rows("select locator->>'line', locator->>'column', reason from meta.rejects order by 1"))
                .containsExactly(
                        "3|country|is not in the scope of this source",
                        "4|country|is not in the scope of this source",
                        "5|country|is not in the scope of this source");
    }

    @Test
    void twoSourcesInAnyOrderOfLoadsGiveTheUnionOfTheirLastReports() throws Exception {
        Random random = new Random(20261130);
        for (String table : List.of("plain", "keyed")) {
            Map<Integer, List<List<Object>>> loaded = new HashMap<>(Map.of(41, List.of(), 42, List.of()));
            for (int load = 0; load < Rounds.of(30, 150); load++) {
                int card = 41 + random.nextInt(2);
                List<List<Object>> report = report(random, card == 41 ? List.of("DE", "AT") : List.of("FR"));
                reports.put(card, report);
                assertThat(run("load-" + table + (card == 41 ? "-de" : "-fr"))).isIn("ok", "unchanged");
                loaded.put(card, report);
                assertThat(rows(table)).as("after load " + load).isEqualTo(union(loaded));
            }
        }
    }

    /** Each key once, so that the table with a key and the one without have the same rows. */
    private static List<List<Object>> report(Random random, List<String> countries) {
        List<List<Object>> rows = new ArrayList<>();
        for (String country : countries) {
            for (int k = 0; k < 6; k++) {
                if (random.nextBoolean()) {
                    rows.add(row(random.nextInt(3), country, k));
                }
            }
        }
        return rows;
    }

    private static List<String> union(Map<Integer, List<List<Object>>> loaded) {
        TreeSet<List<Object>> all = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
        loaded.values().forEach(all::addAll);
        return all.stream()
                .map(row -> row.get(0) + "|" + row.get(1) + "|" + row.get(2))
                .toList();
    }

    @Test
    void aSecondSourceWithTheSameRowsIsRefusedWithLineAndFix() throws Exception {
        assertRefused("table: landing.plain", "the table landing.plain is also filled by the route 'load-plain-de' of");
        assertRefused("table: landing.plain, scope: \"country=IT,FR\"", "'load-plain-fr'");
        assertRefused("table: landing.plain, scope: \"region=EU\"", "Give both a 'scope'");
        assertRefused("table: landing.keyed, key: k, scope: country=IT", "'key' does not have 'country'");
        assertRefused("table: landing.other, scope: country", "is not COLUMN=VALUE[,VALUE]");
        project.write(file("plain-it"), route("plain-it", 41, "table: landing.plain, scope: country=IT"));
        untilEdit("plain-it", "accepted");
        project.delete(file("plain-it"));
        Waiting.soon().until(() -> serai.context().getRoute("load-plain-it") == null);
    }

    @Test
    void aSourceThatMergesRowsByKeyIsRefusedWhereAnotherOneReplacesTheWindow() throws Exception {
        String file = file("plain-it");
        for (String target : List.of(
                "landing.keyed, key: \"country,k\"", "landing.keyed, key: \"country,k\", scope: \"country=IT,FR\"")) {
            project.write(file, upsert("plain-it", target));
            untilEdit("plain-it", "refused");
            assertThat(database.value("select reason from meta.edits where file = ?", file))
                    .contains("the table landing.keyed is also filled by the route 'load-keyed-")
                    .contains("by replace-window")
                    .contains("would delete rows of the other. Give both a 'scope'");
            assertThat(database.value("select line from meta.edits where file = ?", file))
                    .isEqualTo("6");
            project.delete(file);
            Waiting.soon().until(() -> database.value("select status from meta.edits where file = ?", file) == null);
        }
        project.write(file, upsert("plain-it", "landing.keyed, key: \"country,k\", scope: country=IT"));
        untilEdit("plain-it", "accepted");
        serai.context()
                .createFluentProducerTemplate()
                .withBody(Map.of("country", "IT", "k", 1, "day", TODAY))
                .to("direct:plain-it")
                .request();
        reports.put(41, List.of());
        assertThat(run("load-keyed-de")).isIn("ok", "unchanged");
        assertThat(rows("keyed")).containsExactly(TODAY + "|IT|1");

        // the other way round: one that would replace what is merged
        project.write(
                file("keyed-all"),
                route("keyed-all", 41, "table: landing.keyed, key: \"country,k\"," + " scope: \"country=ES,IT\""));
        untilEdit("keyed-all", "refused");
        assertThat(database.value("select reason from meta.edits where file = ?", file("keyed-all")))
                .contains("by upsert-rows, with scope: country=IT, and this one would delete rows of the other");
        project.delete(file("keyed-all"));
        project.delete(file);
        Waiting.soon().until(() -> serai.context().getRoute("load-plain-it") == null);
    }

    private static String upsert(String source, String target) {
        return """
                - route:
                    id: load-%s
                    from:
                      uri: direct:%s
                      steps:
                        - to:
                            uri: kamelet:upsert-rows
                            parameters: { table: %s }
                """.formatted(source, source, target);
    }

    private static void assertRefused(String target, String reason) throws Exception {
        project.write(file("plain-it"), route("plain-it", 41, target));
        untilEdit("plain-it", "refused");
        assertThat(database.value("select reason from meta.edits where file = ?", file("plain-it")))
                .contains(reason);
        assertThat(database.value("select line from meta.edits where file = ?", file("plain-it")))
                .isNotNull();
        project.delete(file("plain-it"));
        Waiting.soon()
                .until(() -> database.value("select status from meta.edits where file = ?", file("plain-it")) == null);
    }

    private static void untilEdit(String source, String status) {
        Waiting.soon()
                .until(() ->
                        status.equals(database.value("select status from meta.edits where file = ?", file(source))));
    }

    @Test
    void aScopeThatIsWidenedAndNarrowedAgainLeavesNoRowsBehind() throws Exception {
        reports.put(42, List.of(row(0, "FR", 1)));
        assertThat(run("load-plain-fr")).isEqualTo("ok");
        edit("plain-fr", route("plain-fr", 42, "table: landing.plain, scope: \"country=FR,BE\""));
        reports.put(42, List.of(row(0, "FR", 2), row(0, "BE", 1)));
        assertThat(run("load-plain-fr")).isEqualTo("ok");
        assertThat(rows("plain")).containsExactly(TODAY + "|BE|1", TODAY + "|FR|2");

        edit("plain-fr", route("plain-fr", 42, "table: landing.plain, scope: country=FR"));
        reports.put(42, List.of(row(0, "FR", 1)));
        assertThat(run("load-plain-fr")).isEqualTo("ok");
        assertThat(rows("plain")).containsExactly(TODAY + "|BE|1", TODAY + "|FR|1");
    }

    private static void edit(String source, String text) throws Exception {
        project.write(file(source), text);
        ModelCamelContext context = (ModelCamelContext) serai.context();
        Waiting.soon().until(() -> {
            RouteDefinition route = context.getRouteDefinition("load-" + source);
            return route != null
                    && route.getOutputs().get(0) instanceof ToDefinition to
                    && to.getUri().contains("BE") == text.contains("BE")
                    && context.getRouteController()
                            .getRouteStatus("load-" + source)
                            .isStarted();
        });
    }
}
