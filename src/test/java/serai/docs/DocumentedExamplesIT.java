package serai.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.component.quartz.QuartzComponent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quartz.JobKey;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;

/**
 * Serai with the shipped files, while the examples of the documentation are added: a block with the mark
 * {@code example: PATH} is a file at that path, which must be accepted; one with {@code sql} runs in the warehouse;
 * addresses of {@code curl} answer; metrics and fields of status.json are those of the tables.
 */
class DocumentedExamplesIT {

    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:8080(\\S*)");
    private static final Pattern NAME = Pattern.compile("`([\\w.\\[\\]]+)`");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private static Path folder;

    private static final TestDatabase database = new TestDatabase();
    private static RunningSerai serai;

    @BeforeAll
    static void start() throws Exception {
        ProjectFolder project = ProjectFolder.copyTo(folder);
        for (Page.Block example : examples()) {
            assertThat(folder.resolve(example.argument()))
                    .as(example.toString())
                    .doesNotExist();
            if (isMigration(example)) {
                project.write(example.argument(), example.text());
            }
        }
        serai = RunningSerai.start(
                folder,
                database,
                Map.of(
                        "metabase.url",
                        "http://127.0.0.1:9",
                        "product.slack-webhook",
                        "http://127.0.0.1:9/services/of-an-example"));
        // creates the tables of the shipped models, which examples read
        serai.context()
                .getComponent("quartz", QuartzComponent.class)
                .getScheduler()
                .triggerJob(new JobKey("star", "refresh"));
        await("the models")
                .atMost(Duration.ofSeconds(60))
                .until(() -> database.rows(
                                "select count(*) filter (where status <> 'ok') = 0 and count(*) > 0 from meta.model_state")
                        .equals(List.of("t")));
        for (Page.Block example : examples()) {
            if (!isMigration(example)) {
                project.write(example.argument(), example.text());
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        serai.close();
        database.close();
    }

    static List<Page.Block> examples() {
        return Page.blocks("example");
    }

    private static boolean isMigration(Page.Block example) {
        return example.argument().startsWith("sql/migrations/");
    }

    static List<Page.Block> statements() {
        return Page.blocks("sql");
    }

    /** What the documentation calls with curl: paths of the page's port. */
    static List<String> addresses() {
        return Page.blocks("command").stream()
                .flatMap(block -> block.lines().stream())
                .filter(line -> line.startsWith("curl "))
                .map(line -> {
                    Matcher address = ADDRESS.matcher(line);
                    assertThat(address.find()).as(line).isTrue();
                    return address.group(1);
                })
                .toList();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleIsAcceptedAsAFile(Page.Block example) throws Exception {
        if (isMigration(example)) {
            String version = example.argument().replaceAll(".*/V0*(\\d+)__.*", "$1");
            assertThat(database.rows("select version from meta.own_schema_history where success"))
                    .contains(version);
        } else if (example.argument().startsWith("sql/jobs/")) {
            assertThat(examples()).anyMatch(other -> other.text().contains("file: " + example.argument()));
        } else if (example.argument().startsWith("sql/checks/")) {
            // it takes effect in the rule that names it
            assertThat(examples()).anyMatch(other -> other.text().contains("query: " + example.argument()));
        } else {
            String row = "select status, line, reason from meta.edits where file = '" + example.argument() + "'";
            await(example.toString())
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(database.rows(row)).containsExactly("accepted|null|null"));
        }
    }

    @Test
    void theRoutesOfTheExampleLoadCountAndPruneWhatIsPosted() throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(serai.page("/leads")).POST(HttpRequest.BodyPublishers.ofString("""
                        [{"lead_id": "1", "created_at": "2026-03-01T10:00:00Z", "partner": "R&D", "note": "a, 'b' = c"},
                         {"lead_id": "2", "created_at": "2026-03-02", "partner": null, "note": "two\\nlines"}]"""));
        await("the answer").atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            HttpResponse<String> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isBetween(200, 204);
        });
        assertThat(CLIENT.send(
                                HttpRequest.newBuilder(serai.page("/leads"))
                                        .POST(HttpRequest.BodyPublishers.ofString("{\"lead\": 1}"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(500);
        assertThat(database.rows("select lead_id, created_at, partner, note from landing.leads order by lead_id"))
                .containsExactly("1|2026-03-01 10:00:00+00|R&D|a, 'b' = c", "2|2026-03-02 00:00:00+00|null|two\nlines");
        await("the route that counts them")
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(serai.get("/leads/count").body())
                        .isEqualTo("[{\"partner\":\"R&D\",\"leads\":1},{\"partner\":null,\"leads\":1}]"));
        database.execute("insert into landing.leads values ('old', now() - interval '3 years')");
        serai.context()
                .getComponent("quartz", QuartzComponent.class)
                .getScheduler()
                .triggerJob(new JobKey("prune-leads", "load-jobs"));
        await("the job")
                .atMost(Duration.ofSeconds(60))
                .until(() -> database.rows("select status, rows_deleted from meta.runs where kind = 'run-sql'")
                        .equals(List.of("ok|1")));
    }

    @ParameterizedTest
    @MethodSource("statements")
    void aQueryOfTheDocumentationRuns(Page.Block block) throws Exception {
        for (String statement : block.text().split(";")) {
            if (!statement.isBlank()) {
                database.rows(statement);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void anAddressAnswers(String path) throws Exception {
        assertThat(serai.get(path).statusCode()).isEqualTo(200);
    }

    @Test
    void theFieldsOfStatusJsonAreThoseOfTheTables() throws Exception {
        List<String> rows = Page.read(Path.of("docs/page.md")).rows("status.json");
        int common = first(rows, "name");
        int sections = common + first(rows.subList(common, rows.size()), "sources");
        Set<String> ofEachRow = codes(rows.subList(common, sections), 0);
        await("all sections of status.json").atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            JsonNode status =
                    new ObjectMapper().readTree(serai.get("/status.json").body());
            assertThat(keys(status)).isEqualTo(codes(rows.subList(0, common), 0));
            // no file is refused here, and no route has to fail
            for (String section : List.of("sources", "models", "rules", "refresh", "messages", "instances")) {
                JsonNode row =
                        status.get(section).isArray() ? status.get(section).path(0) : status.get(section);
                String declared = rows.get(sections + first(rows.subList(sections, rows.size()), section));
                Set<String> documented = codes(List.of(declared.replaceFirst(": .*", "")), 1);
                documented.addAll(ofEachRow);
                assertThat(keys(row)).as(section).isEqualTo(documented);
            }
        });
    }

    private static int first(List<String> rows, String code) {
        for (int i = 0; i < rows.size(); i++) {
            if (codes(List.of(rows.get(i)), 0).contains(code)) {
                return i;
            }
        }
        throw new AssertionError("no row has " + code);
    }

    /** The names in a column of a table. */
    private static Set<String> codes(List<String> rows, int column) {
        Set<String> names = new TreeSet<>();
        for (String row : rows) {
            String[] cells = row.split(" \\| ");
            Matcher name = NAME.matcher(cells.length > column ? cells[column] : "");
            while (name.find()) {
                names.add(name.group(1));
            }
        }
        return names;
    }

    private static Set<String> keys(JsonNode object) {
        Set<String> keys = new TreeSet<>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    @Test
    void theMetricsAreThoseOfTheTable() throws Exception {
        Set<String> documented = names("docs/operate.md", "Health and metrics");
        documented.removeIf(name -> !name.startsWith("serai_"));
        // no source is loaded here, so none has an age, and no database is replicated
        documented.remove("serai_load_source_age_seconds");
        documented.removeIf(name -> name.startsWith("serai_replicate_"));
        await("all metrics")
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(metrics()).isEqualTo(documented));
    }

    private static Set<String> metrics() throws Exception {
        Set<String> metrics = new TreeSet<>();
        serai.management("/observe/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("# HELP serai_"))
                .map(line -> line.split(" ")[2])
                .filter(name -> !name.endsWith("_max"))
                .forEach(metrics::add);
        return metrics;
    }

    /** The names in the first column of a section's tables; one without a dot continues the one before it. */
    private static Set<String> names(String page, String section) {
        Set<String> names = new TreeSet<>();
        for (String row : Page.read(Path.of(page)).rows(section)) {
            String before = "";
            Matcher name = NAME.matcher(row.split(" \\| ")[0]);
            while (name.find()) {
                String text = name.group(1);
                before = text.contains("[].") ? text.substring(0, text.indexOf("[].") + 3) : before;
                names.add(text.startsWith(before) ? text : before + text);
            }
        }
        return names;
    }

    private static HttpResponse<String> get(String address) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
