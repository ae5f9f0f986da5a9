package serai.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import serai.demo.Card;
import serai.demo.CardReport;
import serai.demo.MetabaseDouble;
import serai.testing.Gate;
import serai.testing.ProjectFolder;
import serai.testing.Rounds;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;
import serai.testing.Waiting;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;

/** What an import writes, and what it leaves alone, through real routes with a table of each kind. */
class WindowImportIT {

    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);
    private static final LocalDate YESTERDAY = TODAY.minusDays(1);
    private static final TestDatabase database = new TestDatabase();
    private static volatile String report = "day,k,v\n";
    private static volatile Gate gate = open();
    private static MetabaseDouble metabase;
    private static RunningSerai serai;
    private static Path root;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        metabase = MetabaseDouble.start().card(Card.between(41, "Rows", parameters -> {
            gate.pass();
            return CardReport.raw(report);
        }));
        create();
        ProjectFolder project = ProjectFolder.copyTo(
                        folder,
                        "routes/_errors.camel.yaml",
                        "routes/kamelets/{metabase-report,replace-window}.kamelet.yaml",
                        "routes/show/*")
                .write(file("plain"), route("plain", "table: landing.plain, maxRejects: 50"))
                .write(file("keyed"), route("keyed", "table: landing.keyed, key: k, maxRejects: 50"))
                .write(file("pairs"), route("pairs", "table: landing.pairs, key: \"k,v\""))
                .write(file("any"), route("any", "table: landing.any, force: true"))
                .write(file("any-keyed"), route("any-keyed", "table: landing.any_keyed, key: k, force: true"))
                .write(file("edited"), route("edited", "table: landing.edited, restoreEdits: false"))
                .write(
                        file("edited-keyed"),
                        route("edited-keyed", "table: landing.edited_keyed, key: k, restoreEdits: false"));
        root = project.root();
        serai = RunningSerai.start(
                root,
                database,
                Map.of(
                        "metabase.url",
                        metabase.url(),
                        "metabase.api-key",
                        MetabaseDouble.API_KEY,
                        "load.retry",
                        "1h",
                        "load.lock-timeout",
                        "2s"));
        for (String table : List.of("plain", "keyed", "pairs", "any", "any-keyed", "edited", "edited-keyed")) {
            serai.firstImport("load-" + table);
        }
    }

    private static void create() {
        database.execute("""
                create table landing.plain (day date not null, k int, v text);
                create table landing.keyed (day date not null, k int primary key, v text);
                create table landing.pairs (day date not null, k int, v text,
                  id int generated always as identity, seen timestamptz not null default now());
                create table landing.any (day date not null, k int, v text);
                create table landing.any_keyed (day date not null, k int primary key, v text);
                create table landing.edited (day date not null, k int, v text);
                create table landing.edited_keyed (day date not null, k int primary key, v text)""");
    }

    private static String file(String table) {
        return "routes/load/load-" + table + ".camel.yaml";
    }

    private static String route(String table, String target) {
        return """
                - route:
                    id: load-%s
                    from:
                      uri: kamelet:metabase-report
                      parameters: { card: 41, cron: "0 0 0 1 1 ? 2090", lookback: 72h }
                      steps:
                        - to:
                            uri: kamelet:replace-window
                            parameters: { window: day, minShare: 0, %s }
                """.formatted(table, target);
    }

    private static Gate open() {
        Gate made = new Gate();
        made.open();
        return made;
    }

    @AfterAll
    static void stop() throws Exception {
        serai.close();
        metabase.close();
        database.close();
    }

    @BeforeEach
    void empty() {
        database.execute("drop table landing.plain, landing.keyed, landing.pairs, landing.any, landing.any_keyed,"
                + " landing.edited, landing.edited_keyed cascade");
        create();
        database.execute("truncate meta.rejects, meta.window_days, meta.dirty, meta.runs;"
                + " delete from meta.offsets where source like 'load-%'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "keyed"})
    void whoWatchesATableLearnsTheKeysOfRowsThatChangedAndOfNoOthers(String table) throws Exception {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        report(row(today, 1, "a"), row(today, 2, "b"), row(today, 3, "c"));
        assertThat(load(table)).isEqualTo("ok");
        database.execute("insert into meta.watches (relation, kind, columns, reads, consumer)" + " values ('landing."
                + table + "', 'key', '{k}', '{v}', 'test')");
        try {
            report(row(today, 1, "a"), row(today, 2, "x"), row(today.minusDays(1), 4, "d"));
            assertThat(load(table)).isEqualTo("ok");
            assertThat(database.rows("select values from meta.dirty_keys order by 1"))
                    .containsExactly("{2}", "{3}", "{4}");
        } finally {
            database.execute("delete from meta.watches; delete from meta.dirty_keys");
        }
    }

    private static String row(LocalDate day, Object k, Object v) {
        return day + "," + k + "," + v;
    }

    private static void report(String... rows) {
        report = Stream.concat(Stream.of("day,k,v"), Stream.of(rows)).collect(Collectors.joining("\n", "", "\n"));
    }

    /** The run before has committed, and gives its lease back a moment later. */
    private static String load(String table) throws Exception {
        Waiting.soon()
                .until(() -> database.value(
                                "select 1 from meta.leases where source = ? and expires_at > clock_timestamp()",
                                "load-" + table)
                        == null);
        return serai.runImport("load-" + table);
    }

    private static List<String> rows(String table) {
        return database.rows("select k, v from landing." + table + " order by day, k, v");
    }

    private static List<String> versions(String table, LocalDate day) {
        return database.rows("select ctid, xmin from landing." + table + " where day = ? order by k", day);
    }

    private static List<String> dirty() {
        return database.rows("select day from meta.dirty order by day");
    }

    private static String error() {
        return database.value("select error from meta.runs order by run_id desc limit 1");
    }

    private static List<String> openRejects() {
        return database.rows("select locator->>'line', reason from meta.rejects where resolved_at is null"
                + " order by (locator->>'line')::int");
    }

    @Test
    void onlyTheRowsOfADayThatDiffersAreWritten() throws Exception {
        report(row(YESTERDAY, 1, "a"), row(YESTERDAY, 2, "b"), row(TODAY, 3, "c"));
        assertThat(load("plain")).isEqualTo("ok");
        List<String> before = versions("plain", YESTERDAY);
        database.execute("delete from meta.dirty");
        report(row(YESTERDAY, 2, "b"), row(TODAY, 3, "new"), row(YESTERDAY, 1, "a"));
        assertThat(load("plain")).isEqualTo("ok");
        assertThat(rows("plain")).containsExactly("1|a", "2|b", "3|new");
        assertThat(versions("plain", YESTERDAY)).isEqualTo(before);
        assertThat(dirty()).containsExactly(TODAY.toString());
        assertThat(database.value("select rows_read || ' ' || rows_inserted || ' ' || rows_deleted from meta.runs"
                        + " order by run_id desc limit 1"))
                .isEqualTo("3 1 1");
    }

    @Test
    void ofATableWithAKeyOnlyTheRowsThatDifferAreWritten() throws Exception {
        report(row(TODAY, 1, "a"), row(TODAY, 2, "b"), row(TODAY, 3, "c"));
        assertThat(load("keyed")).isEqualTo("ok");
        String before = database.value("select ctid || ' ' || xmin from landing.keyed where k = 1");
        report(row(TODAY, 1, "a"), row(TODAY, 2, "changed"), row(TODAY, 4, "d"));
        assertThat(load("keyed")).isEqualTo("ok");
        assertThat(rows("keyed")).containsExactly("1|a", "2|changed", "4|d");
        assertThat(database.value("select ctid || ' ' || xmin from landing.keyed where k = 1"))
                .isEqualTo(before);
        assertThat(database.value("select rows_inserted || ' ' || rows_updated || ' ' || rows_deleted from meta.runs"
                        + " order by run_id desc limit 1"))
                .isEqualTo("1 1 1");
    }

    @Test
    void whileMetabaseAnswersNeitherAConnectionNorATransactionIsHeld() throws Exception {
        report(row(TODAY, 1, "a"));
        gate = new Gate();
        Thread run = new Thread(() -> {
            try {
                load("plain");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        run.start();
        gate.awaitReached();
        try {
            assertThat(database.rows("select state, query from pg_stat_activity where datname = current_database()"
                            + " and pid <> pg_backend_pid() and xact_start is not null"))
                    .isEmpty();
            database.execute("begin; lock table landing.plain in access exclusive mode nowait; commit");
        } finally {
            gate.open();
            gate = open();
            run.join();
        }
        assertThat(rows("plain")).containsExactly("1|a");
    }

    @Test
    void theSpoolIsPrivateAndEmptyAfterARun() throws Exception {
        report(row(TODAY, 1, "a"));
        assertThat(load("plain")).isEqualTo("ok");
        report = "day,k,v\n\"" + TODAY;
        assertThat(load("plain")).isEqualTo("held");
        Path spool = root.resolve("data/spool/import");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(spool)))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.walk(spool)) {
            assertThat(files.filter(Files::isRegularFile))
                    .allMatch(file -> file.getFileName().toString().equals("serai.lock"));
        }
    }

    @Test
    void rowsThatSomeoneChangedAreRestoredAndTheirDayIsDirty() throws Exception {
        report(row(YESTERDAY, 1, "a"), row(TODAY, 2, "b"));
        for (String table : List.of("plain", "keyed")) {
            assertThat(load(table)).isEqualTo("ok");
            database.execute("delete from meta.dirty");
            assertThat(load(table)).isEqualTo("unchanged");
            for (String edit : List.of(
                    "update landing.T set v = 'x' where k = 1",
                    "insert into landing.T values (current_date - 1, 9, 'x')",
                    "delete from landing.T where k = 1")) {
                database.execute(edit.replace("T", table));
                assertThat(load(table)).as(edit).isEqualTo("ok");
                assertThat(rows(table)).containsExactly("1|a", "2|b");
                assertThat(dirty()).containsExactly(YESTERDAY.toString());
                database.execute("delete from meta.dirty");
            }
            assertThat(load(table)).isEqualTo("unchanged");
        }
    }

    @Test
    void withRestoreEditsOffTheyStayUntilTheReportOfTheirDayChanges() throws Exception {
        report(row(TODAY, 1, "a"));
        assertThat(load("edited")).isEqualTo("ok");
        database.execute("update landing.edited set v = 'mine'");
        assertThat(load("edited")).isEqualTo("unchanged");
        assertThat(rows("edited")).containsExactly("1|mine");
        awaitPage(
                "load-edited",
                reason -> assertThat(reason).contains("Someone has changed rows of 1 days in its table"));
        report(row(TODAY, 1, "b"));
        assertThat(load("edited")).isEqualTo("ok");
        assertThat(rows("edited")).containsExactly("1|b");
        awaitPage("load-edited", reason -> assertThat(reason).isEmpty());
    }

    @Test
    void theyAlsoStayWhenAKeyOfTheirDayRepeatsOneOfADayThatChanges() throws Exception {
        report(row(TODAY, 2, "x"), row(YESTERDAY, 1, "a"), row(YESTERDAY, 2, "b"));
        assertThat(load("edited-keyed")).isEqualTo("ok");
        database.execute("update landing.edited_keyed set v = 'mine' where k = 1");
        report(row(TODAY, 2, "x"), row(TODAY, 3, "new"), row(YESTERDAY, 1, "a"), row(YESTERDAY, 2, "b"));
        assertThat(load("edited-keyed")).isEqualTo("ok");
        assertThat(rows("edited_keyed")).containsExactly("1|mine", "2|b", "3|new");
        assertThat(load("edited-keyed")).isEqualTo("unchanged");
        assertThat(rows("edited_keyed")).containsExactly("1|mine", "2|b", "3|new");
    }

    /** The page shows what it read a moment ago. */
    private static void awaitPage(String source, Consumer<String> reason) {
        Waiting.soon().untilAsserted(() -> reason.accept(page(source)));
    }

    /** What the page says of a source. */
    private static String page(String source) throws Exception {
        for (JsonNode row :
                new ObjectMapper().readTree(serai.get("/status.json").body()).path("sources")) {
            if (row.path("name").asText().equals(source)) {
                return row.path("reason").asText("");
            }
        }
        throw new IllegalStateException("There is no source " + source + ".");
    }

    @Test
    void daysThatNoUsualImportBringsAreNamedUntilTheyAreThere() throws Exception {
        report(row(TODAY, 1, "a"));
        assertThat(load("plain")).isEqualTo("ok");
        awaitPage("load-plain", reason -> assertThat(reason).isEmpty());
        LocalDate first = TODAY.minusDays(40);
        database.execute(
                "insert into meta.runs (source, kind, status, window_from, window_to, rows_inserted, finished_at)"
                        + " values ('load-plain', 'metabase-report', 'ok', ?, ?, 1, ?)",
                first.atStartOfDay().toInstant(ZoneOffset.UTC),
                first.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC),
                first.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC));
        assertThat(load("plain")).isEqualTo("unchanged");
        awaitPage(
                "load-plain",
                reason -> assertThat(reason)
                        .contains("reload load-plain --from " + first + " --to " + TODAY.minusDays(4)));
        database.execute("insert into landing.plain values (?, 1, 'old')", first);
        assertThat(load("plain")).isEqualTo("unchanged");
        awaitPage("load-plain", reason -> assertThat(reason).isEmpty());
    }

    /** Of ten rows, that with k = 5 is refused; the others are loaded. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "alter table T add check (k <> 5); violates check constraint",
                "create unique index on T (k) where k > 4; -",
                "alter table T add foreign key (k) references landing.parents; violates foreign key constraint",
                "alter table T add exclude using btree (k with =); -",
                "create function landing.refuse() returns trigger language plpgsql as $$begin if new.k = 5 then raise"
                        + " 'not this one'~ end if~ return new~ end$$~ create trigger t before insert or update on T"
                        + " for each row execute function landing.refuse(); not this one",
                "create index on T (v); index row requires",
            })
    void aRowThatTheDatabaseRefusesIsPutAsideAndTheRestIsLoaded(String change, String reason) throws Exception {
        database.execute("drop function if exists landing.refuse cascade; drop table if exists landing.parents cascade;"
                + " create table landing.parents (k int primary key);"
                + " insert into landing.parents select generate_series(1, 10) except select 5");
        for (String table : List.of("plain", "keyed")) {
            database.execute("truncate meta.rejects");
            database.execute("drop function if exists landing.refuse cascade");
            database.execute(change.replace("T", "landing." + table).replace('~', ';'));
            // another day, so that a constraint over all rows is violated by a row of this table
            String text = reason.startsWith("index row") ? random(20_000) : "five";
            report(IntStream.rangeClosed(1, 10)
                    .mapToObj(k -> row(TODAY, k, k == 5 ? text : "v" + k))
                    .toArray(String[]::new));
            if (reason.equals("-")) {
                report(Stream.concat(
                                IntStream.rangeClosed(1, 10).mapToObj(k -> row(TODAY, k, "v" + k)),
                                Stream.of(row(TODAY, 6, "again")))
                        .toArray(String[]::new));
            }
            if (reason.equals("-") && table.equals("keyed")) {
                continue;
            }
            assertThat(load(table)).as(change + " " + error()).isEqualTo("ok");
            if (reason.equals("-")) {
                assertThat(rows(table)).hasSize(10).contains("6|v6").doesNotContain("6|again");
                assertThat(openRejects()).hasSize(1).allMatch(row -> row.startsWith("12|is refused by the database: "));
            } else {
                assertThat(rows(table)).hasSize(9).noneMatch(row -> row.startsWith("5|"));
                assertThat(openRejects())
                        .singleElement()
                        .asString()
                        .startsWith("6|is refused by the database: ")
                        .contains(reason);
            }
            assertThat(dirty()).containsExactly(TODAY.toString());
            database.execute("delete from meta.dirty");
            assertThat(load(table)).isEqualTo("unchanged");
            assertThat(dirty()).isEmpty();
        }
    }

    private static String random(int length) {
        Random random = new Random(1);
        return random.ints(length, 'a', 'z' + 1)
                .mapToObj(c -> String.valueOf((char) c))
                .collect(Collectors.joining());
    }

    @Test
    void aRowThatWasRefusedIsLoadedOnceTheDatabaseTakesIt() throws Exception {
        database.execute(
                "drop table if exists landing.parents cascade; create table landing.parents (k int primary key);"
                        + " insert into landing.parents values (1);"
                        + " alter table landing.plain add foreign key (k) references landing.parents;"
                        + " alter table landing.keyed add foreign key (k) references landing.parents");
        report(row(TODAY, 1, "a"), row(TODAY, 2, "b"));
        for (String table : List.of("plain", "keyed")) {
            database.execute("delete from landing.parents where k = 2");
            assertThat(load(table)).isEqualTo("ok");
            assertThat(rows(table)).containsExactly("1|a");
            assertThat(openRejects()).hasSize(1);
            database.execute("insert into landing.parents values (2)");
            assertThat(load(table)).isEqualTo("ok");
            assertThat(rows(table)).containsExactly("1|a", "2|b");
            assertThat(openRejects()).isEmpty();
            assertThat(load(table)).isEqualTo("unchanged");
            database.execute("delete from landing." + table);
        }
    }

    @Test
    void aConstraintThatIsCheckedAtTheCommitLeavesNoValueBehind() throws Exception {
        database.execute("alter table landing.plain add unique (v) deferrable initially deferred");
        report(row(TODAY, 1, "alice@example.org"), row(TODAY, 2, "alice@example.org"));
        assertThat(load("plain")).isEqualTo("ok");
        assertThat(rows("plain")).containsExactly("1|alice@example.org");
        assertThat(database.rows("select reason, locator::text from meta.rejects"))
                .singleElement()
                .asString()
                .contains("plain_v_key")
                .doesNotContain("alice");
    }

    @Test
    void nullInAPartOfTheKeyIsAValueOfItsOwn() throws Exception {
        report(row(TODAY, 1, ""), row(TODAY, "", "b"), row(TODAY, "", ""), row(TODAY, 1, "a"));
        assertThat(load("pairs")).isEqualTo("ok");
        assertThat(rows("pairs")).containsExactlyInAnyOrder("1|null", "null|b", "null|null", "1|a");
        String before = database.value("select ctid from landing.pairs where k is null and v is null");
        report(row(TODAY, 1, ""), row(YESTERDAY, "", "b"), row(TODAY, "", ""));
        assertThat(load("pairs")).isEqualTo("ok");
        assertThat(rows("pairs")).containsExactly("null|b", "1|null", "null|null");
        assertThat(database.value("select ctid from landing.pairs where k is null and v is null"))
                .isEqualTo(before);
        assertThat(database.value("select count(id) || ' ' || count(seen) from landing.pairs"))
                .isEqualTo("3 3");
    }

    @Test
    void aRowThatSomeoneAddedWithAKeyOfTheReportIsRemoved() throws Exception {
        report(row(TODAY, 1, "a"), row(TODAY, "", "b"));
        assertThat(load("pairs")).isEqualTo("ok");
        for (String k : List.of("1", "null")) {
            database.execute("insert into landing.pairs (day, k, v) select day, k, v from landing.pairs"
                    + " where k is not distinct from " + k);
            assertThat(load("pairs")).isEqualTo("ok");
            assertThat(rows("pairs")).containsExactly("1|a", "null|b");
            assertThat(load("pairs")).isEqualTo("unchanged");
        }
    }

    @Test
    void ofRowsWithOneKeyTheLastCountsWhereverTheOthersAre() throws Exception {
        report(row(TODAY, 1, "first"), row(YESTERDAY, 1, "last"));
        assertThat(load("keyed")).isEqualTo("ok");
        assertThat(rows("keyed")).containsExactly("1|last");
        assertThat(load("keyed")).isEqualTo("unchanged");
        report(row(YESTERDAY, 1, "last"), row(TODAY, 1, "first"));
        assertThat(load("keyed")).isEqualTo("ok");
        assertThat(rows("keyed")).containsExactly("1|first");

        report(row(TODAY, 9, "z"), row(YESTERDAY, 2, "last"));
        assertThat(load("keyed")).isEqualTo("ok");
        report(row(TODAY, 9, "z"), row(TODAY, 2, "first"), row(YESTERDAY, 2, "last"));
        database.execute("delete from meta.dirty");
        assertThat(load("keyed")).isEqualTo("ok");
        assertThat(dirty()).isEmpty();
        assertThat(load("keyed")).isEqualTo("unchanged");
        assertThat(rows("keyed")).containsExactly("2|last", "9|z");
        assertThat(openRejects()).containsExactly("3|has the same key as a later row, which is used");
    }

    @Test
    void aKeyThatIdentifiesNoRowHoldsTheReport() throws Exception {
        report(row(TODAY, 1, "a"), row(TODAY, 1, "b"), row(TODAY, 1, "c"), row(TODAY, 1, "d"));
        assertThat(load("keyed")).isEqualTo("held");
        assertThat(error()).contains("[k] does not identify a row").contains("'key'");
    }

    @Test
    void aRowThatComesFromADayBeforeTheWindowLeavesIt() throws Exception {
        database.execute("insert into landing.keyed values (?, 1, 'old')", TODAY.minusDays(30));
        report(row(TODAY, 1, "new"));
        assertThat(load("keyed")).isEqualTo("ok");
        assertThat(database.rows("select day, v from landing.keyed")).containsExactly(TODAY + "|new");
        assertThat(dirty()).containsExactly(TODAY.minusDays(30).toString(), TODAY.toString());
    }

    /** The report of the window cannot say whether the source has deleted a row or dated it back behind the window. */
    @ParameterizedTest
    @CsvSource({"plain", "keyed"})
    void rowsThatTheSourceNoLongerGivesAreCountedAndSaid(String table) throws Exception {
        String source = "load-" + table;
        report(row(YESTERDAY, 1, "a"), row(YESTERDAY, 2, "b"), row(YESTERDAY, 3, "c"), row(TODAY, 4, "d"));
        assertThat(load(table)).isEqualTo("ok");
        assertThat(gone()).isZero();
        report(row(YESTERDAY, 1, "new"), row(TODAY, 4, "d"), row(TODAY, 5, "e"));
        assertThat(load(table)).isEqualTo("ok");
        assertThat(gone()).isEqualTo(2);
        String said = "2 rows were gone: the source has deleted them or dated them back. Rows dated before "
                + TODAY.minusDays(3);
        awaitPage(source, reason -> assertThat(reason).contains(said));
        assertThat(load(table)).isEqualTo("unchanged");
        awaitPage(source, reason -> assertThat(reason).contains(said));
        report(row(YESTERDAY, 1, "new"), row(TODAY, 4, "new"), row(TODAY, 5, "e"));
        assertThat(load(table)).isEqualTo("ok");
        assertThat(gone()).isZero();
        awaitPage(source, reason -> assertThat(reason).isEmpty());
    }

    private static long gone() {
        return database.number("select rows_gone from meta.runs order by run_id desc limit 1");
    }

    @Test
    void keyedRowsExchangeUniqueValues() throws Exception {
        database.execute("alter table landing.keyed add unique (v)");
        report(row(TODAY, 1, "a"), row(TODAY, 2, "b"), row(TODAY, 3, "c"), row(TODAY, 9, "same"));
        assertThat(load("keyed")).isEqualTo("ok");
        report(row(TODAY, 1, "b"), row(YESTERDAY, 2, "c"), row(TODAY, 3, "a"), row(TODAY, 9, "same"));
        assertThat(load("keyed")).isEqualTo("ok");
        assertThat(rows("keyed")).containsExactly("2|c", "1|b", "3|a", "9|same");
        assertThat(openRejects()).isEmpty();
        assertThat(database.value("select rows_inserted || ' ' || rows_updated || ' ' || rows_deleted from meta.runs"
                        + " order by run_id desc limit 1"))
                .isEqualTo("0 3 0");
    }

    @ParameterizedTest
    @CsvSource({"deferrable, 0", "not deferrable, 2"})
    void rowsThatOthersReferToExchangeUniqueValuesOnlyWhereTheseAreDeferrable(String constraint, int refused)
            throws Exception {
        database.execute("alter table landing.keyed add unique (v) " + constraint
                + "; create table landing.tags (tag text, k int references landing.keyed on delete cascade)");
        report(row(TODAY, 1, "a"), row(TODAY, 2, "b"), row(TODAY, 3, "c"), row(TODAY, 4, "d"));
        assertThat(load("keyed")).isEqualTo("ok");
        database.execute("insert into landing.tags values ('x', 1)");
        report(row(TODAY, 1, "b"), row(TODAY, 2, "a"), row(TODAY, 3, "c"), row(TODAY, 4, "d"));
        assertThat(load("keyed")).isEqualTo("ok");
        assertThat(rows("keyed").get(0)).isEqualTo(refused == 0 ? "1|b" : "1|a");
        assertThat(openRejects()).hasSize(refused);
        assertThat(database.rows("select tag from landing.tags")).containsExactly("x");
        database.execute("drop table landing.tags");
    }

    @Test
    void rowsThatOthersReferToStay() throws Exception {
        database.execute("create table landing.tags (tag text, k int references landing.keyed on delete cascade)");
        report(row(TODAY, 1, "a"), row(TODAY, 2, "b"));
        assertThat(load("keyed")).isEqualTo("ok");
        database.execute("insert into landing.tags values ('x', 1), ('y', 2)");
        report(row(TODAY, 1, "changed"), row(TODAY, 2, "b"));
        assertThat(load("keyed")).isEqualTo("ok");
        assertThat(database.rows("select tag from landing.tags order by 1")).containsExactly("x", "y");
        report(row(TODAY, 2, "b"));
        assertThat(load("keyed")).isEqualTo("ok");
        assertThat(database.rows("select tag from landing.tags")).containsExactly("y");
        database.execute("drop table landing.tags; alter table landing.plain add unique (k);"
                + " create table landing.tags (k int references landing.plain (k))");
        assertThat(load("plain")).isEqualTo("held");
        assertThat(error())
                .contains("landing.tags refers to rows of landing.plain")
                .contains("Set 'key'");
        database.execute("drop table landing.tags");
    }

    @Test
    void theHintOfTheServerIsSaid() throws Exception {
        report(row(TODAY, 1, "a"));
        assertThat(load("plain")).isEqualTo("ok");
        database.execute("create publication p for table landing.plain");
        report(row(TODAY, 1, "b"));
        assertThat(load("plain")).isEqualTo("failed");
        assertThat(error()).contains("replica identity").contains("ALTER TABLE");
        database.execute("drop publication p");
    }

    @Test
    void aLockOfAnotherSessionIsNamed() throws Exception {
        report(row(TODAY, 1, "a"));
        assertThat(load("plain")).isEqualTo("ok");
        report(row(TODAY, 1, "b"));
        try (Connection other = database.connect()) {
            other.setAutoCommit(false);
            Sql.on(other).execute("set application_name = 'a backup'");
            Sql.on(other).execute("lock table landing.plain in share mode");
            assertThat(load("plain")).isEqualTo("failed");
            assertThat(error())
                    .startsWith("The import waited 2 s for a lock on landing.plain (load.lock-timeout).")
                    .contains("(postgres, a backup) since ");
        }
        assertThat(rows("plain")).containsExactly("1|a");
    }

    @Test
    void aDatabaseThatIsSerializableByDefaultChangesNothing() throws Exception {
        String name = database.value("select current_database()");
        database.execute("alter database " + name + " set default_transaction_isolation = 'serializable'");
        try (Warehouse warehouse = Warehouse.open(database.settings());
                Connection connection = warehouse.dataSource().getConnection()) {
            assertThat(Sql.on(connection).first("show transaction_isolation", row -> row.text("transaction_isolation")))
                    .contains("read committed");
        } finally {
            database.execute("alter database " + name + " reset default_transaction_isolation");
        }
    }

    @Test
    void whateverCameBeforeTheTableIsTheLastReportAndOnlyDaysThatChangedAreDirty() throws Exception {
        Random random = new Random(20261130);
        for (boolean keyed : List.of(false, true)) {
            String table = keyed ? "any_keyed" : "any";
            for (int load = 0; load < Rounds.of(25, 150); load++) {
                List<String> lines = randomReport(random);
                report(lines.toArray(String[]::new));
                if (random.nextInt(3) == 0) {
                    edit(random, table);
                }
                List<String> before = days(table);
                database.execute("delete from meta.dirty");
                assertThat(load(table.replace('_', '-'))).isIn("ok", "unchanged");
                List<String> after = days(table);
                assertThat(after).as(table + " after load " + load).isEqualTo(expected(lines, keyed));
                Set<String> changed = new TreeSet<>();
                Stream.concat(before.stream(), after.stream())
                        .filter(row -> Collections.frequency(before, row) != Collections.frequency(after, row))
                        .forEach(row -> changed.add(row.substring(0, 10)));
                assertThat(dirty()).as(table + " after load " + load).containsAll(changed);
                if (keyed) {
                    assertThat(dirty()).as("after load " + load).containsExactlyElementsOf(changed);
                }
            }
        }
    }

    private static List<String> randomReport(Random random) {
        List<String> lines = new ArrayList<>();
        for (int i = random.nextInt(12); i > 0; i--) {
            lines.add(row(TODAY.minusDays(random.nextInt(3)), random.nextInt(6), "v" + random.nextInt(2)));
        }
        return lines;
    }

    private static void edit(Random random, String table) {
        String k = String.valueOf(random.nextInt(6));
        database.execute(
                switch (random.nextInt(3)) {
                    case 0 -> "delete from landing." + table + " where k = " + k;
                    case 1 -> "update landing." + table + " set v = 'edit' where k = " + k;
                    default -> "update landing." + table + " set day = current_date - 1 where k = " + k;
                });
    }

    private static List<String> days(String table) {
        return database.rows("select day, k, v from landing." + table + " order by day, k, v");
    }

    private static List<String> expected(List<String> lines, boolean keyed) {
        List<String> rows = lines.stream().map(line -> line.replace(',', '|')).toList();
        if (keyed) {
            Map<String, String> last = new HashMap<>();
            rows.forEach(row -> last.put(row.split("[|]")[1], row));
            rows = List.copyOf(last.values());
        }
        return rows.stream().sorted().toList();
    }
}
