package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.testing.Waiting;

/** What other people have put on the table of a model survives its refreshes, or is named. */
class TableStandingIT {

    private static final String DIM = "sql/dims/dim.sql";
    private static final String STANDING = """
            select relrowsecurity, relreplident, reloptions, (select count(*) from pg_policy where polrelid = c.oid),
              (select count(*) from pg_trigger where tgrelid = c.oid and not tgisinternal),
              (select count(*) from pg_publication_rel where prrelid = c.oid),
              (select count(*) from pg_constraint where conrelid = c.oid and contype = 'c'),
              (select count(*) from pg_statistic_ext where stxrelid = c.oid), relacl,
              (select attstattarget from pg_attribute where attrelid = c.oid and attname = 'user_id'),
              (select attacl from pg_attribute where attrelid = c.oid and attname = 'user_id')
            from pg_class c where oid = 'star.dim'::regclass""";
    private static final String DIM_TEXT = """
            -- @kind  table
            -- @grain user_id
            -- @reads logins
            -- @about One row per user.
            select user_id, count(*) as logins from logins group by 1""";
    private final RefreshFixture fixture = new RefreshFixture();

    @BeforeEach
    void start() throws Exception {
        fixture.execute("insert into landing.logins values ('2026-03-30 10:00Z', 'a'), ('2026-03-30 11:00Z', 'b')");
        assertThat(fixture.edit(DIM, DIM_TEXT)).isEmpty();
        fixture.refresh.run();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void loginsOf(String... users) {
        fixture.execute("truncate landing.logins");
        for (String user : users) {
            fixture.execute("insert into landing.logins values ('2026-03-30 10:00Z', '" + user + "')");
        }
    }

    private String state() {
        return fixture.one("select status, error from meta.model_state where model = 'dim'");
    }

    /** What a person may put on a table. */
    private void stand() {
        fixture.execute("do $$ begin create role standing_reader; exception when duplicate_object then end $$");
        fixture.execute("grant select on star.dim to standing_reader; grant usage on schema star to standing_reader");
        fixture.execute("alter table star.dim enable row level security");
        fixture.execute("create policy own on star.dim to standing_reader using (user_id <> 'secret')");
        fixture.execute("create function public.seen() returns trigger language plpgsql as 'begin return null; end'");
        fixture.execute("create trigger seen after insert on star.dim execute function public.seen()");
        fixture.execute("create publication standing for table star.dim");
        fixture.execute("alter table star.dim add constraint positive check (logins > 0), replica identity full,"
                + " set (fillfactor = 70), alter column user_id set statistics 500");
        fixture.execute("create statistics star.both on user_id, logins from star.dim");
        fixture.execute("grant update (user_id) on star.dim to standing_reader");
    }

    @Test
    void rightsPoliciesTriggersAndAllElseOnTheTableStay() throws Exception {
        stand();
        String before = fixture.one(STANDING);
        loginsOf("a", "a", "secret");
        fixture.refresh.run();
        assertThat(state()).isEqualTo("ok|null");
        assertThat(fixture.rows("select * from star.dim order by 1")).containsExactly("a|2", "secret|1");
        assertThat(fixture.one(STANDING)).isEqualTo(before);
        assertThat(asReader("select count(*) from star.dim")).isEqualTo("1");
    }

    @Test
    void otherColumnsAreChangedInPlaceUnderViewsAndAllElseOnTheTableStays() throws Exception {
        fixture.execute("create view public.theirs as select user_id, logins from star.dim");
        stand();
        String before = fixture.one(STANDING);
        String oid = fixture.one("select 'star.dim'::regclass::oid");
        Map<String, String> shapes = new LinkedHashMap<>();
        shapes.put("'b'::varchar(2) as code, count(*) as logins", "code, logins");
        shapes.put("'b'::varchar(9) as code, count(*)::numeric(12, 2) as logins, 1 as more", "code, logins, more");
        shapes.put("'b' as code, count(*)::numeric(14, 2) as logins, min(login_at) as more", "code, logins, more");
        shapes.put("count(*)::int as logins", "logins");
        for (String columns : shapes.keySet()) {
            assertThat(fixture.edit(DIM, DIM_TEXT.replace("count(*) as logins", columns)))
                    .isEmpty();
            fixture.refresh.run();
            assertThat(state()).as(columns).isEqualTo("ok|null");
            assertThat(fixture.rows("select user_id, " + shapes.get(columns) + " from star.dim order by 1"))
                    .isEqualTo(
                            fixture.rows("select user_id, " + columns + " from landing.logins group by 1 order by 1"));
            assertThat(fixture.rows("select * from public.theirs")).hasSize(2);
        }
        assertThat(fixture.one(STANDING)).isEqualTo(before);
        assertThat(fixture.one("select 'star.dim'::regclass::oid")).isEqualTo(oid);
    }

    @Test
    void aColumnThatAnObjectNeedsIsNotDroppedAndTheObjectIsNamed() throws Exception {
        stand();
        String without = DIM_TEXT.replace("count(*) as logins", "1 as one");
        assertThat(fixture.edit(DIM, without)).isEmpty();
        fixture.refresh.run();
        assertThat(state())
                .startsWith("failed|The SELECT no longer has logins, which star.dim needs for: constraint positive on"
                        + " table dim; statistics object \"both\". Drop or change that first.");
        fixture.execute("alter table star.dim drop constraint positive; drop statistics star.both");
        fixture.execute("create policy other on star.dim to standing_reader using (logins > 0)");
        fixture.refresh.run();
        assertThat(state())
                .startsWith("failed|")
                .contains("policy other on table dim")
                .doesNotContain("CASCADE");
        assertThat(fixture.edit(DIM, DIM_TEXT.replace("count(*) as logins", "count(*)::text as logins")))
                .isEmpty();
        fixture.refresh.run();
        assertThat(state())
                .startsWith("failed|")
                .contains("policy other on table")
                .doesNotContain("CASCADE");
        fixture.execute("drop policy other on star.dim");
        fixture.execute("create function public.reads() returns bigint language sql begin atomic"
                + " select sum(logins) from star.dim; end");
        assertThat(fixture.edit(DIM, without)).isEmpty();
        fixture.refresh.run();
        assertThat(state()).startsWith("failed|").contains("function reads()").doesNotContain("CASCADE");
        fixture.execute("drop function public.reads()");
        fixture.refresh.run();
        assertThat(state()).isEqualTo("ok|null");
    }

    @Test
    void aTableWithAPolicyDoesNotBecomeAView() throws Exception {
        stand();
        String view = DIM_TEXT.replace("@kind  table", "@kind  view");
        assertThat(fixture.edit(DIM, view)).isEmpty();
        fixture.refresh.run();
        assertThat(state())
                .startsWith(
                        "failed|star.dim is a table, and a view cannot have what was put on it: constraint positive")
                .contains("policy own", "trigger seen", "statistics object", "publication of table")
                .doesNotContain("CASCADE");
        assertThat(fixture.rows("select * from star.dim order by 1")).containsExactly("a|1", "b|1");
    }

    @Test
    void aNewGrainIsRefusedWhileAForeignKeyRefersToTheTable() throws Exception {
        fixture.execute("create table public.notes (user_id text, constraint notes_of_dim foreign key (user_id)"
                + " references star.dim (user_id) on delete cascade)");
        fixture.execute("insert into public.notes values ('a')");
        assertThat(fixture.edit(DIM, DIM_TEXT.replace("@grain user_id", "@grain user_id, logins")))
                .isEmpty();
        fixture.refresh.run();
        assertThat(state()).startsWith("failed|").contains("constraint notes_of_dim on table notes");
        assertThat(fixture.rows("select * from public.notes")).containsExactly("a");
    }

    private String asReader(String query) throws Exception {
        try (Connection c = fixture.warehouse.dataSource().getConnection();
                Statement s = c.createStatement()) {
            c.setAutoCommit(false);
            s.execute("set local role standing_reader");
            try (var result = s.executeQuery(query)) {
                result.next();
                return result.getString(1);
            } finally {
                c.rollback();
                c.setAutoCommit(true);
            }
        }
    }

    @Test
    void aReaderDoesNotHoldUpARefreshThatChangesRows() throws Exception {
        try (Connection reader = fixture.warehouse.dataSource().getConnection();
                Statement s = reader.createStatement()) {
            reader.setAutoCommit(false);
            s.execute("declare rows cursor for select * from star.dim");
            s.execute("fetch 1 from rows");
            loginsOf("c");
            fixture.refresh.run();
            assertThat(state()).isEqualTo("ok|null");
            reader.rollback();
            reader.setAutoCommit(true);
        }
        assertThat(fixture.rows("select * from star.dim")).containsExactly("c|1");
    }

    @Test
    void aDeadlockWithAnotherSessionIsRepeatedAndNoFailure() throws Exception {
        fixture.execute("create table public.other (a int)");
        // the refresh locks the row, then waits for the table that the other session holds
        fixture.execute(
                "create function public.lock_other() returns trigger language plpgsql"
                        + " set deadlock_timeout = '2s' set lock_timeout = '30s' as 'begin lock table public.other in share mode; return new; end'");
        fixture.execute("create trigger lock_other after update on star.dim for each row"
                + " execute function public.lock_other()");
        try (Connection other = fixture.warehouse.dataSource().getConnection();
                Statement s = other.createStatement()) {
            other.setAutoCommit(false);
            s.execute("set local deadlock_timeout = '1min'; lock table public.other in exclusive mode");
            loginsOf("a", "a", "b");
            CompletableFuture<Void> refresh = CompletableFuture.runAsync(this::refresh);
            Waiting.soon()
                    .until(() -> fixture.one("select count(*) from pg_locks where not granted")
                            .equals("1"));
            s.execute("update star.dim set logins = 9 where user_id = 'a'");
            other.rollback();
            other.setAutoCommit(true);
            refresh.get(60, TimeUnit.SECONDS);
        }
        assertThat(state()).isEqualTo("ok|null");
        assertThat(fixture.rows("select * from star.dim order by 1")).containsExactly("a|2", "b|1");
        assertThat(fixture.rows("select status, error from meta.runs where source = 'refresh:dim' order by run_id"))
                .containsExactly("ok|null", "held|deadlock detected. See server log for query details.", "ok|null");
    }

    private void refresh() {
        try {
            fixture.refresh.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void rowsToWhichAForeignKeyRefersAreUpdatedInPlaceAndTheirRemovalNamesTheKey() throws Exception {
        fixture.execute("create table public.notes (user_id text, constraint notes_of_dim foreign key (user_id)"
                + " references star.dim (user_id) on delete cascade)");
        fixture.execute("insert into public.notes values ('a')");
        loginsOf("a", "a");
        fixture.refresh.run();
        assertThat(state()).isEqualTo("ok|null");
        assertThat(fixture.rows("select * from star.dim")).containsExactly("a|2");
        assertThat(fixture.rows("select * from public.notes")).containsExactly("a");
        fixture.execute("alter table public.notes drop constraint notes_of_dim, add constraint notes_of_dim"
                + " foreign key (user_id) references star.dim (user_id)");
        loginsOf("b");
        fixture.refresh.run();
        assertThat(state()).startsWith("failed|").contains("notes_of_dim");
        assertThat(fixture.rows("select * from star.dim")).containsExactly("a|2");
    }

    @Test
    void rowsThatExchangeTheValuesOfAUniqueIndexAreWritten() throws Exception {
        loginsOf("a", "a", "b");
        fixture.refresh.run();
        fixture.execute("create unique index on star.dim (logins)");
        loginsOf("a", "b", "b");
        fixture.refresh.run();
        assertThat(fixture.rows("select * from star.dim order by 1")).containsExactly("a|1", "b|2");
    }

    @Test
    void rowsWithoutTheGrainAreAnErrorBeforeAnythingIsWritten() throws Exception {
        String version = fixture.one("select string_agg(xmin::text, ',') from star.dim");
        assertThat(fixture.edit(
                        DIM,
                        DIM_TEXT.replace("select user_id,", "select 'same' as user_id,")
                                .replace("group by 1", "group by user_id")))
                .isEmpty();
        fixture.refresh.run();
        assertThat(state())
                .isEqualTo("failed|The SELECT gives several rows for the same (user_id): group by it, or fix @grain.");
        assertThat(fixture.edit(DIM, DIM_TEXT.replace("select user_id,", "select nullif(user_id, 'a') as user_id,")))
                .isEmpty();
        fixture.refresh.run();
        assertThat(state()).startsWith("failed|The SELECT gives NULL in user_id");
        assertThat(fixture.one("select string_agg(xmin::text, ',') from star.dim"))
                .isEqualTo(version);
    }

    @Test
    void anotherGrainReplacesTheIndexInPlace() throws Exception {
        String oid = fixture.one("select 'star.dim'::regclass::oid");
        assertThat(fixture.edit(DIM, DIM_TEXT.replace("@grain user_id", "@grain logins, user_id")))
                .isEmpty();
        loginsOf("x");
        fixture.refresh.run();
        assertThat(state()).isEqualTo("ok|null");
        assertThat(fixture.one("select 'star.dim'::regclass::oid")).isEqualTo(oid);
        assertThat(fixture.rows("select indexdef from pg_indexes where tablename = 'dim'"))
                .containsExactly("CREATE UNIQUE INDEX dim_grain ON star.dim USING btree (logins, user_id)");
    }

    @Test
    void aSeedIsChangedInPlaceAlsoWithRowsThatAreRepeated() throws Exception {
        String seed = "sql/seeds/seed_a.csv";
        assertThat(fixture.edit(seed, "k,v\n1,one\n1,one\n2,\n3,x\n")).isEmpty();
        fixture.refresh.run();
        String oid = fixture.one("select 'staging.seed_a'::regclass::oid");
        List<String> kept = fixture.rows("select xmin, ctid from staging.seed_a where k = '2'");
        assertThat(fixture.edit(seed, "k,v\n1,one\n1,one\n1,one\n2,\n4,\n")).isEmpty();
        fixture.refresh.run();
        assertThat(fixture.rows("select * from staging.seed_a order by 1"))
                .containsExactly("1|one", "1|one", "1|one", "2|null", "4|null");
        assertThat(fixture.edit(seed, "k,v\n1,one\n2,\n")).isEmpty();
        fixture.refresh.run();
        assertThat(fixture.rows("select * from staging.seed_a order by 1")).containsExactly("1|one", "2|null");
        assertThat(fixture.rows("select xmin, ctid from staging.seed_a where k = '2'"))
                .isEqualTo(kept);
        assertThat(fixture.one("select 'staging.seed_a'::regclass::oid")).isEqualTo(oid);
    }
}
