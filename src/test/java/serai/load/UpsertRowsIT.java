package serai.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;
import serai.testing.Waiting;
import serai.warehouse.Writer;

/** The kamelet upsert-rows in routes of an operator's own. */
class UpsertRowsIT {

    private static final String DIRTY = "select day from meta.dirty where relation = 'landing.spend' order by day";
    private static final String RUN = """
            select status, rows_read, rows_inserted, rows_updated, rows_rejected from meta.runs
            where source = ? order by run_id desc limit 1""";

    @TempDir
    private static Path folder;

    private static final TestDatabase database = new TestDatabase();
    private static RunningSerai serai;

    @BeforeAll
    static void start() throws Exception {
        database.execute("""
                create table landing.spend (day date, campaign text not null, amount numeric(10, 2), note text,
                  primary key (campaign));
                create table landing.calls (at timestamptz, id uuid primary key, data jsonb, count int, ok boolean,
                  local timestamp, loaded_at timestamptz default now());
                create table landing.keyless (id int);
                create table landing.shares (country text, k int, note text, primary key (country, k));
                """);
        ProjectFolder.copyTo(
                        folder,
                        "routes/kamelets/{upsert-rows,status-json}.kamelet.yaml",
                        "routes/show/status.camel.yaml",
                        "routes/_errors.camel.yaml")
                .write(
                        "routes/load/load-spend.camel.yaml",
                        route(
                                "spend",
                                "table: landing.spend, key: campaign, window: day, emptyText: note, maxWait: 5s,"
                                        + " columns: \"Amount (USD)=amount\""))
                .write("routes/load/load-csv.camel.yaml", """
                        - route:
                            id: load-csv
                            from:
                              uri: direct:csv
                              steps:
                                - unmarshal:
                                    csv: { useMaps: true, lazyLoad: true }
                                - to:
                                    uri: kamelet:upsert-rows
                                    parameters: { table: landing.spend, key: campaign, window: day }
                        """)
                .write("routes/load/load-calls.camel.yaml", route("calls", "table: landing.calls, key: id, window: at"))
                .write("routes/load/load-keyless.camel.yaml", route("keyless", "table: landing.keyless, key: id"))
                .write(
                        "routes/load/load-shares.camel.yaml",
                        route("shares", "table: landing.shares, key: \"country,k\", scope: \"country=DE,AT\""));
        serai = RunningSerai.start(folder, database, Map.of());
    }

    private static String route(String name, String parameters) {
        return """
                - route:
                    id: load-%s
                    from:
                      uri: direct:%s
                      steps:
                        - to:
                            uri: kamelet:upsert-rows
                            parameters: { %s }
                """.formatted(name, name, parameters);
    }

    @AfterAll
    static void stop() {
        serai.close();
        database.close();
    }

    @BeforeEach
    void clear() {
        database.execute("truncate landing.spend, landing.calls, meta.dirty, meta.rejects, meta.runs");
    }

    private static void send(String route, Object body) throws Exception {
        Exchange answer = serai.context()
                .createFluentProducerTemplate()
                .withBody(body)
                .to("direct:" + route)
                .send();
        if (answer.getException() != null) {
            throw answer.getException();
        }
    }

    private static Map<String, Object> spend(Object day, String campaign, Object amount, String note) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("Day", day);
        row.put("campaign", campaign);
        row.put("Amount (USD)", amount);
        row.put("note", note);
        return row;
    }

    private static List<String> rows() {
        return database.rows("select day, campaign, amount, note from landing.spend order by campaign");
    }

    @Test
    void rowsOfAListAreInsertedAndOnlyThoseThatDifferAreUpdated() throws Exception {
        send(
                "spend",
                List.of(
                        spend("2026-03-01", "a", 1.5, "x"),
                        spend(LocalDate.of(2026, 3, 2), "b", new BigDecimal("2.00"), null)));
        assertThat(rows()).containsExactly("2026-03-01|a|1.50|x", "2026-03-02|b|2.00|null");
        assertThat(database.rows(RUN, "load-spend")).containsExactly("ok|2|2|0|0");
        assertThat(database.rows(DIRTY)).containsExactly("2026-03-01", "2026-03-02");
        database.execute("truncate meta.dirty");

        send("spend", List.of(spend("2026-03-01", "a", 1.5, "x"), spend("2026-03-05", "b", 2, null)));
        assertThat(database.rows(RUN, "load-spend")).containsExactly("ok|2|0|1|0");
        assertThat(database.rows(DIRTY)).as("the old day and the new one").containsExactly("2026-03-02", "2026-03-05");
        assertThat(database.value("select data_as_of from meta.runs order by run_id desc limit 1"))
                .startsWith("2026-03-05 00:00:00");
        database.execute("truncate meta.dirty");

        send("spend", spend("2026-03-05", "b", 2, null));
        assertThat(database.rows(RUN, "load-spend")).containsExactly("unchanged|1|0|0|0");
        assertThat(database.rows(DIRTY)).isEmpty();
    }

    @Test
    void whoWatchesATableLearnsTheKeysOfRowsThatChangedAndOfNoOthers() throws Exception {
        send("spend", List.of(spend("2026-03-01", "a", 1, "x"), spend("2026-03-01", "b", 2, null)));
        database.execute("insert into meta.watches (relation, kind, columns, reads, consumer)"
                + " values ('landing.spend', 'key', '{campaign}', '{amount}', 'test')");
        try {
            send(
                    "spend",
                    List.of(
                            spend("2026-03-01", "a", 1, "other"),
                            spend("2026-03-01", "b", 3, null),
                            spend("2026-03-01", "c", 4, null)));
            assertThat(database.rows("select values from meta.dirty_keys order by 1"))
                    .containsExactly("{b}", "{c}");
        } finally {
            database.execute("delete from meta.watches; delete from meta.dirty_keys");
        }
    }

    @Test
    void anEmptyTextAndNullAreKeptApartWhereThePropertySaysSo() throws Exception {
        send("spend", List.of(spend("2026-03-01", "a", "", ""), spend("2026-03-01", "b", null, null)));
        assertThat(database.rows("select amount is null, note is null from landing.spend order by campaign"))
                .containsExactly("t|f", "t|t");
    }

    @Test
    void valuesOfEachTypeArriveWhole() throws Exception {
        Instant at = Instant.parse("2026-03-01T23:30:00Z");
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("at", Timestamp.from(at));
        call.put("id", java.util.UUID.fromString("8d7b6c1e-3f5a-4e0b-9a57-1f0e2d3c4b5a"));
        call.put("data", Map.of("quote", "it's \"a, b\" = c & d\n\\"));
        call.put("count", 7L);
        call.put("ok", true);
        call.put("local", Timestamp.valueOf("2026-03-01 12:00:00"));
        send("calls", call);
        assertThat(database.rows("select at, id, data ->> 'quote', count, ok, local, loaded_at is not null from"
                        + " landing.calls"))
                .containsExactly("2026-03-01 23:30:00+00|8d7b6c1e-3f5a-4e0b-9a57-1f0e2d3c4b5a|it's \"a, b\" = c & d\n\\"
                        + "|7|t|2026-03-01 12:00:00|t");
        assertThat(database.rows("select day from meta.dirty")).containsExactly("2026-03-01");
    }

    @Test
    void aRowThatDoesNotFitIsARejectWithItsPlaceAndTheOthersAreLoaded() throws Exception {
        send(
                "spend",
                List.of(
                        spend("2026-03-01", "a", 1, "x"),
                        spend("2026-03-02", "b", "much", "it's, \"so\""),
                        spend("2026-03-03", null, 1, null),
                        spend(null, "c", 1, null),
                        Map.of("day", "2026-03-04"),
                        spend("2026-03-01", "a", 2, "y")));
        assertThat(rows()).containsExactly("2026-03-01|a|2.00|y");
        assertThat(database.rows(RUN, "load-spend")).containsExactly("ok|6|1|0|5");
        assertThat(database.rows("select locator ->> 'row', locator ->> 'column', locator ->> 'day', reason"
                        + " from meta.rejects where target = 'landing.spend' order by locator ->> 'row'"))
                .containsExactly(
                        "1|campaign|2026-03-01|has the same key as a later row, which is used",
                        "2|amount|2026-03-02|is not a number",
                        "3|campaign|2026-03-03|is empty, and it is part of the key",
                        "4|day|null|is empty, and it decides to which day the row belongs",
                        "5|null|null|has other fields than the first row: missing [Day, campaign, Amount (USD), note],"
                                + " more [day]");
        assertThat(database.value(
                        "select convert_from(payload, 'UTF8') from meta.rejects where locator ->> 'row' = '2'"))
                .isEqualTo("\"Day\",\"campaign\",\"Amount (USD)\",\"note\"\n"
                        + "\"2026-03-02\",\"b\",\"much\",\"it's, \"\"so\"\"\"");
    }

    @Test
    void aRejectIsResolvedWhenALaterRowWithItsKeyIsLoadedAndOpenAgainWhenItComesAgain() throws Exception {
        String open = "select locator ->> 'key' from meta.rejects where resolved_at is null order by 1";
        Map<String, Object> wrong = spend("2026-03-02", "it's \"b\"", "much", null);
        send(
                "spend",
                List.of(
                        spend("2026-03-01", "a", 1, "x"),
                        wrong,
                        spend("2026-03-03", "c", "more", null),
                        spend("2026-03-03", null, 1, null)));
        assertThat(database.rows(open)).containsExactly("[\"c\"]", "[\"it's \\\"b\\\"\"]", "null");

        send("spend", List.of(spend("2026-03-02", "it's \"b\"", 2, null), spend("2026-03-01", "d", 1, null)));
        assertThat(database.rows(open)).containsExactly("[\"c\"]", "null");
        send("spend", List.of(wrong, spend("2026-03-01", "d", 1, null)));
        assertThat(database.rows(open)).containsExactly("[\"c\"]", "[\"it's \\\"b\\\"\"]", "null");
        // another source of the same table resolves only its own
        send("csv", "day,campaign,amount,note\n2026-03-03,c,3,x\n");
        assertThat(database.rows(open)).contains("[\"c\"]");
    }

    @Test
    void rowsOutsideTheScopeAreRejectsAndDoNotTouchTheRowsOfOthers() throws Exception {
        database.execute("insert into landing.shares values ('FR', 1, 'of another source')");
        send(
                "shares",
                List.of(
                        Map.of("country", "DE", "k", 1, "note", "mine"),
                        Map.of("country", "FR", "k", 1, "note", "not mine"),
                        Map.of("country", "de", "k", 2, "note", "not mine")));
        assertThat(database.rows("select country, k, note from landing.shares order by 1"))
                .containsExactly("DE|1|mine", "FR|1|of another source");
        assertThat(database.rows("select distinct reason, locator ->> 'column' from meta.rejects"))
                .containsExactly("is not in the scope of this source|country");
    }

    @Test
    void aMessageInWhichNoRowFitsFailsAndItsRejectsAreKept() {
        assertThatThrownBy(() -> send("spend", spend("yesterday", "a", 1, null)))
                .hasMessageContaining("No row fits the table");
        assertThat(database.rows(RUN, "load-spend")).containsExactly("held|1|0|0|1");
        assertThat(database.number("select count(*) from meta.rejects")).isEqualTo(1);
    }

    @Test
    void aMessageThatIsNoRowsFailsWithTheReasonInTheLedger() {
        assertThatThrownBy(() -> send("spend", "day,campaign\n")).hasMessageContaining("The body is a String");
        assertThatThrownBy(() -> send("spend", List.of(1))).hasMessageContaining("a list of Integer");
        assertThatThrownBy(() -> send("spend", Map.of("campaign", "a", "cost", 1)))
                .hasMessageContaining("missing [day, amount, note]: ")
                .hasMessageContaining("unknown [cost]: ");
        assertThatThrownBy(() -> send("keyless", Map.of("id", 1)))
                .hasMessageContaining("no primary key or unique index");
        assertThat(database.rows("select distinct status from meta.runs")).containsExactly("held");
        assertThat(database.rows("select error from meta.runs where source = 'load-keyless'")
                        .get(0))
                .contains("sql/migrations");
    }

    @Test
    void anEmptyListChangesNothing() throws Exception {
        send("spend", List.of());
        assertThat(database.rows(RUN, "load-spend")).containsExactly("unchanged|0|0|0|0");
    }

    @Test
    void aCsvWithNamesOrWithoutIsLoaded() throws Exception {
        send("csv", "\uFEFFDay,Campaign,Amount,Note\n2026-03-01,\"it's, \"\"a\"\" = b & c\",3.5,\"two\nlines\"\n");
        assertThat(rows()).containsExactly("2026-03-01|it's, \"a\" = b & c|3.50|two\nlines");
        send("spend", List.of(List.of("day", "campaign", "amount", "note"), List.of("2026-03-02", "b", "1", "")));
        assertThat(rows()).hasSize(2);
        assertThatThrownBy(() -> send("spend", List.of(List.of("day", "campaign", "amount", "note"), List.of("b"))))
                .hasMessageContaining("No row fits");
        assertThat(database.value("select reason from meta.rejects")).isEqualTo("has 1 fields where the header has 4");
    }

    @Test
    void aCsvThatEndsInAQuotedFieldLoadsNothing() {
        assertThatThrownBy(() -> send("csv", "day,campaign,amount,note\n2026-03-01,a,1,x\n2026-03-02,\"b,1,x\n"))
                .hasMessageContaining("cannot be read after row 1");
        assertThat(rows()).isEmpty();
        assertThat(database.rows(RUN, "load-csv")).containsExactly("held|1|0|0|0");
    }

    /** Rows that are made when they are asked for: more than the memory would hold at once. */
    @Test
    void manyRowsAreStreamed() throws Exception {
        int most = 300_000;
        String note = "n".repeat(1_000);
        Iterator<Map<String, Object>> rows = IntStream.range(0, most)
                .mapToObj(i -> spend("2026-03-01", "c" + i, i, note))
                .iterator();
        send("spend", rows);
        assertThat(database.number("select count(*) from landing.spend")).isEqualTo(most);
        assertThat(database.rows(RUN, "load-spend")).containsExactly("ok|" + most + "|" + most + "|0|0");
    }

    @Test
    void aMessageWaitsForTheLeaseOfItsSourceAndThenFails() throws Exception {
        try (Writer other = database.warehouse().writer("load-spend")) {
            assertThatThrownBy(() -> send("spend", spend("2026-03-01", "a", 1, null)))
                    .hasMessageContaining("not loaded within 5 s (maxWait): Another run or instance writes it.");
        }
        send("spend", spend("2026-03-01", "a", 1, null));
        assertThat(rows()).hasSize(1);
    }

    @Test
    void aPausedSourceTakesNoMessage() throws Exception {
        database.execute("insert into meta.paused (kind, name, paused_by) values ('source', 'load-spend', 'ann')");
        try {
            assertThatThrownBy(() -> send("spend", spend("2026-03-01", "a", 1, null)))
                    .hasMessageContaining("paused since")
                    .hasMessageContaining("by ann");
        } finally {
            database.execute("delete from meta.paused");
        }
    }

    @Test
    void messagesThatComeAtTheSameTimeAreLoadedOneAfterTheOther() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String campaign = "c" + i;
            threads.add(new Thread(() -> serai.context()
                    .createFluentProducerTemplate()
                    .withBody(List.of(spend("2026-03-01", campaign, 1, null), spend("2026-03-01", "all", 1, campaign)))
                    .to("direct:spend")
                    .send()));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join(Duration.ofMinutes(1).toMillis());
        }
        assertThat(rows()).hasSize(5);
        assertThat(database.rows("select distinct status from meta.runs")).containsExactly("ok");
    }

    @Test
    void thePageHasARowForTheSourceWithoutASchedule() throws Exception {
        assertThat(database.rows("select source, kind, cron, active from meta.sources order by source"))
                .containsExactly(
                        "load-calls|upsert-rows|null|t",
                        "load-csv|upsert-rows|null|t",
                        "load-keyless|upsert-rows|null|t",
                        "load-shares|upsert-rows|null|t",
                        "load-spend|upsert-rows|null|t");
        assertThat(serai.get("/status.json").body()).contains("Nothing has arrived yet.");
        send("spend", spend("2026-03-01", "a", 1, null));
        assertThat(database.value("select target from meta.sources where source = 'load-spend'"))
                .isEqualTo("landing.spend");
        assertThat(serai.get("/status.json").body()).contains("load-spend");
        assertThat(database.number("select count(*) from meta.completeness")).isZero();
    }

    @Test
    void aRouteThatIsRemovedIsNoSourceAnyMore() throws Exception {
        ProjectFolder project = new ProjectFolder(folder);
        project.write("routes/load/load-gone.camel.yaml", route("gone", "table: landing.spend, key: campaign"));
        String active = "select active from meta.sources where source = 'load-gone'";
        Waiting.soon().until(() -> "t".equals(database.value(active)));
        project.delete("routes/load/load-gone.camel.yaml");
        Waiting.soon().until(() -> "f".equals(database.value(active)));
        database.execute("delete from meta.sources where source = 'load-gone'");
    }

    @Test
    void aMessageOfAnImportIsRefused() {
        assertThatThrownBy(() -> {
                    Exchange answer = serai.context()
                            .createFluentProducerTemplate()
                            .withExchangeProperty(ImportRun.PROPERTY, "a run")
                            .to("direct:spend")
                            .send();
                    throw answer.getException();
                })
                .isNotInstanceOf(CamelExecutionException.class)
                .hasMessageContaining("kamelet:replace-window");
    }
}
