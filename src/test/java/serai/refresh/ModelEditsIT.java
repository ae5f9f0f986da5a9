package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.edits.Refusal;

/** An edit takes effect, or it is refused and what was in effect stays in effect. */
class ModelEditsIT {

    private static final String STAGING = "sql/staging/stg.sql";
    private static final String FACT = "sql/facts/fact.sql";
    private static final String REPORT = "sql/reports/rpt.sql";
    private static final String STAGING_TEXT = """
            -- @kind  view
            -- @reads landing.logins
            -- @about One row per login.
            select login_at, user_id from logins""";
    private static final String FACT_TEXT = """
            -- @kind    recalc
            -- @grain   user_id, date_key
            -- @reads   stg
            -- @window  date_key by day from stg.login_at
            -- @about   One row per user and day.
            select user_id, (login_at at time zone 'UTC')::date as date_key, count(*) as logins
            from stg
            where login_at >= :from and login_at < :to group by 1, 2""";
    private static final String REPORT_TEXT = """
            -- @kind  view
            -- @reads fact
            -- @about One row per day.
            select date_key, sum(logins) as logins from fact group by 1""";
    private final RefreshFixture fixture = new RefreshFixture();

    @BeforeEach
    void start() throws Exception {
        fixture.execute("insert into landing.logins values ('2026-03-30 10:00Z', 'a'), ('2026-03-30 11:00Z', 'a')");
        assertThat(fixture.edit(STAGING, STAGING_TEXT, FACT, FACT_TEXT, REPORT, REPORT_TEXT))
                .isEmpty();
        fixture.refresh.run();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void brokenSqlIsRefusedWithItsLineAndTheOldModelStaysInEffect() throws Exception {
        List<Refusal> refusals = fixture.edit(FACT, FACT_TEXT.replace("where", "and"));
        assertThat(refusals).hasSize(1);
        assertThat(refusals.get(0).file()).isEqualTo(Path.of(FACT));
        assertThat(refusals.get(0).line()).isEqualTo(8);
        assertThat(refusals.get(0).reason()).contains("syntax error");
        fixture.load(
                "landing.logins",
                List.of(LocalDate.of(2026, 3, 30)),
                "insert into landing.logins values ('2026-03-30 12:00Z', 'b')");
        fixture.refresh.run();
        assertThat(fixture.rows("select * from report.rpt")).containsExactly("2026-03-30|3");
        assertThat(fixture.edit(FACT, FACT_TEXT.replace("count(*)", "count(*) * 10")))
                .isEmpty();
        fixture.load("landing.logins", List.of(LocalDate.of(2026, 3, 30)), "select 1");
        fixture.refresh.run();
        assertThat(fixture.rows("select * from report.rpt")).containsExactly("2026-03-30|30");
        assertThat(fixture.one("select status, error from meta.model_state where model = 'fact'"))
                .startsWith("changed|The definition changed, and the history is not rebuilt");
    }

    @Test
    void aModelThatWritesIsRefusedAloneWithWhatReadsItAndTheOthersAreChecked() throws Exception {
        List<Refusal> refusals = fixture.edit(
                "sql/dims/deleting.sql",
                "-- @kind table\n-- @grain user_id\n-- @reads logins\n-- @about x\n"
                        + "with gone as (delete from logins returning user_id) select user_id from gone",
                "sql/reports/downstream.sql",
                "-- @kind view\n-- @reads deleting\n-- @about x\nselect * from deleting",
                REPORT,
                REPORT_TEXT.replace("sum(logins)", "sum(logins) + 1"));
        assertThat(refusals)
                .extracting(r -> r.file().toString())
                .containsExactlyInAnyOrder("sql/dims/deleting.sql", "sql/reports/downstream.sql");
        assertThat(refusals).anySatisfy(r -> assertThat(r.reason()).contains("data-modifying"));
        fixture.refresh.run();
        assertThat(fixture.rows("select * from report.rpt")).containsExactly("2026-03-30|3");
        assertThat(fixture.one("select count(*) from landing.logins")).isEqualTo("2");
    }

    @Test
    void commentsAreBroughtInStepWithTheFileWithoutWritingRows() throws Exception {
        fixture.execute("comment on column star.fact.date_key is 'by hand'");
        String rows = fixture.one("select xmin, ctid from star.fact");
        String runs = fixture.one("select count(*) from meta.runs where source like 'refresh:%'");
        assertThat(fixture.edit(
                        FACT,
                        FACT_TEXT.replace("@about   One row", "@column user_id who\n-- @about   Still one row"),
                        REPORT,
                        REPORT_TEXT.replace("@about One row", "@column logins all\n-- @about Still one row")))
                .isEmpty();
        fixture.refresh.run();
        String comments = "select obj_description(c), col_description(c, 1), col_description(c, 2) from"
                + " unnest(array['star.fact', 'report.rpt']::regclass[]) c";
        assertThat(fixture.rows(comments))
                .containsExactly("Still one row per user and day.|who|by hand", "Still one row per day.|null|all");
        assertThat(fixture.edit(FACT, FACT_TEXT, REPORT, REPORT_TEXT)).isEmpty();
        fixture.refresh.run();
        assertThat(fixture.rows(comments))
                .containsExactly("One row per user and day.|null|by hand", "One row per day.|null|null");
        assertThat(fixture.one("select xmin, ctid from star.fact")).isEqualTo(rows);
        assertThat(fixture.one("select count(*) from meta.runs where source like 'refresh:%'"))
                .isEqualTo(runs);
    }

    @Test
    void aColumnThatDoesNotExistIsRefusedWithItsLine() {
        Refusal refusal = only(fixture.edit(FACT, FACT_TEXT.replace("(login_at at", "(logged_in_at at")));
        assertThat(refusal.line()).isEqualTo(6);
        assertThat(refusal.reason()).contains("logged_in_at", "does not exist");
    }

    @Test
    void aColumnOfTheHeaderThatTheSelectDoesNotHaveIsRefusedWithItsLine() {
        for (String key : List.of(
                "@column who x",
                "@fk who in users.user_id",
                "@accepted who in a",
                "@index logins, who",
                "@grain who")) {
            Refusal refusal = only(fixture.edit(
                    REPORT,
                    REPORT_TEXT
                            .replace(
                                    "-- @kind  view",
                                    key.startsWith("@index")
                                            ? "-- @kind table\n-- @grain date_key"
                                            : "-- @kind view\n--")
                            .replace("-- @reads fact", "-- @reads fact\n-- " + key)));
            assertThat(refusal.line()).as(key).isEqualTo(4);
            assertThat(refusal.reason()).contains("no column who", "fix " + key.replaceAll(" .*", ""));
        }
    }

    @Test
    void anIndexThatCannotBeCreatedIsRefusedWithItsLine() {
        Refusal refusal = only(
                fixture.edit(FACT, FACT_TEXT.replace("-- @kind", "-- @index date_key where logins > 'x'\n-- @kind")));
        assertThat(refusal.line()).isEqualTo(1);
        assertThat(refusal.reason()).contains("this index cannot be created", "bigint");
    }

    @Test
    void indexesAreCreatedAndDroppedWithTheFileAndThoseOfPeopleStay() throws Exception {
        fixture.execute("create index by_hand on star.fact (logins); create index fact_ihand on star.fact (logins)");
        String rows = fixture.one("select xmin, ctid from star.fact");
        assertThat(fixture.edit(
                        FACT,
                        "-- @index logins, user_id where logins > 1\n-- @index date_key, user_id unique\n" + FACT_TEXT))
                .isEmpty();
        fixture.refresh.run();
        String indexes = "select regexp_replace(indexdef, '_i[0-9a-f]{6}', '_i#') from pg_indexes"
                + " where tablename = 'fact' order by 1";
        assertThat(fixture.rows(indexes))
                .containsExactly(
                        "CREATE INDEX by_hand ON star.fact USING btree (logins)",
                        "CREATE INDEX fact_days ON star.fact USING btree (date_key)",
                        "CREATE INDEX fact_i# ON star.fact USING btree (logins, user_id) WHERE (logins > 1)",
                        "CREATE INDEX fact_ihand ON star.fact USING btree (logins)",
                        "CREATE UNIQUE INDEX fact_grain ON star.fact USING btree (user_id, date_key)",
                        "CREATE UNIQUE INDEX fact_i# ON star.fact USING btree (date_key, user_id)");
        assertThat(fixture.edit(FACT, FACT_TEXT)).isEmpty();
        fixture.refresh.run();
        assertThat(fixture.rows(indexes)).hasSize(4);
        assertThat(fixture.one("select xmin, ctid from star.fact")).isEqualTo(rows);
    }

    @Test
    void aUniqueIndexThatTheRowsDoNotHaveFailsTheModelAndNamesIt() throws Exception {
        fixture.execute("insert into landing.logins values ('2026-03-30 10:00Z', 'b')");
        assertThat(fixture.edit(FACT, "-- @index date_key unique\n" + FACT_TEXT))
                .isEmpty();
        fixture.load("landing.logins", List.of(LocalDate.of(2026, 3, 30)), "select 1");
        fixture.refresh.run();
        assertThat(fixture.one("select status, error from meta.model_state where model = 'fact'"))
                .startsWith("failed|could not create unique index \"fact_i");
    }

    @Test
    void grantsAreGivenAndTakenBackWithTheFileAndThoseOfPeopleStay() throws Exception {
        for (String role : List.of("bi_one", "bi_two", "bi_hand")) {
            fixture.execute("do $$ begin create role " + role + "; exception when duplicate_object then end $$");
        }
        fixture.execute("grant select on star.fact to bi_hand");
        assertThat(fixture.edit(FACT, "-- @grant bi_one, bi_hand\n" + FACT_TEXT))
                .isEmpty();
        fixture.refresh.run();
        String reading =
                "select r, has_table_privilege(r, 'star.fact', 'select'), has_schema_privilege(r, 'star', 'usage')"
                        + " from unnest(array['bi_one', 'bi_two', 'bi_hand']) r";
        assertThat(fixture.rows(reading)).containsExactly("bi_one|t|t", "bi_two|f|f", "bi_hand|t|f");
        assertThat(fixture.edit(FACT, "-- @grant bi_two\n" + FACT_TEXT)).isEmpty();
        fixture.refresh.run();
        assertThat(fixture.rows(reading)).containsExactly("bi_one|f|t", "bi_two|t|t", "bi_hand|t|f");
        assertThat(only(fixture.edit(FACT, "-- @grant bi_one, bi_none\n" + FACT_TEXT)))
                .satisfies(r -> {
                    assertThat(r.line()).isEqualTo(1);
                    assertThat(r.reason()).contains("no role bi_none");
                });
    }

    @Test
    void theReadersOfTheSettingMayReadEachModelWithoutGrant() throws Exception {
        for (String role : List.of("bi_one", "bi_two")) {
            fixture.execute("do $$ begin create role " + role + "; exception when duplicate_object then end $$");
        }
        try (RefreshFixture readers = RefreshFixture.withReaders("bi_one", "bi_missing")) {
            assertThat(readers.edit(STAGING, STAGING_TEXT, FACT, "-- @grant bi_two\n" + FACT_TEXT))
                    .isEmpty();
            readers.refresh.run();
            assertThat(readers.rows("select c::text, has_table_privilege('bi_one', c, 'select'),"
                            + " has_table_privilege('bi_two', c, 'select')"
                            + " from unnest(array['staging.stg', 'star.fact']::regclass[]) c"))
                    .containsExactly("staging.stg|t|f", "star.fact|f|t");
            assertThat(readers.rows("select model from meta.model_state where status <> 'ok'"))
                    .isEmpty();
        }
    }

    @Test
    void readsThatDifferFromTheSelectAreRefused() {
        assertThat(only(fixture.edit(REPORT, REPORT_TEXT.replace("@reads fact", "@reads fact, stg"))))
                .satisfies(r -> {
                    assertThat(r.line()).isEqualTo(2);
                    assertThat(r.reason()).contains("@reads names stg, which the SELECT does not read");
                });
        assertThat(only(fixture.edit(REPORT, REPORT_TEXT.replace("from fact", "from fact, users"))))
                .satisfies(r -> {
                    assertThat(r.line()).isEqualTo(2);
                    assertThat(r.reason()).contains("reads landing.users, which @reads does not name");
                });
        assertThat(only(fixture.edit(REPORT, REPORT_TEXT.replace("from fact", "from fact, stg")))
                        .reason())
                .contains("reads stg, which @reads does not name");
        assertThat(only(fixture.edit(REPORT, REPORT_TEXT.replace("from fact", "from star.fact")))
                        .reason())
                .contains("without schema");
    }

    @Test
    void anEditThatWouldBreakAnotherFileIsRefusedUntilBothAreChanged() throws Exception {
        Refusal refusal =
                only(fixture.edit(STAGING, STAGING_TEXT.replace("login_at, user_id", "login_at, user_id as who")));
        assertThat(refusal.file()).isEqualTo(Path.of(STAGING));
        assertThat(refusal.reason()).contains("it would break sql/facts/fact.sql", "user_id");
        assertThat(fixture.edit(FACT, FACT_TEXT.replace("select user_id", "select who as user_id")))
                .isEmpty();
        fixture.load(
                "landing.logins",
                List.of(LocalDate.of(2026, 3, 30)),
                "insert into landing.logins values ('2026-03-30 12:00Z', 'b')");
        fixture.refresh.run();
        assertThat(fixture.rows("select * from report.rpt")).containsExactly("2026-03-30|3");
        assertThat(
                        fixture.one(
                                "select column_name from information_schema.columns where table_name = 'stg' and ordinal_position = 2"))
                .isEqualTo("who");
    }

    @Test
    void aWrongFileDoesNotHoldUpARightOneOfTheSameBatch() throws Exception {
        Refusal refusal =
                only(fixture.edit(STAGING, "select", REPORT, REPORT_TEXT.replace("sum(logins)", "sum(logins) + 1")));
        assertThat(refusal.file()).isEqualTo(Path.of(STAGING));
        fixture.refresh.run();
        assertThat(fixture.rows("select * from report.rpt")).containsExactly("2026-03-30|3");
    }

    @Test
    void removingAFileThatOthersReadIsRefused() throws Exception {
        Refusal refusal = only(fixture.edit(STAGING, null));
        assertThat(refusal.file()).isEqualTo(Path.of(STAGING));
        assertThat(refusal.reason()).contains("it would break sql/facts/fact.sql:3");
        fixture.refresh.run();
        assertThat(fixture.one("select status from meta.model_state where model = 'fact'"))
                .isEqualTo("ok");
        assertThat(fixture.edit(FACT, null, REPORT, null)).isEmpty();
        assertThat(fixture.files.graph().nodes()).isEmpty();
    }

    @Test
    void newAndWiderColumnsOfAFactComeInPlaceAndAllUnitsAreCalculatedAgain() throws Exception {
        try (RefreshFixture two = new RefreshFixture(2)) {
            two.load("landing.logins", List.of(), """
                    insert into landing.logins values ('2026-03-01 10:00Z', 'a'), ('2026-03-02 10:00Z', 'a'),
                      ('2026-03-03 10:00Z', 'b'), ('2026-03-31 09:00Z', 'b')""");
            String narrow = FACT_TEXT.replace("count(*) as", "count(*)::int as");
            assertThat(two.edit(STAGING, STAGING_TEXT, FACT, narrow, REPORT, REPORT_TEXT))
                    .isEmpty();
            two.refresh.run();
            two.execute("create view public.own as select * from star.fact");
            String table = two.one("select 'star.fact'::regclass::oid");
            String wider = FACT_TEXT.replace("count(*) as logins", "count(*) as logins, min(login_at) as first_at");
            assertThat(two.edit(FACT, wider)).isEmpty();
            two.refresh.runOnce();
            assertThat(two.rows("select date_key, logins, first_at at time zone 'UTC' from star.fact order by 1"))
                    .containsExactly(
                            "2026-03-01|1|2026-03-01 10:00:00",
                            "2026-03-02|1|null",
                            "2026-03-03|1|null",
                            "2026-03-31|1|2026-03-31 09:00:00");
            assertThat(two.one("select status || ': ' || error from meta.model_state where model = 'fact'"))
                    .isEqualTo(
                            "changed: The columns or the units changed, and all units are calculated again: those that"
                                    + " were not yet have rows of the old definition, with NULL in new columns.");
            two.refresh.run();
            assertThat(two.rows("select date_key from star.fact where first_at is null"))
                    .isEmpty();
            assertThat(two.one("select status from meta.model_state where model = 'fact'"))
                    .isEqualTo("ok");
            assertThat(two.one("select 'star.fact'::regclass::oid")).isEqualTo(table);
            assertThat(two.rows("select logins from public.own")).hasSize(4);
        }
    }

    @Test
    void aNewColumnOfTheGrainIsRefusedUntilARebuild() {
        String finer = FACT_TEXT
                .replace("@grain   user_id", "@grain   user_id, hour")
                .replace("count(*) as logins", "count(*) as logins, 0 as hour");
        assertThat(only(fixture.edit(FACT, finer)).reason()).contains("with hour integer", "rebuild fact");
    }

    @Test
    void otherTypesInAFactWithHistoryAreRefusedUntilARebuild() throws Exception {
        String other =
                FACT_TEXT.replace("count(*) as logins", "count(*)::numeric as logins, min(login_at) as first_at");
        Refusal refusal = only(fixture.edit(FACT, other));
        assertThat(refusal.reason())
                .contains("with first_at timestamp with time zone", "with logins numeric", "rebuild fact");
        fixture.refresh.run();
        assertThat(fixture.rows("select * from star.fact")).containsExactly("a|2026-03-30|2");
        fixture.execute("grant select on star.fact to public");
        fixture.refresh.rebuild("fact");
        assertThat(fixture.rows("select user_id, logins, first_at at time zone 'UTC' from star.fact"))
                .containsExactly("a|2|2026-03-30 10:00:00");
        assertThat(fixture.rows("select * from report.rpt")).containsExactly("2026-03-30|2");
        assertThat(fixture.edit(
                        REPORT,
                        REPORT_TEXT
                                .replace("select date_key", "select min(first_at)::date as first, date_key")
                                .replace("group by 1", "group by 2")))
                .isEmpty();
        fixture.refresh.run();
        assertThat(fixture.rows("select * from report.rpt")).containsExactly("2026-03-30|2026-03-30|2");
        assertThat(fixture.one("select string_agg(status, ',') from meta.model_state"))
                .isEqualTo("ok,ok,ok");
    }

    @Test
    void aRebuildThatWouldLoseDaysIsRefused() throws Exception {
        fixture.execute("delete from landing.logins");
        fixture.execute("insert into landing.logins values ('2026-03-31 08:00Z', 'a')");
        assertThatThrownBy(() -> fixture.refresh.rebuild("fact"))
                .hasMessageContaining("goes back to 2026-03-30")
                .hasMessageContaining("lose");
        assertThat(fixture.rows("select * from star.fact")).containsExactly("a|2026-03-30|2");
    }

    @Test
    void aNewKindForAFactWithHistoryIsRefused() {
        String table = "-- @kind table\n-- @grain user_id\n-- @reads stg\n-- @about x\n"
                + "select user_id, current_date as date_key, count(*) as logins from stg group by 1";
        assertThat(only(fixture.edit(FACT, table)).reason()).contains("was built as a recalc");
    }

    @Test
    void aViewBecomesATableAndAViewAgainUnderViewsOfOtherUsers() throws Exception {
        fixture.execute("create view public.theirs as select user_id from staging.stg");
        String table = STAGING_TEXT.replace("view", "table").replace("-- @reads", "-- @grain login_at\n-- @reads");
        assertThat(fixture.edit(STAGING, table)).isEmpty();
        fixture.refresh.run();
        assertThat(fixture.one("select relkind from pg_class where oid = 'staging.stg'::regclass"))
                .isEqualTo("r");
        assertThat(fixture.rows("select * from public.theirs")).containsExactly("a", "a");
        assertThat(fixture.edit(STAGING, STAGING_TEXT)).isEmpty();
        fixture.refresh.run();
        assertThat(fixture.one("select relkind from pg_class where oid = 'staging.stg'::regclass"))
                .isEqualTo("v");
        assertThat(fixture.rows("select * from public.theirs")).containsExactly("a", "a");
        assertThat(fixture.one("select string_agg(status, ',') from meta.model_state"))
                .isEqualTo("ok,ok,ok");
    }

    @Test
    void aTableThatSeraiDidNotBuildIsNotTouched() throws Exception {
        fixture.execute("create table star.theirs as select 1 as a");
        assertThat(only(fixture.edit("sql/dims/theirs.sql", "-- @kind table\n-- @grain a\n-- @about x\nselect 2 as a"))
                        .reason())
                .contains("exists and was not built from this file");
        fixture.refresh.run();
        assertThat(fixture.rows("select * from star.theirs")).containsExactly("1");
    }

    @Test
    void aModelWhoseInputAppearsLaterIsAcceptedThen() throws Exception {
        Refusal refusal = only(fixture.edit(
                "sql/reports/late.sql", "-- @kind view\n-- @reads later\n-- @about x\nselect * from later"));
        assertThat(refusal.reason()).contains("later");
        fixture.execute("create table landing.later (a int)");
        assertThat(fixture.edit()).isEmpty();
        fixture.refresh.run();
        assertThat(fixture.rows("select * from report.late")).isEmpty();
    }

    private static Refusal only(List<Refusal> refusals) {
        assertThat(refusals).hasSize(1);
        return refusals.get(0);
    }
}
