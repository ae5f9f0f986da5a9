package serai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.testing.TestDatabase;

class TableSwapIT {

    private static final Relation T = Relation.of("star.t");
    private static final Relation SHADOW = Relation.of("star.t__shadow");
    private final TestDatabase database = new TestDatabase();
    private final Warehouse warehouse = database.warehouse();

    @BeforeEach
    void tables() throws SQLException {
        run(
                "drop role if exists swap_ana",
                "drop role if exists swap_bob",
                "create role swap_ana",
                "create role swap_bob",
                "grant usage, create on schema star, public to swap_ana, swap_bob",
                "create table star.t (k int primary key, v text, extra text)",
                "insert into star.t values (1, 'old')");
    }

    @AfterEach
    void close() throws SQLException {
        run("drop owned by swap_ana, swap_bob cascade", "drop role swap_ana", "drop role swap_bob");
        database.close();
    }

    @Test
    void viewsOfOtherUsersReadTheNewRowsAfterASwap() throws Exception {
        run(
                "create view public.\"User view\" with (security_barrier) as select v from star.t",
                "create view public.second as select upper(v) as u from public.\"User view\"",
                "create materialized view public.stored as select k from star.t",
                "create unique index stored_k on public.stored (k)",
                "grant select on public.\"User view\" to swap_ana",
                "alter view public.second owner to swap_ana",
                "grant select on public.second to swap_bob with grant option",
                "comment on view public.second is 'it''s \\ theirs'",
                "comment on column public.second.u is 'loud'");
        swap(Map.of(), "insert into star.t__shadow values (2, 'new', null)");
        assertThat(database.rows("select u from public.second")).containsExactly("NEW");
        assertThat(database.rows("select k from public.stored")).containsExactly("2");
        assertThat(database.rows("""
                select pg_get_userbyid(relowner), has_table_privilege('swap_bob', oid, 'select with grant option'), obj_description(oid),
                  col_description(oid, 1) from pg_class where relname = 'second'""")).containsExactly("swap_ana|t|it's \\ theirs|loud");
        assertThat(database.rows("select reloptions from pg_class where relname = 'User view'"))
                .containsExactly("{security_barrier=true}");
        assertThat(database.rows("select indexname from pg_indexes where tablename = 'stored'"))
                .containsExactly("stored_k");
        assertThat(database.rows("select relname from pg_class where relname like '%\\_\\_shadow%'"))
                .isEmpty();
    }

    @Test
    void ownerGrantsCommentsAndIndexesOfTheTableCarryOver() throws Exception {
        run(
                "create index t_v on star.t (lower(v)) where v <> ' ON x USING'",
                "create unique index \"Theirs\" on star.t (v, k)",
                "create index t_extra on star.t (extra)",
                "alter table star.t add constraint t_v_k unique (v)",
                "grant select on star.t to public",
                "grant update (v) on star.t to swap_bob",
                "comment on table star.t is 'about'",
                "comment on column star.t.v is 'what'",
                "alter table star.t owner to swap_ana");
        try (Writer writer = warehouse.writer("swap")) {
            writer.commitWithState(tx -> {
                execute(
                        tx.connection(),
                        "create table star.t__shadow (k int not null, v text)",
                        "create unique index t__shadow_pkey on star.t__shadow (k, v)");
                tx.verbs().swap(T, SHADOW, Map.of());
                return RunOutcome.ok();
            });
        }
        assertThat(
                        database.rows(
                                "select indexdef from pg_indexes where schemaname = 'star' and tablename = 't' order by indexname"))
                .containsExactly(
                        "CREATE UNIQUE INDEX \"Theirs\" ON star.t USING btree (v, k)",
                        "CREATE UNIQUE INDEX t_pkey ON star.t USING btree (k, v)",
                        "CREATE INDEX t_v ON star.t USING btree (lower(v)) WHERE (v <> ' ON x USING'::text)",
                        "CREATE UNIQUE INDEX t_v_k ON star.t USING btree (v)");
        assertThat(database.rows(
                        "select conname from pg_constraint where conrelid = 'star.t'::regclass and contype = 'u'"))
                .containsExactly("t_v_k");
        assertThat(database.rows("""
                select pg_get_userbyid(relowner), has_table_privilege('swap_bob', oid, 'select'),
                  has_table_privilege('swap_bob', oid, 'update'),
                  has_column_privilege('swap_bob', oid, 'v', 'update'), obj_description(oid), col_description(oid, 2)
                from pg_class where oid = 'star.t'::regclass""")).containsExactly("swap_ana|t|f|t|about|what");
    }

    @Test
    void aSwapThatWouldBreakAViewNamesItAndChangesNothing() throws Exception {
        run("create view public.needs as select extra from star.t");
        assertThatThrownBy(() -> {
                    try (Writer writer = warehouse.writer("swap")) {
                        writer.commitWithState(tx -> {
                            execute(tx.connection(), "create table star.t__shadow (k int, v text)");
                            tx.verbs().swap(T, SHADOW, Map.of());
                            return RunOutcome.ok();
                        });
                    }
                })
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("public.needs")
                .hasMessageContaining("extra");
        assertThat(database.rows("select v from star.t")).containsExactly("old");
        assertThat(database.rows("select * from public.needs")).containsExactly("null");
    }

    @Test
    void aNewerDefinitionOfAViewIsUsedWhereItFits() throws Exception {
        run("create view report.r as select extra from star.t", "create view report.s as select v from star.t");
        try (Writer writer = warehouse.writer("swap")) {
            writer.commitWithState(tx -> {
                execute(
                        tx.connection(),
                        "create table star.t__shadow (k int, v text)",
                        "insert into star.t__shadow values (7, 'seven')");
                tx.verbs()
                        .swap(
                                T,
                                SHADOW,
                                Map.of(
                                        Relation.of("report.r"),
                                        "select k from star.t",
                                        Relation.of("report.s"),
                                        "select later from star.t"));
                return RunOutcome.ok();
            });
        }
        assertThat(database.rows("select * from report.r")).containsExactly("7");
        assertThat(database.rows("select * from report.s")).containsExactly("seven");
    }

    @Test
    void aReaderWaitsForTheCommitAndSeesTheOldRowsAfterARollback() throws Exception {
        run("create view public.w as select v from star.t");
        try (Writer writer = warehouse.writer("swap");
                Connection reader = warehouse.dataSource().getConnection()) {
            assertThatThrownBy(() -> writer.commitWithState(tx -> {
                        execute(tx.connection(), "create table star.t__shadow (like star.t)");
                        tx.verbs().swap(T, SHADOW, Map.of());
                        execute(reader, "set lock_timeout = '100ms'");
                        assertThatThrownBy(() -> execute(reader, "select * from public.w"))
                                .hasMessageContaining("lock timeout");
                        throw new IllegalStateException("stop");
                    }))
                    .hasMessage("stop");
            execute(reader, "reset lock_timeout");
        }
        assertThat(database.rows("select v from public.w")).containsExactly("old");
    }

    @Test
    void aViewWhoseColumnsChangeKeepsItsMetadataAndTheViewsThatReadIt() throws Exception {
        run(
                "create view star.v as select k, v from star.t",
                "create view public.reader as select v from star.v",
                "grant select on star.v to swap_bob",
                "comment on view star.v is 'kept'");
        try (Writer writer = warehouse.writer("swap")) {
            writer.commitWithState(tx -> {
                tx.verbs().replaceView(Relation.of("star.v"), "select v from star.t", Map.of());
                return RunOutcome.ok();
            });
        }
        assertThat(database.rows("select * from star.v")).containsExactly("old");
        assertThat(database.rows("select * from public.reader")).containsExactly("old");
        assertThat(database.rows(
                        "select has_table_privilege('swap_bob', oid, 'select'), obj_description(oid) from pg_class"
                                + " where oid = 'star.v'::regclass"))
                .containsExactly("t|kept");
    }

    private void swap(Map<Relation, String> definitions, String... statements) throws Exception {
        try (Writer writer = warehouse.writer("swap")) {
            writer.commitWithState(tx -> {
                execute(tx.connection(), "create table star.t__shadow (like star.t)");
                execute(tx.connection(), statements);
                tx.verbs().swap(T, SHADOW, definitions);
                return RunOutcome.ok();
            });
        }
    }

    private void run(String... statements) throws SQLException {
        for (String statement : statements) {
            database.execute(statement);
        }
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        for (String statement : statements) {
            Sql.on(connection).execute(statement);
        }
    }
}
