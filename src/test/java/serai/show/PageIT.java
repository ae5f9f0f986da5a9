package serai.show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;
import serai.warehouse.Writer;

class PageIT {

    private static final String NEVER_SOON = "0 0 0 1 1 ? 2099";
    private static final String HOSTILE =
            "</span><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\"> & \"x\"";

    @TempDir
    Path folder;

    private final TestDatabase database = new TestDatabase();
    private final LedgerRows rows = new LedgerRows(database);
    /** Another process runs the rules: otherwise this one deactivates those that are in no file. */
    private Writer engine;

    private RunningSerai show;

    @BeforeEach
    void start() throws Exception {
        engine = database.warehouse().writer("rules");
        ProjectFolder.copyTo(folder, "routes/show/*");
        show = RunningSerai.start(folder, database, Map.of("camel.main.shutdownTimeout", "5"));
    }

    @AfterEach
    void close() {
        show.close();
        engine.close();
        database.close();
    }

    @Test
    @Tag("system")
    void theBrowserShowsARowForEachSourceModelAndRule() throws Exception {
        Instant now = Instant.now();
        rows.source("web_sessions", "0 0 * * * ?", now.minus(Duration.ofDays(9)));
        rows.run(
                "web_sessions",
                "ok",
                now.minus(Duration.ofHours(5)),
                now.minus(Duration.ofHours(5)),
                now.minus(Duration.ofHours(6)),
                null);
        rows.source("crm", NEVER_SOON, now);
        rows.model("fact_logins", "recalc", "ok", now.minus(Duration.ofHours(1)), 1234567L, null);
        rows.rule("error-burst", "frequency", "ok", now.minusSeconds(30), 12, 1, null);
        rows.message("1", "error-burst", "sent", now);
        rows.refused("routes/load/crm.camel.yaml", 7, "Unsupported field: stepz", now.minusSeconds(90));

        String dom = new Browser(folder).open(show.page("/"), Duration.ofSeconds(1));
        assertThat(text(dom))
                .contains("LATE 0 of 2 sources fresh. web_sessions late by ")
                .contains("1 edited file not in effect")
                .contains("routes/load/crm.camel.yaml:7")
                .contains("Unsupported field: stepz")
                .containsPattern(
                        "web_sessions metabase-report ◷ LATE 6 h ago .* 48\u2009210 48\u2009207 47\u2009995 3 Late by ")
                .containsPattern("crm metabase-report \\? UNKNOWN – – – – in \\d+ days .* It has not run yet\\.")
                .containsPattern("fact_logins recalc ✓ OK – (60 min|1 h) ago")
                .contains("1\u2009234\u2009567 0")
                .containsPattern("error-burst frequency ✓ OK \\d+ s ago .* 1 min 0 s 12 ms 12 1 1")
                .contains("Messages Sent: 1 Waiting: 0 The oldest waits since: – Failed: 0");
        assertThat(dom).doesNotContain("class=\"stale\"");
    }

    @Test
    @Tag("system")
    void theBrowserShowsHostileTextAsText() throws Exception {
        rows.source(HOSTILE, NEVER_SOON, Instant.now());
        rows.run(HOSTILE, "failed", Instant.now(), Instant.now(), null, HOSTILE + "\nsecond line");
        rows.refused(HOSTILE, 1, HOSTILE, Instant.now());

        String dom = new Browser(folder).open(show.page("/"), Duration.ofSeconds(12));
        assertThat(dom).doesNotContain("<title>taken").doesNotContain("<img").containsOnlyOnce("<script>");
        assertThat(dom).contains("&lt;script&gt;document.title='taken'&lt;/script&gt;");
    }

    @Test
    @Tag("system")
    void agesTickBetweenTwoAnswers() throws Exception {
        Instant finished = Instant.now().minusSeconds(10);
        rows.source("s", NEVER_SOON, finished);
        rows.run("s", "ok", finished, finished, finished, null);

        String dom = new Browser(folder).open(show.page("/"), Duration.ofMillis(4_200));
        long atAnswer = Duration.between(finished, Instant.parse(found(dom, "data-now=\"([^\"]+)\"")))
                .toSeconds();
        long shown = Long.parseLong(found(dom, "<time class=\"age\"[^>]*>(\\d+) s ago"));
        assertThat(shown - atAnswer).isBetween(3L, 5L);
    }

    @Test
    @Tag("system")
    void theBrowserTakesOverWhatIsNew() throws Exception {
        String first = show.get("/").body();
        rows.source("newcomer", NEVER_SOON, Instant.now());
        // an answer may be a second old
        await().atMost(Duration.ofSeconds(5)).until(() -> show.get("/").body().contains("newcomer"));
        String dom = openOnce(first, true);
        assertThat(text(dom)).contains("newcomer").contains("not run yet");
        assertThat(dom).doesNotContain("class=\"stale\"");
    }

    @Test
    @Tag("system")
    void thePageTurnsGreyWhenNobodyAnswersAnyMore() throws Exception {
        String dom = openOnce(show.get("/").body(), false);
        assertThat(dom).contains("<body class=\"stale\">");
        assertThat(text(dom)).containsPattern("STALE: this is what Serai said \\d+ s ago\\.");
    }

    /** Opens a page that was served earlier; afterwards the address leads to the running page, or nowhere. */
    private String openOnce(String earlier, boolean thenAnswers) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        boolean[] served = {false};
        server.createContext("/", exchange -> {
            boolean first = !served[0];
            served[0] = true;
            String body = first || !thenAnswers ? earlier : body();
            exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(first || thenAnswers ? 200 : 502, bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        });
        server.start();
        try {
            return new Browser(folder)
                    .open(
                            URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"),
                            Duration.ofSeconds(25));
        } finally {
            server.stop(0);
        }
    }

    private String body() throws IOException {
        try {
            return show.get("/").body();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void theAnswerIsSmallAndTrustsNobody() throws Exception {
        HttpResponse<String> answer = show.get("/");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'")
                .doesNotContain("unsafe");
        assertThat(answer.headers().map()).doesNotContainKeys("user-agent", "host");
        assertThat(answer.body().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(20_000);
        assertThat(answer.body())
                .doesNotContain("http://")
                .doesNotContain("https://")
                .contains("Nothing is loaded yet");
    }

    @Test
    void aFullPageStaysUnderAHundredKilobytes() throws Exception {
        Instant now = Instant.now();
        for (int i = 0; i < 40; i++) {
            rows.source("source_" + i, NEVER_SOON, now);
            rows.run("source_" + i, "failed", now, now, now, "Something long went wrong. ".repeat(i < 10 ? 40 : 3));
            rows.model("model_" + i, "recalc", "ok", now, 1L, null);
        }
        assertThat(show.get("/").body().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(100_000);
    }

    @Test
    void onlyReadingIsAllowed() throws Exception {
        for (String path : new String[] {"/", "/status.json"}) {
            HttpResponse<String> head = show.send("HEAD", path);
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(show.send("POST", path).statusCode()).isEqualTo(405);
        }
        assertThat(show.get("/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void statusJsonIsServed() throws Exception {
        rows.source("crm", NEVER_SOON, Instant.now());
        HttpResponse<String> answer = show.get("/status.json");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(new ObjectMapper()
                        .readTree(answer.body())
                        .at("/sources/0/status")
                        .asText())
                .isEqualTo("UNKNOWN");
    }

    @Test
    void aLostWarehouseIsReportedInASentenceWithinFiveSeconds() throws Exception {
        // the first request of a process takes longer
        show.get("/");
        database.close();
        // an answer is kept for a second
        await().atMost(Duration.ofSeconds(5))
                .until(() -> show.get("/status.json").statusCode() == 503);
        for (String path : new String[] {"/", "/status.json"}) {
            long start = System.nanoTime();
            HttpResponse<String> answer = show.get(path);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body())
                    .contains("The warehouse does not answer")
                    .doesNotContain("Exception")
                    .doesNotContain("at serai.");
        }
    }

    @Test
    void aWarehouseThatHangsIsReportedWithinFiveSecondsToo() throws Exception {
        try (var c = database.connect();
                var s = c.createStatement()) {
            c.setAutoCommit(false);
            s.execute("lock table meta.sources");
            long start = System.nanoTime();
            assertThat(show.get("/status.json").statusCode()).isEqualTo(503);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        }
        await().atMost(Duration.ofSeconds(10))
                .until(() -> show.get("/status.json").statusCode() == 200);
    }

    @Test
    void theGaugesFollowTheStatus() throws Exception {
        Instant now = Instant.now();
        rows.source("crm", NEVER_SOON, now);
        rows.run("crm", "ok", now, now, now.minusSeconds(3600), null);
        rows.model("fact_logins", "recalc", "ok", now, 1L, null);
        rows.dirtyDay("fact_logins", "2026-11-01", now);
        rows.message("1", "r", "pending", now);

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(gauges())
                        .containsPattern("serai_load_source_age_seconds\\{.*source=\"crm\".*} 36\\d\\d\\.")
                        .containsPattern("serai_load_source_condition_level\\{.*source=\"crm\".*} 0\\.0")
                        .containsPattern("serai_refresh_dirty_days\\{.*model=\"fact_logins\".*} 1\\.0")
                        .containsPattern("serai_watch_outbox_pending_messages(\\{.*})? 1\\.0")
                        .containsPattern("serai_show_refused_edits_files(\\{.*})? 0\\.0")
                        .containsPattern("serai_show_warehouse_up(\\{.*})? 1\\.0"));

        database.close();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(gauges()).containsPattern("serai_show_warehouse_up(\\{.*})? 0\\.0"));
    }

    private String gauges() throws Exception {
        show.context()
                .getRegistry()
                .lookupByNameAndType("show-gauges", Processor.class)
                .process(new DefaultExchange(show.context()));
        return observed("/observe/metrics");
    }

    @Test
    void readinessNamesTheWarehouse() throws Exception {
        assertThat(observed("/observe/health/ready"))
                .contains("serai-warehouse")
                .contains("UP");
        database.close();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(observed("/observe/health/ready")).contains("DOWN"));
        assertThat(observed("/observe/health/live")).doesNotContain("serai-warehouse");
    }

    private String observed(String path) throws Exception {
        return show.management(path).body();
    }

    /** What a reader sees, in one line. */
    private static String text(String html) {
        return html.replaceAll("(?s)<(script|style)>.*?</\\1>", " ")
                .replaceAll("<[^>]+>", " ")
                .replace("&nbsp;", " ")
                .replaceAll("[ \\n\\r\\t]+", " ");
    }

    private static String found(String html, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(html);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }
}
