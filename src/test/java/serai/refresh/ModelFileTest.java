package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import serai.edits.EditRefusedException;

class ModelFileTest {

    private static final Path FACT = Path.of("sql/facts/fact_x.sql");
    private static final String GOOD = """
            -- @kind    recalc
            -- @grain   user_key, date_key
            -- @reads   stg_logins, landing.users
            -- @window  date_key by day from stg_logins.login_at zone Europe/London keep 400d
            -- @late    dirty
            -- @owner   growth
            -- @about   One row per user and day.
            -- an ordinary comment
            select 1 as user_key, 2 as date_key where :from < :to
            """;

    @Test
    void aHeaderIsRead() throws Exception {
        Model model = ModelFile.parse(FACT, GOOD);
        assertThat(model.name()).isEqualTo("fact_x");
        assertThat(model.relation()).hasToString("star.fact_x");
        assertThat(model.kind()).isEqualTo(ModelKind.RECALC);
        assertThat(model.grain()).containsExactly("user_key", "date_key");
        assertThat(model.reads()).containsExactly("stg_logins", "landing.users");
        assertThat(model.window())
                .isEqualTo(new ModelWindow(
                        "date_key",
                        WindowUnit.DAY,
                        "stg_logins",
                        "login_at",
                        ZoneId.of("Europe/London"),
                        new ModelWindow.Amount(400, WindowUnit.DAY),
                        false,
                        0));
        assertThat(model.owner()).isEqualTo("growth");
        assertThat(model.about()).isEqualTo("One row per user and day.");
    }

    @Test
    void theKeysOfTestsAndOfTheTableAreRead() throws Exception {
        Model model = ModelFile.parse(FACT, GOOD.replace("-- @owner   growth", """
                -- @column     user_key the user, as in dim_users
                -- @column     date_key the day
                -- @fk         user_key in dim_users
                -- @fk         date_key in dim_dates.date_key
                -- @accepted   device in mobile, 'a, b', 'it''s'
                -- @expect     rows 1..10000000, change -60%..+200.5%
                -- @index      date_key
                -- @index      user_key, date_key unique where user_key > 0
                -- @partition  month
                -- @grant      bi_readers, finance
                -- @fresh      warn 2h, error 1d
                -- @distribute user_key"""));
        assertThat(model.table().comments())
                .extracting(comment -> comment.column() + "=" + comment.text())
                .containsExactly("user_key=the user, as in dim_users", "date_key=the day");
        assertThat(model.tests().foreignKeys())
                .extracting(key -> key.column() + " in " + key.relation() + "." + key.to())
                .containsExactly("user_key in dim_users.null", "date_key in dim_dates.date_key");
        assertThat(model.tests().accepted())
                .containsExactly(new ModelTests.AcceptedValues("device", List.of("mobile", "a, b", "it's"), 10));
        assertThat(model.tests().expect())
                .isEqualTo(
                        new ModelTests.Expectation(1L, 10_000_000L, new BigDecimal("-60"), new BigDecimal("+200.5")));
        assertThat(model.table().indexes())
                .extracting(index -> index.create("index on t"))
                .containsExactly(
                        "create index on t (\"date_key\")",
                        "create unique index on t (\"user_key\", \"date_key\") where user_key > 0");
        assertThat(model.table().partition()).isEqualTo(TableOptions.PartitionUnit.MONTH);
        assertThat(model.table().grants()).containsExactly("bi_readers", "finance");
        assertThat(model.table().distribute()).isEqualTo("user_key");
        assertThat(model.fresh()).isEqualTo(new Freshness(Duration.ofHours(2), Duration.ofDays(1)));
        assertThat(model.hash()).isEqualTo(ModelFile.parse(FACT, GOOD).hash());
    }

    @Test
    void theKeysOfAReportAreKeptAsTexts() throws Exception {
        String report = "-- @kind view\n-- @title Who?\n-- @tile a\n-- @tile b as \"B\"\n-- @about x\nselect 1 as a";
        assertThat(ModelFile.parse(Path.of("sql/reports/rpt_a.sql"), report).report())
                .isEqualTo(Map.of("title", List.of("Who?"), "tile", List.of("a", "b as \"B\"")));
        assertRefused(
                Path.of("sql/reports/rpt_a.sql"),
                report.replace("@tile", "@title"),
                3,
                "@title is there a second time");
    }

    @Test
    void aFileWithAByteOrderMarkIsRead() throws Exception {
        assertThat(ModelFile.parse(FACT, "\uFEFF" + GOOD).hash())
                .isEqualTo(ModelFile.parse(FACT, GOOD).hash());
    }

    @Test
    void theFolderOfAModelGivesItsSchema() throws Exception {
        String view = "-- @kind view\n-- @about x\nselect 1 as a";
        assertThat(ModelFile.parse(Path.of("sql/staging/stg_a.sql"), view).relation())
                .hasToString("staging.stg_a");
        assertThat(ModelFile.parse(Path.of("sql/dims/dim_a.sql"), view).relation())
                .hasToString("star.dim_a");
        assertThat(ModelFile.parse(Path.of("sql/reports/rpt_a.sql"), view).relation())
                .hasToString("report.rpt_a");
        assertRefused(Path.of("sql/else/a.sql"), view, null, "sql/staging");
        assertRefused(Path.of("sql/dims/Dim-A.sql"), view, null, "a-z");
    }

    @Test
    void theHashOfAModelChangesWithItsDefinitionAndNotWithComments() throws Exception {
        String hash = ModelFile.parse(FACT, GOOD).hash();
        assertThat(ModelFile.parse(FACT, GOOD.replace("ordinary", "other").replace("growth", "sales"))
                        .hash())
                .isEqualTo(hash);
        assertThat(ModelFile.parse(FACT, GOOD.replace("1 as", "3 as")).hash()).isNotEqualTo(hash);
        assertThat(ModelFile.parse(FACT, GOOD.replace("400d", "40d")).hash()).isNotEqualTo(hash);
    }

    @ParameterizedTest(name = "{0} -> {1}: line {2}, {3}")
    @CsvSource(
            delimiter = ';',
            value = {
                "-- @kind    recalc; -- @kind fancy; 1; there is no kind 'fancy'",
                "-- @kind    recalc; -- @kind snapshot; 1; there is no kind 'snapshot'; there are view, table, recalc, once, upsert, scd2, script",
                "-- @kind    recalc; -- @kind upsert; 4; remove 'keep' and 'ahead'",
                "-- @kind    recalc; -- @kind scd2; 4; an scd2 has no window",
                "-- @kind    recalc; -- nothing; 1; there is no @kind",
                "-- @grain   user_key, date_key; -- @grain a b; 2; 'a b' is not the name",
                "-- @grain   user_key, date_key; -- @grain a, a; 2; twice",
                "-- @grain   user_key, date_key; -- nothing; 1; needs @grain",
                "-- @reads   stg_logins; -- @reads Stg; 3; 'Stg' is not the name",
                "zone Europe/London; zone Europe/Lodnon; 4; there is no zone 'Europe/Lodnon'",
                "zone Europe/London; zone GMT-5; 4; the zone 'GMT-5' is an offset and not a region; write one such as America/New_York",
                "by day from; by year from; 4; write: @window",
                "keep 400d; keep 0d; 4; write: @window",
                "-- @late    dirty; -- @late lookback 3; 5; 'lookback 3' is not known",
                "-- @owner   growth; -- @expct rows 1..2; 6; there is no header @expct; did you mean @expect?",
                "-- @owner   growth; -- @expect rows 3..2; 6; exchange",
                "-- @owner   growth; -- @expect rows 1..2 change -1%..+1%; 6; write: @expect rows",
                "-- @owner   growth; -- @expect change 5..10; 6; write: @expect rows",
                "-- @owner   growth; -- @fresh warn 2 hours; 6; write: @fresh warn 2h",
                "-- @owner   growth; -- @fresh warn 7h, error 6h; 6; the warning must come before",
                "-- @owner   growth; -- @fk user_key = dim_users; 6; write: @fk COLUMN in RELATION",
                "-- @owner   growth; -- @accepted device in a,,b; 6; write: @accepted COLUMN in VALUE",
                "-- @owner   growth; -- @accepted device in a, a; 6; listed twice",
                "-- @owner   growth; -- @index lower(a); 6; 'lower(a)' is not the name of a column",
                "-- @owner   growth; -- @index a where b = :from; 6; the condition of the index",
                "-- @owner   growth; -- @column user_key; 6; write: @column NAME",
                "-- @owner   growth; -- @column a x\\n-- @column a y; 7; has a comment already",
                "-- @owner   growth; -- @partition day; 6; write: @partition month, or year",
                "-- @owner   growth; -- @grant a b; 6; 'a b' is not the name of a role",
                "-- @owner   growth; -- @distribute else; 6; write a column of @grain, or everywhere",
                "-- @owner   growth; -- @keep first_at; 6; a recalc has no @keep",
                "-- @owner   growth; -- @from 2026-01-01; 6; a recalc has no @from",
                "-- @owner   growth; -- @title What?; 6; only reports have @title",
                "-- @owner   growth; -- @kind view; 6; a second time",
                "-- @owner   growth; -- @owner; 6; has no value",
                "-- @about   One row; -- no about; 1; there is no @about",
                ":from < :to; :from is null; 1; needs :to",
                ":from < :to; :from < :till; 9; there is no parameter :till",
                "where :from; where -- x\\n-- @late dirty\\n :from; 10; below the SELECT",
            })
    void aMistakeIsRefusedWithItsLineAndTheFix(String from, String to, int line, String reason) {
        assertThat(GOOD).contains(from);
        assertRefused(FACT, GOOD.replace(from, to.replace("\\n", "\n")), line, reason);
    }

    private static final String UPSERT = """
            -- @kind    upsert
            -- @grain   user_id
            -- @reads   stg_logins
            -- @window  by day from stg_logins.login_at
            -- @late    dirty
            -- @keep    first_at
            -- @deleted is_gone
            -- @about   One row per user.
            select user_id, min(login_at) as first_at, false as is_gone from stg_logins
            where user_id in (select user_id from stg_logins where login_at >= :from and login_at < :to)""";

    @Test
    void anUpsertMayLeaveItsWindowColumnOut() throws Exception {
        Model model = ModelFile.parse(Path.of("sql/dims/dim.sql"), UPSERT);
        assertThat(model.window().column()).isNull();
        assertThat(model.write().keep()).containsExactly("first_at");
        assertThat(model.write().deleted()).isEqualTo("is_gone");
        assertThat(ModelFile.parse(Path.of("sql/dims/dim.sql"), UPSERT.replace("-- @keep    first_at\n", ""))
                        .hash())
                .isNotEqualTo(model.hash());
    }

    @ParameterizedTest(name = "{0} -> {1}: line {2}, {3}")
    @CsvSource(
            delimiter = ';',
            value = {
                "-- @keep    first_at; -- @keep user_id; 6; the columns of @grain never change",
                "-- @deleted is_gone; -- @deleted first_at; 7; it cannot be a column of @grain or @keep",
                "-- @deleted is_gone; -- @deleted a, b; 7; write one column",
                "-- @late    dirty; -- @late reach 28d; 5; the rows of an upsert are of no unit",
                "-- @late    dirty; -- @late dim_users by a..b; 5; the rows of an upsert are of no unit",
                "login_at) as; :now) as; 9; an upsert must not use :now",
                "and login_at < :to; ; 1; an upsert needs :to",
            })
    void aMistakeOfAnUpsertIsRefused(String from, String to, int line, String reason) {
        assertThat(UPSERT).contains(from);
        assertRefused(Path.of("sql/dims/dim.sql"), UPSERT.replace(from, to == null ? "" : to), line, reason);
    }

    @Test
    void aParameterThatAKindDoesNotHaveIsRefused() {
        assertRefused(
                FACT,
                "-- @kind table\n-- @grain a\n-- @about x\nselect 1 as a\nwhere :from is null",
                5,
                "a table has no :from");
        assertRefused(FACT, "-- @kind view\n-- @about x\nselect :now as a", 3, "a view has no parameters");
        assertRefused(
                FACT,
                "-- @kind view\n-- @about x\n-- @window d by day from a.b\nselect 1 as a",
                3,
                "a view has no window");
        String view = "-- @kind view\n-- @about x\n-- @%s a\nselect 1 as a";
        assertRefused(FACT, view.formatted("index"), 3, "a view has no @index: remove it; it is for @kind table");
        assertRefused(FACT, view.formatted("distribute"), 3, "a view has no @distribute");
        assertRefused(FACT, view.formatted("partition"), 3, "a view has no @partition");
        assertRefused(FACT, "-- @kind once\n-- @grain a\n-- @about x\nselect 1 as a", 1, "a once needs @window");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "now()",
                "pg_catalog.Now ()",
                "current_date",
                "clock_timestamp()",
                "random()",
                "date 'today'",
                "'now'::timestamptz",
                "age(a)",
                ":now"
            })
    void whatGivesOtherRowsLaterIsRefusedWhereUnitsAreKept(String expression) {
        for (String kind : List.of("recalc", "once")) {
            String text = "-- @kind " + kind + "\n-- @grain d\n-- @reads t\n-- @window d by day from t.a\n-- @about x\n"
                    + "select 1 as d\nwhere a < " + expression + " and a >= :from and a < :to";
            assertRefused(FACT, text, 7, "a " + kind + " must not use ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"age(a, b)", "age(f(a, b), c)", "t.now", "\"now\"", "'now'", "current_dates", "to_char(:to, 'x')"
            })
    void whatGivesTheSameRowsLaterIsAccepted(String expression) throws Exception {
        ModelFile.parse(
                FACT,
                "-- @kind recalc\n-- @grain d\n-- @reads t\n-- @window d by day from t.a\n-- @about x\n"
                        + "select 1 as d where " + expression + " is null and a >= :from and a < :to");
    }

    @Test
    void aSeedIsReadAsText() throws Exception {
        Seed seed = Seed.parse(Path.of("sql/seeds/seed_a.csv"), "\uFEFFa,b\n1,\"x, \"\"y\"\"\"\n,é\n");
        assertThat(seed.relation()).hasToString("staging.seed_a");
        assertThat(seed.columns()).containsExactly("a", "b");
        assertThat(seed.rows()).hasSize(2);
        assertThat(seed.rows().get(0)).containsExactly("1", "x, \"y\"");
        assertThat(seed.rows().get(1)).containsExactly(null, "é");
    }

    @Test
    void aBrokenSeedNamesItsLine() {
        assertSeedRefused("a,b\n1,2\n3\n", 3, "1 fields, the header has 2");
        assertSeedRefused("a,A b\n1,2\n", 1, "'A b'");
        assertSeedRefused("a,a\n1,2\n", 1, "repeated");
        assertSeedRefused("", 1, "empty");
        assertSeedRefused("a\n\"open\n", null, "not CSV");
        assertThatThrownBy(() -> Seed.parse(Path.of("sql/seeds/countries.csv"), "a\n"))
                .hasMessageContaining("seed_");
    }

    private static void assertSeedRefused(String text, Integer line, String reason) {
        assertThatThrownBy(() -> Seed.parse(Path.of("sql/seeds/seed_a.csv"), text))
                .isInstanceOfSatisfying(EditRefusedException.class, e -> {
                    assertThat(e.refusal().line()).isEqualTo(line);
                    assertThat(e.refusal().reason()).contains(reason);
                });
    }

    private static void assertRefused(Path file, String text, Integer line, String reason) {
        assertThatThrownBy(() -> ModelFile.parse(file, text)).isInstanceOfSatisfying(EditRefusedException.class, e -> {
            assertThat(e.refusal().file()).isEqualTo(file);
            assertThat(e.refusal().reason()).contains(reason);
            assertThat(e.refusal().line()).isEqualTo(line);
        });
    }
}
