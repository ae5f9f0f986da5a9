package serai.load.metabase;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import serai.demo.Card;
import serai.demo.CardReport;
import serai.demo.CardSource;
import serai.demo.Failure;
import serai.demo.MetabaseDouble;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;

/** What Metabase prints, in all its forms, becomes the right rows, and a second run changes nothing. */
class ReportShapesIT {

    private static final String PLAIN =
            "select at, k, name, note, small, big, amount, ratio, flag, local, id, doc from landing.shapes order by k";
    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);
    private static final List<String> HEADER =
            List.of("At", "K", "Name", "Note", "Small", "Big", "Amount", "Ratio", "Flag", "Local", "ID", "Doc");
    private static MetabaseDouble metabase;
    private static final TestDatabase database = new TestDatabase();
    private static RunningSerai serai;
    private static CardSource source;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        metabase = MetabaseDouble.start();
        metabase.card(Card.between(21, "Shapes", p -> source.report(p)));
        metabase.card(new Card(
                22,
                "Shapes counted",
                false,
                true,
                List.of(Card.Tag.date("start"), Card.Tag.date("end")),
                p -> CardReport.raw("count\n1\n")));
        ProjectFolder project = ProjectFolder.copyTo(folder)
                .write("sql/migrations/V1__shapes.sql", """
                        create table landing.shapes (at timestamptz not null, k int not null, name text, note text, small smallint,
                          big bigint, amount numeric(8,2), ratio double precision, flag boolean, local timestamp, id uuid, doc jsonb,
                          loaded_at timestamptz not null default now());
                        create table landing.london (like landing.shapes including all);
                        create table landing.counted (like landing.shapes including all);
                        create table landing.generous (like landing.shapes including all);
                        create table landing.wide (day date not null, odd text);
                        do $$ begin for i in 1..1299 loop execute format('alter table landing.wide add %I int',
                          'a_name_that_is_long_and_has_the_number_of_its_column_' || i); end loop; end $$;
                        create type landing.mood as enum ('sad', 'so so');
                        create domain landing.even as int check (value % 2 = 0);
                        create table landing.types (day date not null, k int, address inet, numbers int[], days daterange,
                          mood landing.mood, even landing.even, span interval, clock time(0), price money, bytes bytea,
                          bits bit(3), page xml, flag boolean, text_doc json, far date, until timestamptz, hundreds numeric(3,-2));
                        create table landing.keyed (day date not null, k int primary key, v text)""")
                .write(
                        "routes/load/load-shapes.camel.yaml",
                        route("load-shapes", "card: 21", "table: landing.shapes, window: at, emptyText: note"))
                .write(
                        "routes/load/load-london.camel.yaml",
                        route(
                                "load-london",
                                "card: 21, zone: Europe/London",
                                "table: landing.london, window: at, emptyText: note"))
                .write(
                        "routes/load/load-counted.camel.yaml",
                        route(
                                "load-counted",
                                "card: 21, countCard: 22",
                                "table: landing.counted, window: at, emptyText: note"))
                .write(
                        "routes/load/load-generous.camel.yaml",
                        route(
                                "load-generous",
                                "card: 21",
                                "table: landing.generous, window: at, emptyText: note, maxRejects: 90"))
                .write(
                        "routes/load/load-wide.camel.yaml",
                        route(
                                "load-wide",
                                "card: 21",
                                "table: landing.wide, window: day, columns: '\"It''s, A = B\"=odd'"))
                .write(
                        "routes/load/load-types.camel.yaml",
                        route("load-types", "card: 21", "table: landing.types, window: day, maxRejects: 90"))
                .write(
                        "routes/load/load-keyed.camel.yaml",
                        route("load-keyed", "card: 21", "table: landing.keyed, window: day, key: k, maxRejects: 50"));
        source = p -> CardReport.of(HEADER, List.of());
        serai = RunningSerai.start(
                project.root(),
                database,
                Map.of("metabase.url", metabase.url(), "metabase.api-key", MetabaseDouble.API_KEY, "load.retry", "1h"));
        serai.firstImport("load-shapes");
    }

    private static String route(String id, String from, String to) {
        return """
                - route:
                    id: %s
                    from:
                      uri: kamelet:metabase-report
                      parameters: { %s, cron: "0 0 0 1 1 ? 2090", lookback: 72h }
                      steps:
                        - to:
                            uri: kamelet:replace-window
                            parameters: { %s }
                """.formatted(id, from, to);
    }

    @AfterAll
    static void stop() throws Exception {
        serai.close();
        database.close();
        metabase.close();
    }

    @BeforeEach
    void empty() throws Exception {
        database.execute(
                "truncate landing.shapes, landing.london, landing.counted, landing.generous, landing.keyed, landing.types, landing.wide,"
                        + " meta.runs, meta.rejects, meta.dirty, meta.window_days");
        database.execute("delete from meta.offsets where source like 'load-%'");
    }

    private static List<Object> row(Object at, int k, Object name) {
        return Arrays.asList(at, k, name, null, 1, 2L, new BigDecimal("3.50"), 0.5, true, null, null, null);
    }

    private static String rejects() {
        return database.rows("select locator->>'line', locator->>'column', reason from meta.rejects"
                        + " order by (locator->>'line')::int")
                .toString();
    }

    @ParameterizedTest
    @EnumSource(
            value = Failure.class,
            names = {"OK", "GZIP", "BOM", "SEMICOLON", "TAB"})
    void everyCsvDialectGivesTheSameRowsAndASecondRunChangesNothing(Failure dialect) throws Exception {
        source = p -> CardReport.of(
                HEADER,
                List.of(
                        row(TODAY.atTime(10, 0), 1, "a;b,c\td"),
                        row(TODAY.atTime(11, 0), 2, "line\n\"two\"\r\nü€😀\\N")));
        metabase.always(dialect);
        assertThat(serai.runImport("load-shapes")).isEqualTo("ok");
        assertThat(database.rows("select k, name from landing.shapes order by k"))
                .containsExactly("1|a;b,c\td", "2|line\n\"two\"\r\nü€😀\\N");
        List<String> versions = database.rows("select ctid, xmin from landing.shapes order by k");
        database.execute("delete from meta.dirty");
        assertThat(serai.runImport("load-shapes")).isEqualTo("unchanged");
        assertThat(database.rows("select ctid, xmin from landing.shapes order by k"))
                .isEqualTo(versions);
        assertThat(database.rows("select * from meta.dirty")).isEmpty();
        metabase.always(Failure.OK);
    }

    @Test
    void unformattedValuesAreReadAsMetabasePrintsThem() throws Exception {
        String d = TODAY.toString();
        source = p -> CardReport.raw(String.join(",", HEADER) + "\n"
                + d + ",1,,,12.0,1.0E10,1E+3,1.0E-10,false," + d
                + ",6F9619FF-8B86-D011-B42D-00CF4FC964FF,\"{\"\"a\"\": [1, 2]}\"\n"
                + d + "T23:41:23.123456Z,2,\"\",\"\",-32768,-9223372036854775808,-99999.995,NaN,true," + d
                + "T01:02:03,,\n"
                + d + "T08:00:00+00:00,3,[1 2 3],x,+7,0,.5,12,true,,,null\n");
        assertThat(serai.runImport("load-shapes"))
                .as(() -> "rejects: " + rejects())
                .isEqualTo("ok");
        assertThat(database.rows(PLAIN))
                .containsExactly(
                        d + " 00:00:00+00|1|null||12|10000000000|1000.00|1e-10|f|" + d
                                + " 00:00:00|6f9619ff-8b86-d011-b42d-00cf4fc964ff|{\"a\": [1, 2]}",
                        d + " 23:41:23.123456+00|2|null||-32768|-9223372036854775808|-100000.00|NaN|t|" + d
                                + " 01:02:03|null|null",
                        d + " 08:00:00+00|3|[1 2 3]|x|7|0|0.50|12|t|null|null|null");
    }

    @Test
    void valuesThatDoNotFitAreRejectedWithLineColumnAndReasonAndTheRestIsLoaded() throws Exception {
        String d = TODAY.toString();
        String good = "T10:00:00Z,%d,n,,1,2,3.5,0.5,true,,,\n";
        source = p -> CardReport.raw(String.join(",", HEADER) + "\n" + d + good.formatted(1)
                + d + "T25:00:00Z,2,n,,1,2,3.5,0.5,true,,,\n"
                + d + ",3,n,,40000,2,3.5,0.5,true,,,\n"
                + d + ",4,n,,1,92233720368547758080,3.5,0.5,true,,,\n"
                + d + ",5,n,,1,2,999999.995,0.5,true,,,\n"
                + d + ",6,n,,1,2,3.5,1e999,true,,,\n"
                + d + ",7,n,,1,2,3.5,0.5,perhaps,,,\n"
                + d + ",8,n,,1,2,3.5,0.5,true," + d + "T10:00:00Z,,\n"
                + d + ",9,n,,1,2,3.5,0.5,true,,x,\n"
                + d + ",10,n,,1,2,3.5,0.5,true,,,{\n"
                + d + ",,n,,1,2,3.5,0.5,true,,,\n"
                + ",12,n,,1,2,3.5,0.5,true,,,\n"
                + d + ",13,a\0b,,1,2,3.5,0.5,true,,,\n"
                + d + ",14,n,,1\n"
                + "2026-02-30,15,n,,1,2,3.5,0.5,true,,,\n"
                + d + good.formatted(16));
        assertThat(serai.runImport("load-generous")).isEqualTo("ok");
        assertThat(database.rows("select k from landing.generous order by k")).containsExactly("1", "16");
        assertThat(database.rows("select locator->>'line', locator->>'column', reason from meta.rejects"
                        + " order by (locator->>'line')::int"))
                .containsExactly(
                        "3|at|is not a date with a time (YYYY-MM-DDThh:mm:ss)",
                        "4|small|is out of the range of the column's integers",
                        "5|big|is out of the range of the column's integers",
                        "6|amount|has more digits than the column's numeric(8,2)",
                        "7|ratio|is out of the range of the column's floating-point numbers",
                        "8|flag|is neither true nor false",
                        "9|local|has an offset, and the column has no time zone: make it timestamptz",
                        "10|id|is not a UUID",
                        "11|doc|is not JSON",
                        "12|k|is empty, and the column must have a value",
                        "13|at|is empty, and the column must have a value",
                        "14|name|holds a NUL character, which the database cannot keep",
                        "15|null|has 5 fields where the header has 12",
                        "16|at|is not a date with a time (YYYY-MM-DDThh:mm:ss)");
        assertThat(database.rows(
                        "select rows_read, rows_inserted, rows_rejected from meta.runs where source = 'load-generous'"))
                .containsExactly("16|2|14");
        assertThat(serai.runImport("load-generous")).isEqualTo("unchanged");
        assertThat(database.rows("select count(*), min(attempts), max(attempts) from meta.rejects"))
                .containsExactly("14|2|2");
        assertThat(database.rows("select convert_from(payload, 'UTF8'), locator->>'day' from meta.rejects"
                        + " where locator->>'line' = '4'"))
                .containsExactly(String.join(",", HEADER) + "\n" + d + ",3,n,,40000,2,3.5,0.5,true,,,|" + d);
        assertThat(database.rows("select position('\\x610062'::bytea in payload) > 0 from meta.rejects"
                        + " where locator->>'line' = '14'"))
                .containsExactly("t");

        source = p -> CardReport.raw(String.join(",", HEADER) + "\n" + d + good.formatted(1) + d + good.formatted(16)
                + d + ",7,n,,1,2,3.5,0.5,perhaps,,,\n");
        assertThat(serai.runImport("load-generous")).isEqualTo("unchanged");
        assertThat(database.rows("select count(*) from meta.rejects where resolved_at is not null"))
                .containsExactly("13");
        assertThat(database.rows("select locator->>'line', attempts from meta.rejects where resolved_at is null"))
                .containsExactly("4|3");
    }

    @Test
    void bytesThatAreNotUtf8RejectTheirRowAlone() throws Exception {
        byte[] head = (String.join(",", HEADER) + "\n" + TODAY + ",1,caf").getBytes(StandardCharsets.UTF_8);
        byte[] tail = (",,1,2,3.5,0.5,true,,,\n" + TODAY + ",2,caf\u00e9,,1,2,3.5,0.5,true,,,\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[head.length + 1 + tail.length];
        System.arraycopy(head, 0, all, 0, head.length);
        all[head.length] = (byte) 0xE9;
        System.arraycopy(tail, 0, all, head.length + 1, tail.length);
        source = p -> CardReport.raw(new ByteArrayInputStream(all));
        assertThat(serai.runImport("load-generous")).isEqualTo("ok");
        assertThat(database.rows("select k, name from landing.generous")).containsExactly("2|café");
        assertThat(database.rows("select reason from meta.rejects")).containsExactly("holds bytes that are not UTF-8");
    }

    @Test
    void theRangeReplacedIsTheOneAskedForAndOnlyChangedDaysAreDirty() throws Exception {
        source = p -> CardReport.of(
                HEADER,
                List.of(
                        row(TODAY.minusDays(2).atTime(1, 0), 1, "a"),
                        row(TODAY.minusDays(1).atTime(1, 0), 2, "b"),
                        row(TODAY.atTime(1, 0), 3, "c")));
        assertThat(serai.runImport("load-shapes")).isEqualTo("ok");
        database.execute("insert into landing.shapes (at, k) values ('" + TODAY.minusDays(9) + "', 99)");
        database.execute("delete from meta.dirty");

        source = p -> CardReport.of(
                HEADER, List.of(row(TODAY.minusDays(1).atTime(1, 0), 2, "changed"), row(TODAY.atTime(1, 0), 3, "c")));
        assertThat(serai.runImport("load-shapes")).isEqualTo("ok");

        assertThat(database.rows("select k, name from landing.shapes order by k"))
                .containsExactly("2|changed", "3|c", "99|null");
        assertThat(database.rows("select day from meta.dirty order by 1"))
                .containsExactly(
                        TODAY.minusDays(2).toString(), TODAY.minusDays(1).toString());
        var asked = metabase.requests("POST", "/api/card/21/query/csv");
        assertThat(asked.get(asked.size() - 1).form().get("parameters").toString())
                .contains("\"" + TODAY.minusDays(3) + "\"")
                .contains("\"" + TODAY.plusDays(1) + "\"");
    }

    @Test
    void rowsRemovedByHandComeBackAndTheirDayIsDirty() throws Exception {
        source = p -> CardReport.of(HEADER, List.of(row(TODAY.atTime(1, 0), 1, "a"), row(TODAY.atTime(2, 0), 2, "b")));
        assertThat(serai.runImport("load-shapes")).isEqualTo("ok");
        database.execute("delete from landing.shapes where k = 1");
        database.execute("delete from meta.dirty");
        assertThat(serai.runImport("load-shapes")).isEqualTo("ok");
        assertThat(database.rows("select k from landing.shapes order by k")).containsExactly("1", "2");
        assertThat(database.rows("select day from meta.dirty")).containsExactly(TODAY.toString());
    }

    @Test
    void timesWithoutOffsetAreInTheSourcesZone() throws Exception {
        LocalDate summer = LocalDate.of(2026, 7, 1);
        source = p -> CardReport.raw("");
        database.execute(
                "insert into meta.offsets (source, position) values ('load-london', '{\"asked\": \"2026-07-02T10:00:00Z\"}') "
                        + "on conflict (source) do update set position = excluded.position");
        source = p -> CardReport.raw(
                String.join(",", HEADER) + "\n" + summer + "T00:30:00,1,n,,1,2,3.5,0.5,true,,,\n" + summer.plusDays(1)
                        + ",2,n,,1,2,3.5,0.5,true,,,\n" + "2026-07-01T00:30:00+01:00,3,n,,1,2,3.5,0.5,true,,,\n");
        assertThat(serai.runImport("load-london")).isEqualTo("ok");
        assertThat(database.rows("select k, at from landing.london order by k"))
                .containsExactly("1|2026-06-30 23:30:00+00", "2|2026-07-01 23:00:00+00", "3|2026-06-30 23:30:00+00");
        assertThat(database.rows("select day, rows from meta.window_days order by 1"))
                .containsExactly("2026-07-01|2", "2026-07-02|1");
        assertThat(database.rows("select day from meta.dirty order by 1"))
                .containsExactly("2026-06-30", "2026-07-01", "2026-07-02");
        database.execute(
                "update meta.offsets set position = position || '{\"asked\": \"2026-07-02T10:00:00Z\"}' where source = 'load-london'");
        assertThat(serai.runImport("load-london")).isEqualTo("unchanged");
    }

    @Test
    void aReportThatWasCutOffIsFoundByTheCountQuestion() throws Exception {
        source = p -> CardReport.of(HEADER, List.of(row(TODAY.atTime(1, 0), 1, "a"), row(TODAY.atTime(2, 0), 2, "b")));
        assertThat(serai.runImport("load-counted")).isEqualTo("held");
        assertThat(database.rows("select error from meta.runs where source = 'load-counted'")
                        .get(0))
                .contains("has 2 rows where the count question returned 1");
        source = p -> CardReport.of(HEADER, List.of(row(TODAY.atTime(1, 0), 1, "a")));
        assertThat(serai.runImport("load-counted")).isEqualTo("ok");
    }

    @Test
    void ofTwoRowsWithOneKeyTheLastIsLoadedAndARowThatMovedLeavesItsOldDay() throws Exception {
        source = p -> CardReport.raw("day,k,v\n" + TODAY + ",1,first\n" + TODAY + ",2,b\n" + TODAY + ",1,last\n");
        assertThat(serai.runImport("load-keyed")).isEqualTo("ok");
        assertThat(database.rows("select k, v from landing.keyed order by k")).containsExactly("1|last", "2|b");
        assertThat(database.rows("select locator->>'line', locator->>'column', reason from meta.rejects"))
                .containsExactly("2|k|has the same key as a later row, which is used");
        assertThat(serai.runImport("load-keyed")).isEqualTo("unchanged");

        database.execute("insert into landing.keyed values ('" + TODAY.minusDays(30) + "', 7, 'old')");
        database.execute("delete from meta.dirty");
        source = p -> CardReport.raw(
                "day,k,v\n" + TODAY + ",1,last\n" + TODAY + ",2,b\n" + TODAY.minusDays(1) + ",7,moved\n");
        assertThat(serai.runImport("load-keyed")).isEqualTo("ok");
        assertThat(database.rows("select day, k, v from landing.keyed where k = 7"))
                .containsExactly(TODAY.minusDays(1) + "|7|moved");
        assertThat(database.rows("select day from meta.dirty order by 1"))
                .containsExactly(
                        TODAY.minusDays(30).toString(), TODAY.minusDays(1).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void aLoneCarriageReturnInTheLastFieldLosesNoRecord(String lineEnd) throws Exception {
        source = p -> CardReport.raw(
                String.join(lineEnd, "day,k,v", TODAY + ",1,\"two\rlines\"", TODAY + ",2,b", TODAY + ",3,\"c\r\"", ""));
        assertThat(serai.runImport("load-keyed")).isEqualTo("ok");
        assertThat(database.rows("select k, replace(v, chr(13), 'CR') from landing.keyed order by k"))
                .containsExactly("1|twoCRlines", "2|b", "3|cCR");
        assertThat(database.rows("select count(*) from meta.rejects")).containsExactly("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void blankLinesAtTheEndAreNoRecordsAndOneInsideIsRejected(String lineEnd) throws Exception {
        source = p -> CardReport.raw(
                String.join(lineEnd, "day,k,v", TODAY + ",1,a", TODAY + ",2,b", TODAY + ",3,c", "", "", ""));
        assertThat(serai.runImport("load-keyed")).isEqualTo("ok");
        assertThat(database.rows("select rows_read, rows_rejected from meta.runs where source = 'load-keyed'"))
                .containsExactly("3|0");

        source = p -> CardReport.raw(
                String.join(lineEnd, "day,k,v", TODAY + ",1,a", "", TODAY + ",2,b", TODAY + ",3,c", "", ""));
        assertThat(serai.runImport("load-keyed")).isEqualTo("unchanged");
        assertThat(rejects()).isEqualTo("[3|null|is a blank line]");
    }

    @Test
    void columnsOfEveryTypeAreFilledAsPostgresReadsTheirTexts() throws Exception {
        source = p ->
                CardReport.raw("day,k,address,numbers,days,mood,even,span,clock,price,bytes,bits,page,flag,text_doc,"
                        + "far,until,hundreds\n" + TODAY
                        + ",0x10,10.0.0.1/8,\"{1,NULL}\",\"[2026-03-01,)\",so so,8,1 day 02:00,12:30:00.5,\"$1,200.50\",\\x00ff,101,<a/>,"
                        + "Y,\"\"\"\\u0000\"\"\",12026-03-01,infinity,12345\n");
        assertThat(serai.runImport("load-types"))
                .as(() -> database.value("select error from meta.runs order by run_id desc limit 1"))
                .isEqualTo("ok");
        assertThat(database.rows("select * from landing.types"))
                .containsExactly(TODAY
                        + "|16|10.0.0.1/8|{1,NULL}|[2026-03-01,)|so so|8|1 day 02:00:00|12:30:01|$1,200.50|\\x00ff|101|<a/>"
                        + "|t|\"\\u0000\"|12026-03-01|infinity|12300");
        assertThat(serai.runImport("load-types")).isEqualTo("unchanged");
    }

    @Test
    void aHeaderOf72KilobytesAndATextOf17MillionCharactersAreLoaded() throws Exception {
        StringBuilder header = new StringBuilder("day,\"It's, A = B\"");
        StringBuilder rest = new StringBuilder();
        for (int i = 1; i <= 1299; i++) {
            header.append(",A Name That Is Long And Has The Number Of Its Column ")
                    .append(i);
            rest.append(',').append(i);
        }
        assertThat(header).hasSizeGreaterThan(72_000);
        String text = "é".repeat(1_000_000) + "x".repeat(16_000_000);
        source = p -> CardReport.raw(header + "\n" + TODAY + "," + text + rest + "\n");
        assertThat(serai.runImport("load-wide"))
                .as(() -> database.value("select error from meta.runs order by run_id desc limit 1"))
                .isEqualTo("ok");
        assertThat(database.rows("select length(odd), md5(odd) = md5(repeat('é', 1000000) || repeat('x', 16000000)),"
                        + " a_name_that_is_long_and_has_the_number_of_its_column_1299 from landing.wide"))
                .containsExactly("17000000|t|1299");
    }

    @Test
    void aRecordThatIsTooLongIsNamedWithTheBound() throws Exception {
        source = p ->
                CardReport.raw("day,k,v\n" + TODAY + ",1,a\n" + TODAY + ",2,\"" + "x\n".repeat(11_000_000) + "\"\n");
        assertThat(serai.runImport("load-keyed")).isEqualTo("failed");
        assertThat(database.value("select error from meta.runs order by run_id desc limit 1"))
                .isEqualTo(
                        "The record of line 3 is longer than 20000000 characters, the most that are read. Shorten its"
                                + " texts in the question.");
    }

    @Test
    void aValueThatOnlyTheServerCanJudgeIsRejectedWithItsReasonAndTheRestIsLoaded() throws Exception {
        source = p ->
                CardReport.raw("day,k,address,numbers,days,mood,even,span,clock,price,bytes,bits,page,flag,text_doc,"
                        + "far,until,hundreds\n" + TODAY + ",1,,,,sad,,,,,,,,,,,,\n" + TODAY
                        + ",2,,,,angry,,,,,,,,,,,,\n"
                        + TODAY + ",3,,,,,7,,,,,,,,,,,\n" + TODAY + ",4,,,,,,,,,,,,off,,,,\n"
                        + TODAY + ",5,,,,,,,,,,,,,,February 30,,\n" + TODAY + ",0x1_0,,,,,,,,,,,,,,,,\n");
        assertThat(serai.runImport("load-types"))
                .as(() -> database.value("select error from meta.runs order by run_id desc limit 1"))
                .isEqualTo("ok");
        assertThat(database.rows("select k, mood, flag from landing.types order by k"))
                .containsExactly("1|sad|null", "4|null|f", "16|null|null");
        assertThat(database.rows("select locator->>'line', locator->>'column', reason from meta.rejects"
                        + " order by (locator->>'line')::int"))
                .hasSize(3)
                .satisfies(rejects -> {
                    assertThat(rejects.get(0))
                            .startsWith("3|mood|")
                            .contains("mood")
                            .doesNotContain("angry");
                    assertThat(rejects.get(1)).startsWith("4|").contains("even");
                    assertThat(rejects.get(2))
                            .startsWith("6|far|")
                            .contains("date")
                            .doesNotContain("February");
                });
    }
}
