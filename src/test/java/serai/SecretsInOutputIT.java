package serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.demo.CardReport;
import serai.demo.Ga4Double;
import serai.demo.Ga4Row;
import serai.demo.MetabaseDouble;
import serai.demo.Request;
import serai.demo.SeraiProcess;
import serai.demo.SlackDouble;
import serai.demo.SlackFailure;
import serai.testing.ProjectFolder;
import serai.testing.TestDatabase;
import serai.testing.Waiting;
import serai.watch.RunningWatch;

/** A full configuration at log level TRACE, of all libraries: no secret is printed, shown or stored. */
class SecretsInOutputIT {

    private static final String EVERYTHING = """
            status = warn
            appender.out.type = Console
            appender.out.name = out
            appender.out.layout.type = PatternLayout
            appender.out.layout.pattern = %d %p %c %m%n%xEx
            rootLogger.level = trace
            rootLogger.appenderRef.out.ref = out
            """;

    /** An import that loads, one that fails, one that is held, a model that is made, one that fails. */
    private static final String WORK = """
            select 'x' where exists (select from meta.runs where source = 'load-users' and status = 'ok')
              and exists (select from meta.runs where source = 'load-logins' and error like '%crm%')
              and exists (select from meta.rejects where source = 'load-web-sessions')
              and exists (select from meta.model_state where model = 'dim_users' and rows = 2)
              and exists (select from meta.model_state where model = 'rpt_peer' and error like '%crm%')
              and exists (select from meta.outbox where status = 'sent')
              and exists (select from meta.outbox where error like '%401%')""";

    private final TestDatabase database = new TestDatabase();
    private final Map<String, String> secrets = new LinkedHashMap<>();
    private final Map<String, String> settings = new HashMap<>();
    private MetabaseDouble metabase;
    private SlackDouble slack;
    private Ga4Double google;
    private HttpServer echo;
    private Path folder;

    @BeforeEach
    void start() throws Exception {
        folder = Files.createTempDirectory(
                Files.createDirectories(Path.of("target", "secrets-it")).toAbsolutePath(), "project");
        ProjectFolder.copyTo(folder);
        Files.delete(folder.resolve("routes/alerts/payment-failures.yaml"));
        Files.delete(folder.resolve("routes/alerts/error-burst.yaml"));
        Files.writeString(folder.resolve("everything.properties"), EVERYTHING);
        metabase = MetabaseDouble.start()
                .card(
                        11,
                        p -> CardReport.raw(
                                "User ID,Created At,Country,Locale,Email Domain,Role,Is Internal,Is Test,Source,Medium\n"
                                        + "u1,2026-01-05T08:00:00Z,GB,en,example.org,owner,false,false,google,organic\n"))
                .card(
                        12,
                        p -> CardReport.raw(
                                "Session Date,Source,Medium,Campaign,Landing Page,Country,Device,Sessions,Users,"
                                        + "Engaged,Signups\n2026-01-05,google,organic,,/,GB,mobile,many,1,1,0\n"))
                .card(13, p -> {
                    throw new IOException("the query failed at crm?token=own-token-of-an-operator-31");
                });
        google = Ga4Double.start();
        slack = SlackDouble.start().next(SlackFailure.INVALID_TOKEN, SlackFailure.BAD_GATEWAY);
        echo = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        echo.createContext("/", exchange -> {
            // the worst that a server or proxy can do: it repeats what it was sent
            boolean proxied = exchange.getRequestHeaders().containsKey("Proxy-Authorization");
            String repeated = "refused: " + exchange.getRequestHeaders().entrySet() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/plain");
            exchange.getResponseHeaders().add("Proxy-Authenticate", "Basic realm=\"proxy\"");
            byte[] body = repeated.getBytes(StandardCharsets.UTF_8);
            boolean asProxy = exchange.getRequestURI().isAbsolute();
            exchange.sendResponseHeaders(asProxy && !proxied ? 407 : 401, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        echo.start();
        URI jdbc = URI.create(database.url().substring("jdbc:".length()));
        secret("warehouse.password", database.url().replaceAll(".*password=", ""));
        set("warehouse.url", "jdbc:" + jdbc);
        set("warehouse.user", "postgres");
        secret("watch.slack-webhook", slack.webhook("secret-channel"));
        secrets.put(
                "path of watch.slack-webhook",
                URI.create(slack.webhook("secret-channel")).getPath());
        secret("watch.elasticsearch-api-key", "es-api-key-0fb1c2==");
        secret("watch.elasticsearch-bearer", "es-bearer-77aa01");
        secret("watch.elasticsearch-password", "es-pass\"word\\94d1");
        set("watch.elasticsearch-user", "searcher");
        set("watch.elasticsearch-proxy", "http://proxy-user:proxy-pass-5512@127.0.0.1:" + echoPort());
        secrets.put("watch.elasticsearch-proxy", "proxy-pass-5512");
        set("watch.elasticsearch", "http://url-user:url-pass-8821@search.example.org:9200");
        secrets.put("watch.elasticsearch", "url-pass-8821");
        secret("crm.token", "own-token-of-an-operator-31");
        secret("crm.slack-webhook", slack.webhook("channel-of-a-route"));
        secret("webhook of a rule", slack.webhook("channel-of-a-rule"));
        settings.remove("webhook of a rule");
        secrets.put("token of a rule", "rule-token-6620");
        set("watch.run-every", "1s");
        set("refresh.cron", "0/1 * * * * ?");
        set("watch.failure-notice", "1s");
        set("load.retry", "1s");
        set("edits.every", "100ms");
        RunningWatch.writeRule(folder, "figure.yaml", """
                name: A figure
                type: any
                source: warehouse
                query: sql/checks/figure.sql
                timestamp_field: at
                realert: {seconds: 0}
                alert: slack
                """);
        RunningWatch.writeRule(folder, "own.yaml", """
                name: A figure with its own receivers
                type: any
                source: warehouse
                query: sql/checks/figure.sql
                timestamp_field: at
                realert: {seconds: 0}
                alert: [slack, post]
                slack_webhook_url: "%s"
                http_post_url: http://127.0.0.1:%d/
                http_post_headers: {Authorization: Bearer rule-token-6620}
                """.formatted(secrets.get("webhook of a rule"), echoPort()));
        RunningWatch.writeRule(folder, "search.yaml", """
                name: A search
                type: any
                index: logs
                alert: slack
                """);
        Files.createDirectories(folder.resolve("sql/checks"));
        Files.writeString(folder.resolve("sql/checks/figure.sql"), "select started_at as at, status from meta.runs");
        // as a server that is asked by the warehouse and repeats the login in its error
        database.execute("""
                create function landing.peer() returns text language plpgsql as
                $$ begin raise exception 'crm?token=own-token-of-an-operator-31 is refused'; end $$""");
        Files.writeString(folder.resolve("sql/reports/rpt_peer.sql"), """
                -- @kind    table
                -- @grain   answer
                -- @reads   landing.users
                -- @owner   test
                -- @about   Fails in each refresh.
                select landing.peer() as answer from landing.users
                """);
    }

    @AfterEach
    void stop() throws Exception {
        metabase.close();
        slack.close();
        google.close();
        echo.stop(0);
        database.close();
    }

    private int echoPort() {
        return echo.getAddress().getPort();
    }

    private void set(String name, String value) {
        settings.put(name, value);
    }

    private void secret(String name, String value) {
        set(name, value);
        secrets.put(name, value);
    }

    @Test
    void aConfigurationWithALoginShowsNoSecretAtWork() throws Exception {
        set("metabase.url", metabase.url());
        set("metabase.user", MetabaseDouble.USER);
        secret("metabase.password", MetabaseDouble.PASSWORD);
        runUntil(WORK);
    }

    @Test
    void aConfigurationWithAKeyShowsNoSecretAtWork() throws Exception {
        set("metabase.url", metabase.url());
        secret("metabase.api-key", MetabaseDouble.API_KEY);
        runUntil(WORK);
    }

    @Test
    void aLoginAndAKeyThatAreRefusedAndRepeatedByTheServerAreNotPrinted() throws Exception {
        set("metabase.url", "http://127.0.0.1:" + echoPort());
        set("metabase.user", "ann");
        secret("metabase.password", "refused-pass\"word-1");
        runUntil("select 'x' from meta.runs where source = 'load-users' and error is not null");
        secret("metabase.api-key", "refused-key-2");
        runUntil("select 'x' from meta.runs where source = 'load-users' and error like '%401%'");
    }

    @Test
    void aServiceAccountOfGoogleShowsNeitherItsKeyNorItsLoginAtWork() throws Exception {
        set("metabase.url", metabase.url());
        secret("metabase.api-key", MetabaseDouble.API_KEY);
        set("ga4.url", google.url());
        Path key = google.keyFile(folder.resolve("google.json"));
        set("ga4.key-file", key.toString());
        String pem = new ObjectMapper()
                .readTree(Files.readString(key))
                .path("private_key")
                .asText();
        pem.lines().skip(1).limit(5).forEach(line -> secrets.put("the key, " + line.hashCode(), line));
        google.property("4711", day -> List.of(new Ga4Row(day, Map.of(), Map.of("sessions", 1))))
                .zone("UTC");
        database.execute("create table landing.visits (date date, sessions bigint)");
        Files.writeString(folder.resolve("routes/load/load-visits.camel.yaml"), """
                - route:
                    id: load-visits
                    from:
                      uri: kamelet:ga4-report
                      parameters: { property: "4711", metrics: sessions, cron: "0 0 0 1 1 ? 2090", lookback: 48h, zone: UTC }
                      steps:
                        - to:
                            uri: kamelet:replace-window
                            parameters: { table: landing.visits, window: date }
                """);
        runUntil("select 'x' from meta.runs where source = 'load-visits' and status = 'ok'");
        assertThat(secrets).containsKeys("Google's token", "Google's assertion");
    }

    private void runUntil(String query) throws Exception {
        StringBuilder file = new StringBuilder();
        settings.forEach((name, value) -> file.append(name)
                .append(" = ")
                .append(value.replace("\\", "\\\\"))
                .append('\n'));
        Files.writeString(folder.resolve("application.properties"), file);
        List<String> java = new ArrayList<>(SeraiProcess.quickJava());
        java.add("-Dlog4j2.configurationFile=" + folder.resolve("everything.properties"));
        List<String> seen = new ArrayList<>();
        try (SeraiProcess serai = SeraiProcess.start(folder, java, Map.of(), SeraiProcess.ofClassPath("serai.Serai"))) {
            Waiting.soon().until(() -> {
                serai.requireAlive();
                return database.value(query) != null;
            });
            Waiting.soon().until(() -> !slack.messages().isEmpty());
            Waiting.soon()
                    .until(() -> database.value("select 'x' from meta.rules where failing_since is not null") != null);
            for (String path : List.of("/", "/status.json")) {
                seen.add(get(serai.page() + path));
            }
            seen.add(get(serai.management() + "/observe/health"));
            seen.add(get(serai.management() + "/observe/metrics"));
            for (String table : database.rows("select tablename from pg_tables where schemaname = 'meta'")) {
                seen.addAll(database.rows("select to_jsonb(t)::text from meta." + table + " t"));
            }
            seen.addAll(database.rows("select convert_from(payload, 'UTF8') from meta.rejects"));
        }
        metabase.requests().stream()
                .flatMap(request -> request.header("X-Metabase-Session").stream())
                .forEach(session -> secrets.put("session", session));
        for (Request request : google.requests()) {
            request.header("Authorization")
                    .ifPresent(header -> secrets.put("Google's token", header.replace("Bearer ", "")));
            secrets.computeIfAbsent("Google's assertion", name -> request.form().get("assertion"));
        }
        seen.add(Files.readString(folder.resolve("serai.log")));
        assertThat(seen.get(seen.size() - 1)).contains(" TRACE ", " DEBUG ", "***");
        for (Map.Entry<String, String> secret : secrets.entrySet()) {
            String base64 = Base64.getEncoder().encodeToString(secret.getValue().getBytes(StandardCharsets.UTF_8));
            for (String text : seen) {
                for (String form : List.of(secret.getValue(), secret.getValue().replace("\"", "\\\""), base64)) {
                    int at = text.indexOf(form);
                    assertThat(at < 0 ? "" : text.substring(Math.max(0, at - 300), Math.min(text.length(), at + 100)))
                            .as(secret.getKey())
                            .isEmpty();
                }
            }
        }
    }

    private static String get(String address) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
                .body();
    }
}
