package serai.load.metabase;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.Card;
import serai.demo.CardReport;
import serai.demo.MetabaseDouble;
import serai.demo.Parameters;
import serai.demo.Request;
import serai.http.Certificates;
import serai.http.Tunnel;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;

/** Ways to a Metabase that is not reached directly, and questions with field filters, through the real route. */
class ReportConnectionIT {

    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);
    private static final String ROWS = "day,k\n" + TODAY + ",1\n";

    @TempDir
    Path folder;

    private final TestDatabase database = new TestDatabase();
    private MetabaseDouble metabase;
    private Parameters asked;

    @BeforeEach
    void start() throws Exception {
        metabase = MetabaseDouble.start();
        metabase.card(Card.between(41, "Ways", p -> CardReport.raw(ROWS))
                .withTags(
                        Card.Tag.field("period", "date/range"),
                        Card.Tag.field("country", "string/="),
                        new Card.Tag("plan", "text", false)));
        metabase.card(Card.between(42, "Filtered", p -> {
                    asked = p;
                    return CardReport.raw(ROWS);
                })
                .withTags(
                        Card.Tag.field("period", "date/range"),
                        Card.Tag.field("country", "string/="),
                        new Card.Tag("plan", "text", false)));
    }

    @AfterEach
    void stop() throws Exception {
        database.close();
        metabase.close();
    }

    private String load(String properties, Map<String, String> settings) throws Exception {
        ProjectFolder project = ProjectFolder.copyTo(folder, "routes/kamelets/*")
                .write("sql/migrations/V1__ways.sql", "create table landing.ways (day date not null, k int)")
                .write("routes/load/load-ways.camel.yaml", """
                        - route:
                            id: load-ways
                            from:
                              uri: kamelet:metabase-report
                              parameters: { cron: "0 0 0 1 1 ? 2090", lookback: 72h, %s }
                              steps:
                                - to:
                                    uri: kamelet:replace-window
                                    parameters: { table: landing.ways, window: day }
                        """.formatted(properties));
        Map<String, String> all = new HashMap<>(Map.of("metabase.url", metabase.url(), "load.retry", "1h"));
        all.putAll(settings);
        try (RunningSerai serai = RunningSerai.start(project.root(), database, all)) {
            return serai.firstImport("load-ways");
        }
    }

    private String error() {
        return database.value("select error from meta.runs order by run_id desc limit 1");
    }

    @Test
    void aMetabaseWithACertificateOfItsOwnAuthorityIsReachedWithThatAuthority() throws Exception {
        Certificates certificates = new Certificates(folder);
        int port = URI.create(metabase.url()).getPort();
        try (Tunnel tls = Tunnel.tls(certificates.server("server"), port, false)) {
            String url = "https://127.0.0.1:" + tls.port();
            assertThat(load(
                            "card: 41, range: period",
                            Map.of("metabase.url", url, "metabase.api-key", MetabaseDouble.API_KEY)))
                    .isEqualTo("failed");
            assertThat(error()).contains("certification path");
            database.execute("truncate meta.runs");
            assertThat(load(
                            "card: 41, range: period",
                            Map.of(
                                    "metabase.url",
                                    url,
                                    "metabase.user",
                                    MetabaseDouble.USER,
                                    "metabase.password",
                                    MetabaseDouble.PASSWORD,
                                    "metabase.ca",
                                    certificates.file("ca.pem").toString())))
                    .as(this::error)
                    .isEqualTo("ok");
        }
    }

    @Test
    void aProxyWithALoginAndExtraHeadersAreUsedForTheLoginAndTheReport() throws Exception {
        try (Tunnel proxy = Tunnel.proxy("serai:secret")) {
            assertThat(load(
                            "card: 41, range: period",
                            Map.of(
                                    "metabase.proxy",
                                    "http://serai:secret@127.0.0.1:" + proxy.port(),
                                    "metabase.headers",
                                    "CF-Access-Client-Id: abc; CF-Access-Client-Secret: d:e f",
                                    "metabase.user",
                                    MetabaseDouble.USER,
                                    "metabase.password",
                                    MetabaseDouble.PASSWORD)))
                    .as(this::error)
                    .isEqualTo("ok");
            assertThat(proxy.heads()).hasSize(2);
        }
        List<Request> requests = metabase.requests();
        assertThat(requests).extracting(Request::path).containsExactly("/api/session", "/api/card/41/query/csv");
        assertThat(requests).allSatisfy(request -> {
            assertThat(request.header("CF-Access-Client-Id")).contains("abc");
            assertThat(request.header("CF-Access-Client-Secret")).contains("d:e f");
        });
    }

    @Test
    void fieldFiltersGetTheDaysOfTheWindowAndFurtherValues() throws Exception {
        assertThat(load(
                        "card: 42, range: period, parameters: 'country:dimension:string/==DE,AT; plan:string/==pro = 1'",
                        Map.of("metabase.api-key", MetabaseDouble.API_KEY)))
                .as(this::error)
                .isEqualTo("ok");
        assertThat(asked.values())
                .containsOnly(
                        Map.entry("period", List.of(TODAY.minusDays(3) + "~" + TODAY)),
                        Map.entry("country", List.of("DE", "AT")),
                        Map.entry("plan", List.of("pro = 1")));
    }
}
