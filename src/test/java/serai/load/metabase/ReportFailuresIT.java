package serai.load.metabase;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import serai.demo.Card;
import serai.demo.CardReport;
import serai.demo.CardSource;
import serai.demo.Failure;
import serai.demo.MetabaseDouble;
import serai.demo.Parameters;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;

/**
 * Every way in which a report can be wrong, through the real route over HTTP: the old rows stay, and {@code meta.runs}
 * has the reason.
 */
class ReportFailuresIT {

    private static final List<String> HEADER = List.of(
            "Session Date",
            "Source",
            "Medium",
            "Campaign",
            "Landing Page",
            "Country",
            "Device",
            "Sessions",
            "Users",
            "Engaged",
            "Signups");
    private static final String TABLE = "select * from landing.web_sessions order by session_date, source, sessions";
    private static MetabaseDouble metabase;
    private static final TestDatabase database = new TestDatabase();
    private static RunningSerai serai;
    private static CardSource source;

    @BeforeAll
    static void start() throws Exception {
        metabase = MetabaseDouble.start();
        metabase.card(Card.between(12, "Sessions by channel", p -> source.report(p)));
        source = p -> CardReport.of(HEADER, days(p, 1));
        serai = RunningSerai.start(
                Path.of(""),
                database,
                Map.of(
                        "metabase.url",
                        metabase.url(),
                        "metabase.api-key",
                        MetabaseDouble.API_KEY,
                        "load.retry",
                        "1h",
                        "load.max-bytes",
                        "500000",
                        "load.max-duration",
                        "4s",
                        "camel.component.http.responseTimeout",
                        "1500",
                        "camel.component.http.soTimeout",
                        "1500"));
        serai.firstImport("load-web-sessions");
    }

    @AfterAll
    static void stop() throws Exception {
        serai.close();
        database.close();
        metabase.close();
    }

    /** Ten days of rows are loaded, and the next answer would have others. */
    @BeforeEach
    void loaded() throws Exception {
        metabase.always(Failure.OK).restart();
        database.execute("truncate landing.web_sessions, meta.runs, meta.rejects, meta.dirty, meta.window_days");
        database.execute("delete from meta.offsets where source = 'load-web-sessions'");
        source = p -> CardReport.of(HEADER, days(p, 1));
        assertThat(serai.runImport("load-web-sessions")).isEqualTo("ok");
        database.execute("delete from meta.dirty");
        source = p -> CardReport.of(HEADER, days(p, 2));
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(Failure.EMPTY, "held", "has 0 rows where there were"),
                Arguments.of(Failure.A_PRE, "held", "Metabase answered with an error in place of rows"),
                Arguments.of(
                        Failure.A_MID,
                        "held",
                        "Metabase's query failed after 4 rows: ERROR: canceling statement due to statement timeout"),
                Arguments.of(Failure.B_PRE, "failed", "Metabase answered 500"),
                Arguments.of(Failure.C_MID, "failed", ""),
                Arguments.of(Failure.CUT_CHUNKED, "failed", ""),
                Arguments.of(Failure.CUT_IN_ROW, "held", "it was cut off"),
                Arguments.of(Failure.CUT_AT_LINE_END, "held", "older than the newest of the last load"),
                Arguments.of(Failure.CUT_IN_QUOTES, "held", "ends within a quoted field: it was cut off"),
                Arguments.of(
                        Failure.UNAUTHENTICATED,
                        "failed",
                        "Metabase answered 401: Unauthenticated Check metabase.api-key."),
                Arguments.of(Failure.FORBIDDEN, "failed", "Metabase answered 403"),
                Arguments.of(Failure.NOT_FOUND, "failed", "Metabase answered 404"),
                Arguments.of(Failure.SERVER_ERROR, "failed", "Metabase answered 500"),
                Arguments.of(
                        Failure.BAD_GATEWAY,
                        "failed",
                        "Not Metabase answered, but something before it, with 502: 502 Bad Gateway. Check that Metabase runs"),
                Arguments.of(Failure.UNAVAILABLE, "failed", "Metabase answered 503"),
                Arguments.of(Failure.HTML_200, "failed", "Metabase answered 200 with its web page and not the CSV"),
                Arguments.of(Failure.HTML_AS_CSV, "held", "HTML page"),
                Arguments.of(Failure.GZIP_CORRUPT, "failed", ""),
                Arguments.of(Failure.GZIP_CUT, "failed", ""),
                Arguments.of(Failure.STALL, "failed", "took longer than 4 s (load.max-duration)"),
                Arguments.of(Failure.HANG, "failed", "took longer than 4 s (load.max-duration)"),
                Arguments.of(Failure.RESET, "failed", ""),
                Arguments.of(Failure.SLOW_DRIP, "failed", "took longer than 4 s"),
                Arguments.of(Failure.WRONG_HEADER, "held", "missing [session_date]"),
                Arguments.of(Failure.DUPLICATE_HEADER, "held", "twice"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aReplyThatIsWrongKeepsTheOldRowsAndTheRunHasTheReason(Failure failure, String status, String reason)
            throws Exception {
        metabase.failingAfter(4).dripping(40).next(failure);
        assertOldRowsStay(status, reason);
    }

    static Stream<Arguments> replies() {
        return Stream.of(
                Arguments.of(
                        403,
                        "text/html",
                        "<html><head><title>Access &lt;denied&gt;</title></head><body>Ray 1</body></html>",
                        Map.of("Server", "cloudflare"),
                        "Not Metabase answered, but something before it, with 403 (Server: cloudflare): Access"
                                + " &lt;denied&gt;. Ask those who run it to let requests to metabase.url through"),
                Arguments.of(
                        400,
                        "application/json",
                        "{\"errors\":{\"x\":\"must be y\"}}",
                        Map.of(),
                        "Metabase answered 400: x must be y"),
                Arguments.of(
                        500,
                        "application/json",
                        "{\"via\":[],\"cause\":\"Timed out, \\\"sorry\\\"\"}",
                        Map.of(),
                        "Metabase answered 500: Timed out, \"sorry\""),
                Arguments.of(
                        301,
                        "text/html",
                        "",
                        Map.of("Location", "https://bi.example.org/sub/api/card/12/query/csv?token=1"),
                        "The reply is a redirect (301) to https://bi.example.org/sub/api/card/12/query/csv. Set"
                                + " metabase.url to https://bi.example.org/sub."),
                Arguments.of(
                        302,
                        "text/html",
                        "<a>moved</a>",
                        Map.of("Location", "https://login.example.org/oauth?state=secret"),
                        "The reply is a redirect (302) to https://login.example.org/oauth. It is the login of something"
                                + " before Metabase"));
    }

    @ParameterizedTest
    @MethodSource("replies")
    void aReplyOfAnythingBeforeMetabaseIsNamedInItsWordsAndWithWhatToDo(
            int status, String type, String body, Map<String, String> headers, String reason) throws Exception {
        metabase.nextReply(status, type, body, headers);
        assertOldRowsStay("failed", reason);
        assertThat(lastError()).doesNotContain("token=1").doesNotContain("state=secret");
    }

    @Test
    void anErrorThatIsGluedToARowIsReadOutOfIt() throws Exception {
        String header = String.join(",", HEADER);
        String row = today() + ",google,organic,,/,GB,mobile,1,1,0,0";
        String error =
                "{\"database_id\":1,\"started_at\":\"now\",\"error\":\"ERROR: no space, \\\"left\\\"\",\"cause\":\"x\"}";
        for (String end : List.of("\n", "")) {
            metabase.nextReply(200, "text/csv", header + "\n" + row + "\n" + row + end + error, Map.of());
            assertOldRowsStay("held", "rows: ERROR: no space, \"left\"");
        }
    }

    @Test
    void aReportInUtf16IsNamedAsSuch() throws Exception {
        source = p -> CardReport.raw(new java.io.ByteArrayInputStream(
                (String.join(",", HEADER) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_16)));
        assertOldRowsStay("held", "The report is in UTF-16");
    }

    @Test
    void aReplyWithoutAnEndKeepsTheOldRows() throws Exception {
        source = p -> CardReport.of(HEADER, rows(20_000));
        metabase.next(Failure.ENDLESS);
        assertOldRowsStay("failed", "larger than 500000 bytes");
    }

    @Test
    void aMetabaseThatIsDownKeepsTheOldRows() throws Exception {
        metabase.stop();
        assertOldRowsStay("failed", "Connection refused");
    }

    @Test
    void aRowOutsideTheWindowKeepsTheOldRows() throws Exception {
        source = p -> CardReport.of(HEADER, with(days(p, 2), 5, 0, today().minusYears(1)));
        assertOldRowsStay(
                "held", "Line 8: session_date is of " + today().minusYears(1) + ", outside the window asked for");
        assertThat(lastError()).endsWith("Filter the question by the parameters start and end.");
    }

    @Test
    void aReportThatEndsAtAnExportLimitKeepsTheOldRows() throws Exception {
        source = p -> CardReport.of(HEADER, rows(2000));
        assertOldRowsStay("held", "exactly 2000 rows, a limit at which exports are cut off");
    }

    @Test
    void aNewestRowThatIsOlderThanBeforeKeepsTheOldRows() throws Exception {
        source = p -> CardReport.of(
                HEADER,
                days(p, 2).stream().filter(r -> !r.get(0).equals(today())).toList());
        assertOldRowsStay("held", "older than the newest of the last load");
    }

    @Test
    void tooManyRecordsThatDoNotFitKeepTheOldRows() throws Exception {
        source = p -> CardReport.of(HEADER, with(days(p, 2), 3, 7, "many"));
        assertOldRowsStay("held", "1 of 15 records do not fit the table");
        assertThat(database.rows(
                        "select locator->>'line', locator->>'column', reason, split_part(convert_from(payload, 'UTF8'), ',', 18)"
                                + " from meta.rejects"))
                .containsExactly("6|sessions|is not a whole number|many");
    }

    @Test
    void linesWithTooFewOrTooManyFieldsAreRejected() throws Exception {
        for (Failure failure : List.of(Failure.RAGGED_SHORT, Failure.RAGGED_LONG)) {
            metabase.failingAfter(4).next(failure);
            assertOldRowsStay("held", "1 of 15 records do not fit the table");
            assertThat(database.rows("select locator->>'line', reason from meta.rejects order by id desc limit 1")
                            .get(0))
                    .matches("7\\|has 1[02] fields where the header has 11");
        }
    }

    @Test
    void aRowThatTheDatabaseRefusesKeepsTheOldRows() throws Exception {
        database.execute("alter table landing.web_sessions add constraint positive check (sessions >= 0)");
        try {
            source = p -> CardReport.of(HEADER, with(days(p, 2), 3, 7, -1L));
            assertOldRowsStay("held", "1 of 15 records do not fit the table");
            assertThat(database.rows("select locator->>'line' from meta.rejects order by id desc limit 1"))
                    .containsExactly("6");
            assertThat(database.value("select reason from meta.rejects order by id desc limit 1"))
                    .as("quotes no row")
                    .contains("violates check constraint \"positive\"")
                    .doesNotContain("Failing row")
                    .doesNotContain("google")
                    .doesNotContain("/");
        } finally {
            database.execute("alter table landing.web_sessions drop constraint positive");
        }
    }

    private static void assertOldRowsStay(String status, String reason) throws Exception {
        List<String> before = database.rows(TABLE);
        String position = database.rows("select position from meta.offsets where source = 'load-web-sessions'")
                .get(0);
        assertThat(before).hasSize(30);

        assertThat(serai.runImport("load-web-sessions")).isEqualTo(status);

        assertThat(database.rows(TABLE)).isEqualTo(before);
        assertThat(database.rows("select * from meta.dirty")).isEmpty();
        assertThat(database.rows("select position from meta.offsets where source = 'load-web-sessions'"))
                .containsExactly(position);
        String run = database.rows("select rows_inserted, rows_deleted, window_from is not null, error from meta.runs "
                        + "where source = 'load-web-sessions' order by run_id desc limit 1")
                .get(0);
        assertThat(run)
                .startsWith("0|0|t|")
                .contains(reason)
                .doesNotEndWith("|null")
                .doesNotContain(MetabaseDouble.API_KEY);
    }

    private static String lastError() throws Exception {
        return database.rows("select error from meta.runs order by run_id desc limit 1")
                .get(0);
    }

    private static LocalDate today() {
        return LocalDate.now(ZoneOffset.UTC);
    }

    /** Three rows for each of the last ten days that were asked for, one with a line break in it. */
    private static List<List<Object>> days(Parameters asked, long sessions) {
        List<List<Object>> rows = new ArrayList<>();
        for (int day = 9; day >= 0; day--) {
            if (!asked.contains(today().minusDays(day).atStartOfDay())) {
                continue;
            }
            for (String channel : List.of("google", "bing", "x\nwith, \"line\" break")) {
                rows.add(row(today().minusDays(day), channel, sessions));
            }
        }
        return rows;
    }

    private static List<List<Object>> rows(int count) {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(row(today(), "google", i));
        }
        return rows;
    }

    private static List<Object> row(LocalDate day, String channel, long sessions) {
        return Arrays.asList(day, channel, "organic", null, "/", "GB", "mobile", sessions, sessions, 0L, 0L);
    }

    private static List<List<Object>> with(List<List<Object>> rows, int row, int cell, Object value) {
        List<Object> changed = new ArrayList<>(rows.get(row));
        changed.set(cell, value);
        rows.set(row, changed);
        return rows;
    }
}
