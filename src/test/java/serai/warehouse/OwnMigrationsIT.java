package serai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static serai.testing.Waiting.soon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.SeraiProcess;
import serai.testing.ProjectFolder;
import serai.testing.TestDatabase;

/** The migrations of operators and analysts in {@code sql/migrations}, beside those of Serai. */
class OwnMigrationsIT {

    private static final String HISTORY = "select version, script from meta.own_schema_history"
            + " where type = 'SQL' and success order by installed_rank";

    @TempDir
    Path root;

    private final TestDatabase database = new TestDatabase();
    private ProjectFolder project;

    @BeforeEach
    void copyMigrations() throws Exception {
        project = ProjectFolder.copyTo(root, "none");
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** @throws MigrationException when a migration was not applied; the warehouse was open all the same */
    private void start() {
        try (Warehouse warehouse = Warehouse.open(settings())) {
            warehouse.failedMigration().ifPresent(e -> {
                throw e;
            });
        }
    }

    private WarehouseSettings settings() {
        WarehouseSettings settings = database.settings();
        return new WarehouseSettings(
                settings.url(),
                settings.user(),
                settings.password(),
                null,
                0,
                3,
                settings.leaseTerm(),
                root.resolve("sql/schema"));
    }

    @Test
    void anOwnMigrationRunsOnceAndLaterOnesAfterIt() throws Exception {
        start();
        assertThat(database.value("select to_regclass('meta.own_schema_history')"))
                .isNull();
        project.write(
                "sql/migrations/V1__teams.sql",
                "create table landing.teams (id int);\ninsert into landing.teams values (1);\n");
        start();
        start();
        project.write("sql/migrations/more/V2__index.sql", "create index on landing.teams (id);\n");
        project.write("sql/migrations/README.md", "no migration");
        start();
        assertThat(database.rows("select id from landing.teams")).containsExactly("1");
        assertThat(database.rows(HISTORY)).containsExactly("1|V1__teams.sql", "2|more/V2__index.sql");
    }

    @Test
    void anUpgradeOfSeraiAddsItsMigrationsBesideOwnOnesWithAnyNumbers() throws Exception {
        project.write("sql/migrations/V900__mine.sql", "create table landing.mine (id int);\n");
        start();
        project.write("sql/schema/V500__shipped.sql", "create table landing.shipped (id int);\n");
        project.write("sql/schema/V900__same_number.sql", "create table landing.same_number (id int);\n");
        start();
        project.write("sql/migrations/V901__next.sql", "alter table landing.shipped add column own text;\n");
        start();
        assertThat(database.rows(HISTORY)).containsExactly("900|V900__mine.sql", "901|V901__next.sql");
        assertThat(database.rows(
                        "select script from meta.flyway_schema_history where version in ('500', '900') order by 1"))
                .containsExactly("V500__shipped.sql", "V900__same_number.sql");
    }

    @Test
    void aCommandAfterAnUpgradeBringsTheNewTablesUnlessAnInstanceOfTheOldVersionRuns() throws Exception {
        start();
        project.write("sql/schema/V900__shipped.sql", "create table landing.shipped (id int);\n");
        database.execute("insert into meta.instances (id, host, pid, version) values ('old', 'host', 1, '0.0.9')");
        assertThatThrownBy(() -> Warehouse.connect(settings()))
                .hasMessageContaining("the instance host (process 1) runs an older one");
        database.execute("update meta.instances set ended_at = now()");
        Warehouse.connect(settings()).close();
        assertThat(database.value("select to_regclass('landing.shipped')")).isEqualTo("landing.shipped");
    }

    @Test
    void aMigrationThatWasChangedOrRemovedIsRefusedByNameUntilItIsRestored() throws Exception {
        project.write("sql/migrations/V1__a.sql", "create table landing.a (id int);\n");
        project.write("sql/migrations/V2__b.sql", "create table landing.b (id int);\n");
        start();
        project.write("sql/migrations/V1__a.sql", "create table landing.a (id bigint);\n");
        assertThatThrownBy(this::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("sql/migrations/V1__a.sql was changed after it was applied."
                        + " Restore its text, and write the change as a new migration.");
        project.delete("sql/migrations/V1__a.sql");
        assertThatThrownBy(this::start)
                .hasMessage("sql/migrations/V1__a.sql was applied, and the file is missing. Restore it.");
        project.write("sql/migrations/V1__a.sql", "create table landing.a (id int);\n");
        start();
    }

    @Test
    void aNumberBelowOneThatWasAppliedIsRefused() throws Exception {
        project.write("sql/migrations/V2__b.sql", "create table landing.b (id int);\n");
        start();
        project.write("sql/migrations/V1__a.sql", "create table landing.a (id int);\n");
        assertThatThrownBy(this::start)
                .hasMessage("sql/migrations/V1__a.sql is new, and its number is lower than one that was applied."
                        + " Give it the next number.");
        assertThat(database.value("select to_regclass('landing.a')")).isNull();
    }

    @Test
    void aFailingMigrationNamesFileLineAndReasonAndLeavesNothing() throws Exception {
        project.write("sql/migrations/V1__users.sql", """
                -- what we need

                create table landing.mine (
                  id int
                );

                insert into landing.mine
                select 1
                from landing.nowhere;
                """);
        assertThatThrownBy(this::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("sql/migrations/V1__users.sql, line 9: relation \"landing.nowhere\" does not exist."
                        + " Correct the file and start again; nothing of it was applied.");
        assertThat(database.value("select to_regclass('landing.mine')")).isNull();
        project.write("sql/migrations/V1__users.sql", "create table landing.mine (id int);\n");
        start();
        assertThat(database.rows(HISTORY)).containsExactly("1|V1__users.sql");
    }

    @Test
    void anErrorOfAMigrationQuotesNoValue() throws Exception {
        database.execute("create table landing.people (mail text); insert into landing.people values ('alice')");
        project.write(
                "sql/migrations/V1__cast.sql", "alter table landing.people alter mail type int using mail::int;\n");
        assertThatThrownBy(this::start)
                .hasMessageStartingWith("sql/migrations/V1__cast.sql, line 1: invalid input syntax for type integer.")
                .hasMessageNotContaining("alice");
    }

    @Test
    void aMigrationChangesWhatViewsOfModelsReadAndTheViewsComeBackWithAllThatStandsOnThem() throws Exception {
        start();
        for (String statement : List.of(
                "create table landing.t (a int, b text)",
                "insert into landing.t values (1, 'x')",
                "create view staging.stg_t as select a, b from landing.t",
                "create view report.rpt_t as select a from staging.stg_t",
                "create view public.theirs as select a from report.rpt_t",
                "comment on view report.rpt_t is 'kept'",
                "grant select on report.rpt_t to public",
                "insert into meta.model_state (model, kind) values ('stg_t', 'view'), ('rpt_t', 'view')")) {
            database.execute(statement);
        }
        project.write("sql/migrations/V1__type.sql", "alter table landing.t alter a type bigint;\n");
        start();
        assertThat(database.rows("select pg_typeof(a), a from public.theirs")).containsExactly("bigint|1");
        assertThat(database.value("select obj_description(oid), has_table_privilege('public', oid, 'select')"
                        + " from pg_class where oid = 'report.rpt_t'::regclass"))
                .isEqualTo("kept|t");

        project.write("sql/migrations/V2__drop.sql", "alter table landing.t drop column a;\n");
        assertThatThrownBy(this::start).hasMessageContaining("The view public.theirs reads it and would break");
        assertThat(database.rows("select * from public.theirs")).containsExactly("1");
        database.execute("drop view public.theirs");
        start();
        assertThat(database.value("select to_regclass('staging.stg_t'), to_regclass('report.rpt_t')"))
                .as("the next refresh creates them from their files")
                .isEqualTo("null|null");
        assertThat(database.rows("select * from landing.t")).containsExactly("x");
    }

    @Test
    void aViewOfADevelopmentSchemaIsInTheWayOfNoMigration() throws Exception {
        start();
        try (Connection connection = database.connect()) {
            new DevelopmentSchema("dev_ada").create(Sql.on(connection));
        }
        database.execute("create table landing.t (a int, b text)");
        database.execute("create view dev_ada.all_t as select a, b from landing.t");
        database.execute("create view dev_ada.some_t as select b from landing.t");
        project.write("sql/migrations/V1__drop.sql", "alter table landing.t drop column a;\n");
        start();
        assertThat(database.rows("select table_name from information_schema.views where table_schema = 'dev_ada'"))
                .containsExactly("some_t");
    }

    @Test
    void anIndexCanBeBuiltConcurrently() throws Exception {
        project.write("sql/migrations/V1__t.sql", "create table landing.big (id int);\n");
        project.write("sql/migrations/V2__index.sql", "create index concurrently big_id on landing.big (id);\n");
        start();
        assertThat(database.rows("select indisvalid from pg_index where indexrelid = 'landing.big_id'::regclass"))
                .containsExactly("t");
    }

    @Test
    void aProcessThatIsKilledDuringAMigrationLeavesNothingAndTheNextStartRepeatsIt() throws Exception {
        project.write("sql/migrations/V1__slow.sql", "create table landing.slow (id int);\nselect pg_sleep(5);\n");
        try (SeraiProcess killed = run()) {
            soon().until(() -> database.number(
                            "select count(*) from pg_stat_activity"
                                    + " where datname = current_database() and query like '%pg_sleep(5)%' and pid <> pg_backend_pid()")
                    > 0);
            killed.kill();
        }
        assertThat(database.value("select to_regclass('landing.slow')")).isNull();
        try (SeraiProcess next = run()) {
            soon().until(() -> next.log().contains("Serai runs with"));
            assertThat(database.value("select to_regclass('landing.slow')")).isEqualTo("landing.slow");
            assertThat(database.rows(HISTORY)).containsExactly("1|V1__slow.sql");

            project.write("sql/migrations/V2__later.sql", "create table landing.later (id int);\n");
            soon().until(() -> next.log()
                    .contains("file=sql/migrations/V2__later.sql This migration is applied at the next start."));
            project.write("sql/migrations/V1__slow.sql", "select 1;\n");
            soon().until(() -> next.log().contains("file=sql/migrations/V1__slow.sql This migration was applied"));
            assertThat(database.value("select to_regclass('landing.later')")).isNull();
        }
        try (SeraiProcess next = run()) {
            soon().until(() -> next.log().contains("sql/migrations/V1__slow.sql was changed after it was applied"));
            soon().until(() -> database.value("select reason from meta.edits where status = 'refused'") != null);
            assertThat(database.value("select file, reason from meta.edits where status = 'refused'"))
                    .startsWith("sql/migrations/V1__slow.sql|sql/migrations/V1__slow.sql was changed");
        }
    }

    private SeraiProcess run() throws IOException {
        Files.createDirectories(root.resolve("routes"));
        Map<String, String> settings = new HashMap<>(database.properties());
        settings.put("edits.every", "100ms");
        return SeraiProcess.start(root, settings);
    }
}
