package serai.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetabaseDoubleTest {

    private static final String WHOLE = "Day,Name,Note\n2026-03-01,Ann,plain\n2026-03-02,Bob,\"two\nlines\"\n"
            + "2026-03-03,\"Cy, jr\",\n2026-03-04,Dé,\"a \"\"b\"\"\"\n";
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private MetabaseDouble metabase;

    @BeforeEach
    void start() throws IOException {
        metabase = MetabaseDouble.start()
                .failingAfter(1)
                .card(
                        12,
                        p -> CardReport.of(
                                List.of("Day", "Name", "Note"),
                                Stream.of(
                                                row(LocalDate.of(2026, 3, 1), "Ann", "plain"),
                                                row(LocalDate.of(2026, 3, 2), "Bob", "two\nlines"),
                                                row(LocalDate.of(2026, 3, 3), "Cy, jr", null),
                                                row(LocalDate.of(2026, 3, 4), "Dé", "a \"b\""))
                                        .filter(r -> p.contains(((LocalDate) r.get(0)).atStartOfDay()))
                                        .toList()));
    }

    @AfterEach
    void stop() throws IOException {
        metabase.close();
    }

    @Test
    void aDownloadIsAnsweredAsMetabaseDoes() throws Exception {
        HttpResponse<String> reply = download(12, "format_rows=false");
        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo(WHOLE);
        assertThat(reply.headers().firstValue("Content-Type")).hasValue("text/csv");
        assertThat(reply.headers().firstValue("Connection")).hasValue("close");
        assertThat(reply.headers().firstValue("Content-Disposition").orElseThrow())
                .matches("attachment; filename=\"card_12_.*\\.csv\"");
        assertThat(reply.headers().firstValue("Content-Length")).isEmpty();
        assertThat(reply.headers().firstValue("Content-Encoding")).isEmpty();
    }

    @Test
    void aReplyIsCompressedWhenTheRequestAsksForIt() throws Exception {
        for (String accepted : List.of("gzip", "deflate, gzip;q=0.9", "*")) {
            HttpResponse<byte[]> reply = client.send(
                    query(12, "format_rows=false")
                            .header("Accept-Encoding", accepted)
                            .build(),
                    BodyHandlers.ofByteArray());
            assertThat(reply.headers().firstValue("Content-Encoding")).hasValue("gzip");
            assertThat(unzipped(reply.body())).isEqualTo(WHOLE);
        }
        HttpResponse<String> plain = client.send(
                query(12, "format_rows=false").header("Accept-Encoding", "br").build(), BodyHandlers.ofString());
        assertThat(plain.body()).isEqualTo(WHOLE);
    }

    @Test
    void valuesArePrintedAsMetabaseDoes() throws Exception {
        metabase.zone(ZoneId.of("Europe/Berlin"))
                .card(
                        1,
                        p -> CardReport.of(
                                List.of("A"),
                                Stream.of(
                                                LocalDateTime.of(2020, 6, 3, 0, 0),
                                                LocalDateTime.of(2020, 6, 3, 23, 41),
                                                LocalDateTime.of(2020, 6, 3, 23, 41, 23, 120_000_000),
                                                OffsetDateTime.of(2020, 6, 3, 23, 41, 23, 0, ZoneOffset.UTC),
                                                12.0,
                                                1e10,
                                                new BigDecimal("1E+3"),
                                                1234567,
                                                true,
                                                "",
                                                null,
                                                List.of("x", "y"),
                                                List.of(1, 2))
                                        .map(Collections::singletonList)
                                        .toList()));
        assertThat(download(1, "format_rows=false").body())
                .isEqualTo("A\n2020-06-03\n2020-06-03T23:41:00\n2020-06-03T23:41:23.12\n2020-06-04T01:41:23+02:00\n"
                        + "12.0\n1.0E10\n1E+3\n1234567\ntrue\n\n\n\"[\"\"x\"\" \"\"y\"\"]\"\n[1 2]\n");
    }

    @Test
    void numbersLoseDigitsWithoutFormatRows() throws Exception {
        metabase.card(
                1,
                p -> CardReport.of(
                        List.of("A", "B", "C", "D"),
                        List.of(List.of(
                                1234.567, 0.012345, LocalDate.of(2014, 4, 7), LocalDateTime.of(2014, 4, 1, 8, 30)))));
        assertThat(download(1, "").body())
                .isEqualTo("A,B,C,D\n\"1,234.57\",0.012,\"April 7, 2014\",\"April 1, 2014, 8:30 AM\"\n");
        assertThat(metabase.formattedByDefault(false).version(56).url()).isNotEmpty();
        assertThat(download(1, "").body()).isEqualTo("A,B,C,D\n1234.567,0.012345,2014-04-07,2014-04-01T08:30:00\n");
    }

    @Test
    void rowsAreFilteredByTheParametersOfTheForm() throws Exception {
        String between = parameter("start", "date/single", "2026-03-02") + ","
                + parameter("end", "date/single", "2026-03-03T00:00:00");
        assertThat(download(12, "format_rows=false&parameters=" + encoded("[" + between + "]"))
                        .body())
                .isEqualTo("Day,Name,Note\n2026-03-02,Bob,\"two\nlines\"\n");
        assertThat(metabase.requests("POST", "/api/card/12/query/csv").get(0).form())
                .containsEntry("format_rows", "false")
                .containsKey("parameters");
    }

    @Test
    void parametersAreReadFromTheQueryStringBefore53AndFromJsonSince() throws Exception {
        String none = encoded("[" + parameter("start", "date/single", "2027-01-01") + "]");
        String json =
                "{\"format_rows\":false,\"parameters\":[" + parameter("start", "date/single", "2027-01-01") + "]}";
        assertThat(countByQueryString(metabase.version(52), none)).isZero();
        assertThat(countByQueryString(metabase.version(53), none)).isEqualTo(4);
        assertThat(countByJson(metabase.version(53), json)).isZero();
        assertThat(countByJson(metabase.version(52), json)).isEqualTo(4);
    }

    @Test
    void wrongParametersAreRefusedInMetabasesWords() throws Exception {
        HttpResponse<String> unknown =
                download(12, "parameters=" + encoded("[" + parameter("x", "date/single", "2026-03-02") + "]"));
        assertThat(unknown.statusCode()).isEqualTo(500);
        assertThat(unknown.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/json");
        assertThat(unknown.body()).contains("Invalid parameter: Card 12 does not have a template tag named \\\"x\\\".");
        HttpResponse<String> type =
                download(12, "parameters=" + encoded("[" + parameter("start", "number/=", "1") + "]"));
        assertThat(type.statusCode()).isEqualTo(500);
        assertThat(type.body())
                .contains(
                        "Invalid parameter type :number/= for parameter \\\"start\\\". Parameter type must be one of: ");
        assertThat(download(12, "parameters=" + encoded("[" + parameter("start", "date/single", "yesterday") + "]"))
                        .body())
                .startsWith("{\"database_id\":1,");
        assertThat(download(12, "parameters=" + encoded("{}")).statusCode()).isEqualTo(400);
        assertThat(download(12, "format_rows=no").statusCode()).isEqualTo(400);
        assertThat(download(12, "lookback=1").statusCode()).isEqualTo(400);
    }

    @Test
    void aCardIsReadOnlyWithPermission() throws Exception {
        metabase.card(Card.between(13, "Secret", p -> CardReport.raw("A\n")).hidden());
        assertThat(download(13, "").statusCode()).isEqualTo(403);
        assertThat(download(13, "").body()).isEqualTo("You don't have permissions to do that.");
        assertThat(download(99, "").statusCode()).isEqualTo(404);
        assertThat(download(99, "").body()).isEqualTo("Not found.");
        HttpResponse<String> anonymous = client.send(
                HttpRequest.newBuilder(URI.create(metabase.url() + "/api/card/12/query/csv"))
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        assertThat(anonymous.statusCode()).isEqualTo(401);
        assertThat(anonymous.body()).isEqualTo("Unauthenticated");
        assertThat(anonymous.headers().firstValue("Content-Type")).hasValue("text/plain");
    }

    @Test
    void onlyPostIsAcceptedAndUnknownPathsAreAnsweredWithThePage() throws Exception {
        assertThat(client.send(
                                HttpRequest.newBuilder(URI.create(metabase.url() + "/api/card/12/query/csv"))
                                        .header("x-api-key", MetabaseDouble.API_KEY)
                                        .build(),
                                BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(404);
        HttpResponse<String> page = client.send(
                HttpRequest.newBuilder(URI.create(metabase.url() + "/card/12/query/csv"))
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).startsWith("<!DOCTYPE html>");
    }

    @Test
    void aCardIsDescribed() throws Exception {
        metabase.card(Card.between(14, "Old", p -> CardReport.raw("A\n")).trashed());
        HttpRequest request = HttpRequest.newBuilder(URI.create(metabase.url() + "/api/card/14"))
                .header("x-api-key", MetabaseDouble.API_KEY)
                .build();
        assertThat(client.send(request, BodyHandlers.ofString()).body())
                .contains("\"id\":14", "\"archived\":true", "\"slug\":\"start\"");
        assertThat(download(14, "").body()).isEqualTo("A\n");
    }

    @Test
    void aSessionIsAcceptedUntilItExpires() throws Exception {
        Instant[] now = {Instant.parse("2026-03-01T00:00:00Z")};
        metabase.clock(clock(now));
        String session =
                login(MetabaseDouble.USER, MetabaseDouble.PASSWORD).body().replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");
        assertThat(withSession(session).statusCode()).isEqualTo(200);
        now[0] = now[0].plus(Duration.ofDays(14));
        assertThat(withSession(session).statusCode()).isEqualTo(401);
        session =
                login(MetabaseDouble.USER, MetabaseDouble.PASSWORD).body().replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");
        metabase.next(Failure.OK, Failure.SESSION_EXPIRED);
        assertThat(withSession(session).statusCode()).isEqualTo(200);
        assertThat(withSession(session).statusCode()).isEqualTo(401);
        assertThat(withSession(session).statusCode()).isEqualTo(401);
    }

    @Test
    void wrongLoginsAreRefusedInMetabasesWords() throws Exception {
        assertThat(login(MetabaseDouble.USER, "").statusCode()).isEqualTo(400);
        assertThat(login(MetabaseDouble.USER, "").body())
                .contains("\"errors\":{\"password\":\"value must be a non-blank string.\"}");
        assertThat(login("nobody@example.org", "x").body())
                .contains("\"errors\":{\"password\":\"did not match stored password\"}");
        metabase.disable(MetabaseDouble.USER);
        assertThat(login(MetabaseDouble.USER, MetabaseDouble.PASSWORD).statusCode())
                .isEqualTo(401);
        assertThat(login(MetabaseDouble.USER, MetabaseDouble.PASSWORD).body())
                .contains("\"errors\":{\"_error\":\"Your account is disabled.\"}");
    }

    @Test
    void loginsAreThrottledLongerTheMoreThereAre() throws Exception {
        Instant[] now = {Instant.parse("2026-03-01T00:00:00Z")};
        metabase.clock(clock(now));
        for (int i = 0; i < 10; i++) {
            assertThat(login(MetabaseDouble.USER, "wrong").body()).contains("did not match");
        }
        assertThat(login(MetabaseDouble.USER, MetabaseDouble.PASSWORD).body())
                .contains("{\"username\":\"Too many attempts! You must wait 15 seconds before trying again.\"}");
        // the refused one was the eleventh attempt: 15 s x 2^1.5
        assertThat(login(MetabaseDouble.USER, MetabaseDouble.PASSWORD).body()).contains("You must wait 42 seconds");
        assertThat(metabase.attempts(MetabaseDouble.USER)).isEqualTo(12);
        now[0] = now[0].plusSeconds(600);
        assertThat(login(MetabaseDouble.USER, MetabaseDouble.PASSWORD).statusCode())
                .isEqualTo(200);
        assertThat(metabase.attempts(MetabaseDouble.USER)).isEqualTo(12);
    }

    @Test
    void failuresBeforeTheFirstByteAreThoseOfBothGenerations() throws Exception {
        metabase.next(Failure.A_PRE, Failure.B_PRE);
        HttpResponse<String> a = download(12, "");
        assertThat(a.statusCode()).isEqualTo(200);
        assertThat(a.headers().firstValue("Content-Type")).hasValue("text/csv");
        assertThat(a.body()).startsWith("{\"database_id\":1,").contains("\"status\":\"failed\"");
        HttpResponse<String> b = download(12, "");
        assertThat(b.statusCode()).isEqualTo(500);
        assertThat(b.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/json");
        assertThat(b.body()).startsWith("{\"database_id\":1,").contains("\"status\":\"failed\"");
    }

    @Test
    void bodiesCanEndTooEarlyWithoutAnError() throws Exception {
        String first = "Day,Name,Note\n2026-03-01,Ann,plain\n";
        metabase.next(Failure.EMPTY, Failure.A_MID, Failure.CUT_AT_LINE_END, Failure.CUT_IN_ROW, Failure.CUT_IN_QUOTES);
        assertThat(download(12, "").body()).isEqualTo("Day,Name,Note\n");
        assertThat(download(12, "format_rows=false").body())
                .startsWith(first + "{\"database_id\":1,")
                .endsWith("}");
        assertThat(download(12, "format_rows=false").body()).isEqualTo(first);
        assertThat(download(12, "format_rows=false").body())
                .startsWith(first + "2026-03")
                .doesNotEndWith("\n")
                .hasSizeLessThan(WHOLE.length() / 2 + 20);
        assertThat(download(12, "format_rows=false").body()).isEqualTo(first + "2026-03-02,Bob,\"two\n");
    }

    @Test
    void connectionsCanBreak() throws Exception {
        for (Failure failure : List.of(Failure.C_MID, Failure.CUT_CHUNKED, Failure.RESET)) {
            metabase.next(failure);
            assertThatThrownBy(() -> download(12, "")).as(failure.name()).isInstanceOf(IOException.class);
        }
        assertThat(download(12, "format_rows=false").body()).isEqualTo(WHOLE);
    }

    @Test
    void aFailedQuestionIsAnsweredAsItsVersionDoes() throws Exception {
        metabase.card(1, p -> {
                    throw new IOException("no such table");
                })
                .card(
                        2,
                        p -> CardReport.of(
                                List.of("A"),
                                IntStream.range(0, 9)
                                        .mapToObj(i -> List.of(6 / (3 - i)))
                                        .iterator()));
        assertThat(download(1, "").statusCode()).isEqualTo(200);
        assertThat(download(2, "format_rows=false").body()).startsWith("A\n2\n3\n6\n{\"database_id\"");
        metabase.version(60);
        assertThat(download(1, "").statusCode()).isEqualTo(500);
        assertThatThrownBy(() -> download(2, "")).isInstanceOf(IOException.class);
    }

    @Test
    void refusalsAndPagesCanBeAnswered() throws Exception {
        metabase.next(
                Failure.UNAUTHENTICATED,
                Failure.FORBIDDEN,
                Failure.NOT_FOUND,
                Failure.SERVER_ERROR,
                Failure.BAD_GATEWAY,
                Failure.UNAVAILABLE,
                Failure.HTML_200,
                Failure.HTML_AS_CSV);
        for (int status : new int[] {401, 403, 404, 500, 502, 503}) {
            assertThat(download(12, "").statusCode()).isEqualTo(status);
        }
        HttpResponse<String> page = download(12, "");
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html");
        HttpResponse<String> disguised = download(12, "");
        assertThat(disguised.headers().firstValue("Content-Type")).hasValue("text/csv");
        assertThat(disguised.body()).isEqualTo(page.body()).startsWith("<!DOCTYPE html>");
    }

    @Test
    void compressedBodiesCanBeDamaged() throws Exception {
        metabase.next(Failure.GZIP, Failure.GZIP_CUT, Failure.GZIP_CORRUPT);
        assertThat(unzipped(client.send(query(12, "format_rows=false").build(), BodyHandlers.ofByteArray())
                        .body()))
                .isEqualTo(WHOLE);
        byte[] cut = client.send(query(12, "format_rows=false").build(), BodyHandlers.ofByteArray())
                .body();
        assertThatThrownBy(() -> unzipped(cut)).isInstanceOf(IOException.class);
        byte[] corrupt = client.send(query(12, "format_rows=false").build(), BodyHandlers.ofByteArray())
                .body();
        assertThatThrownBy(() -> unzipped(corrupt)).isInstanceOf(IOException.class);
    }

    @Test
    void theDialectOfCsvCanBeChanged() throws Exception {
        metabase.next(
                Failure.BOM,
                Failure.SEMICOLON,
                Failure.TAB,
                Failure.WRONG_HEADER,
                Failure.DUPLICATE_HEADER,
                Failure.RAGGED_SHORT,
                Failure.RAGGED_LONG);
        assertThat(download(12, "").body()).startsWith("\uFEFFDay,");
        assertThat(download(12, "format_rows=false").body())
                .startsWith("Day;Name;Note\n")
                .contains(";Cy, jr;\n");
        assertThat(download(12, "").body()).startsWith("Day\tName\tNote\n");
        assertThat(download(12, "").body()).startsWith("Renamed Day,Name,Note\n");
        assertThat(download(12, "").body()).startsWith("Day,Day,Note\n");
        assertThat(download(12, "format_rows=false").body()).contains("\n2026-03-02,Bob\n2026-03-03");
        assertThat(download(12, "format_rows=false").body()).contains("\n2026-03-02,Bob,\"two\nlines\",surplus\n");
    }

    @Test
    void rowsBeyondTheLimitAreLeftOutWithoutAnError() throws Exception {
        metabase.card(
                1,
                p -> CardReport.of(
                        List.of("A"),
                        IntStream.range(0, 1_048_600).mapToObj(List::of).iterator()));
        assertThat(download(1, "format_rows=false").body().lines().count()).isEqualTo(1 + 1_048_575);
        metabase.rowLimit(2000);
        assertThat(download(1, "format_rows=false").body().lines().count()).isEqualTo(1 + 2000);
    }

    @Test
    void aReplyCanBeSlowOrEndless() throws Exception {
        metabase.dripping(200).next(Failure.SLOW_DRIP, Failure.STALL, Failure.HANG, Failure.ENDLESS);
        long start = System.nanoTime();
        assertThat(download(12, "format_rows=false").body()).isEqualTo(WHOLE);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(300));
        var stalled = client.sendAsync(query(12, "").build(), BodyHandlers.ofInputStream())
                .get();
        assertThat(new String(stalled.body().readNBytes(14), StandardCharsets.UTF_8))
                .isEqualTo("Day,Name,Note\n");
        stalled.body().close();
        assertThatThrownBy(() -> client.send(
                        query(12, "").timeout(Duration.ofMillis(200)).build(), BodyHandlers.ofString()))
                .hasMessageContaining("timed out");
        try (var endless =
                client.send(query(12, "").build(), BodyHandlers.ofInputStream()).body()) {
            assertThat(endless.readNBytes(1_000_000)).hasSize(1_000_000);
        }
    }

    @Test
    void connectionsAreRefusedBetweenStopAndRestart() throws Exception {
        metabase.stop();
        assertThatThrownBy(() -> download(12, "")).isInstanceOf(ConnectException.class);
        metabase.restart();
        assertThat(download(12, "format_rows=false").body()).isEqualTo(WHOLE);
    }

    @Test
    void rawBytesArePassedOnAndCutBetweenLines() throws Exception {
        metabase.card(1, p -> CardReport.raw("A,B\n1,\"x\ny\"\n2,z\n3,w\n"))
                .next(Failure.OK, Failure.CUT_AT_LINE_END, Failure.A_MID);
        assertThat(download(1, "").body()).isEqualTo("A,B\n1,\"x\ny\"\n2,z\n3,w\n");
        assertThat(download(1, "").body()).isEqualTo("A,B\n1,\"x\ny\"\n");
        assertThat(download(1, "").body()).startsWith("A,B\n1,\"x\ny\"\n{\"database_id\"");
    }

    @Test
    void aFailureThatFitsNoRowFailsTheTest() throws Exception {
        MetabaseDouble other =
                MetabaseDouble.start().card(1, p -> CardReport.raw("A\n1\n")).next(Failure.CUT_IN_QUOTES);
        HttpRequest request = HttpRequest.newBuilder(URI.create(other.url() + "/api/card/1/query/csv"))
                .header("x-api-key", MetabaseDouble.API_KEY)
                .POST(BodyPublishers.noBody())
                .build();
        assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString())).isInstanceOf(IOException.class);
        assertThatThrownBy(other::close).hasMessageContaining("CUT_IN_QUOTES fits no row");
    }

    private int countByQueryString(MetabaseDouble at, String parameters) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(at.url() + "/api/card/12/query/csv?format_rows=false&parameters=" + parameters))
                .header("x-api-key", MetabaseDouble.API_KEY)
                .POST(BodyPublishers.noBody())
                .build();
        return rows(client.send(request, BodyHandlers.ofString()).body());
    }

    private int countByJson(MetabaseDouble at, String json) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(at.url() + "/api/card/12/query/csv"))
                .header("x-api-key", MetabaseDouble.API_KEY)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build();
        return rows(client.send(request, BodyHandlers.ofString()).body());
    }

    private static int rows(String csv) {
        return (int)
                csv.lines().filter(l -> l.matches("(2026|March|\"March).*")).count();
    }

    private HttpResponse<String> download(int card, String form) throws IOException, InterruptedException {
        return client.send(query(card, form).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder query(int card, String form) {
        return HttpRequest.newBuilder(URI.create(metabase.url() + "/api/card/" + card + "/query/csv"))
                .header("x-api-key", MetabaseDouble.API_KEY)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form));
    }

    private HttpResponse<String> withSession(String session) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(metabase.url() + "/api/card/12/query/csv"))
                        .header("X-Metabase-Session", session)
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> login(String user, String password) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(metabase.url() + "/api/session"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(
                                "{\"username\":\"" + user + "\",\"password\":\"" + password + "\"}"))
                        .build(),
                BodyHandlers.ofString());
    }

    private static String parameter(String tag, String type, String value) {
        return "{\"type\":\"" + type + "\",\"target\":[\"variable\",[\"template-tag\",\"" + tag + "\"]],\"value\":\""
                + value + "\"}";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String unzipped(byte[] bytes) throws IOException {
        return new String(new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes(), StandardCharsets.UTF_8);
    }

    private static List<Object> row(Object... cells) {
        return Arrays.asList(cells);
    }

    private static Clock clock(Instant[] now) {
        return ((InstantSource) () -> now[0]).withZone(ZoneOffset.UTC);
    }
}
