package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.edits.Refusal;
import serai.testing.Waiting;
import serai.warehouse.Sql;

/** Tables that are divided by {@code @partition}. */
class PartitionIT {

    private static final String PARTITIONS = """
            select c.relname, pg_get_expr(c.relpartbound, c.oid) from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where i.inhparent = 'star.fact_days'::regclass order by 1""";

    private final RefreshFixture fixture = new RefreshFixture();

    @BeforeEach
    void land() throws Exception {
        load("2026-02-27", "2026-03-10", "2026-03-31");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aTableHasAPartitionForEachMonthWithRowsAndForTheNextOne() throws Exception {
        fixture.execute("create role analyst");
        assertThat(edit(model("recalc", "@partition month", "", "@index n", "@grant analyst", "@column n Logins.")))
                .isEmpty();
        fixture.refresh.run();

        assertThat(fixture.rows(PARTITIONS))
                .containsExactly(
                        "fact_days_p202602|FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')",
                        "fact_days_p202603|FOR VALUES FROM ('2026-03-01') TO ('2026-04-01')",
                        "fact_days_p202604|FOR VALUES FROM ('2026-04-01') TO ('2026-05-01')");
        assertThat(rows()).containsExactly("2026-02-27|1", "2026-03-10|1", "2026-03-31|1");
        assertThat(fixture.one("select count(*) from star.fact_days_p202603")).isEqualTo("2");
        assertThat(fixture.rows("""
                select count(*) from pg_index i where i.indrelid in (
                  select inhrelid from pg_inherits where inhparent = 'star.fact_days'::regclass)"""))
                .as("the grain's index and that of @index, in each partition")
                .containsExactly("6");
        assertThat(fixture.one("select has_table_privilege('analyst', 'star.fact_days', 'select')"))
                .isEqualTo("t");
        assertThat(fixture.one("select obj_description('star.fact_days'::regclass, 'pg_class')"))
                .isEqualTo("One row per day.");
        fixture.execute("drop owned by analyst; drop role analyst");
    }

    @Test
    void aLateRowOfTwoYearsAgoGetsItsPartition() throws Exception {
        assertThat(edit(model("recalc", "@partition year", ""))).isEmpty();
        fixture.refresh.run();
        fixture.execute("create view report.days as select count(*) as n from star.fact_days");
        load("2024-03-31", "0044-03-15");
        fixture.refresh.run();

        assertThat(rows())
                .containsExactly("0044-03-15|1", "2024-03-31|1", "2026-02-27|1", "2026-03-10|1", "2026-03-31|1");
        assertThat(fixture.rows(PARTITIONS))
                .extracting(row -> row.substring(0, row.indexOf('|')))
                .containsExactly("fact_days_p0044", "fact_days_p2024", "fact_days_p2026", "fact_days_p2027");
        assertThat(fixture.one("select n from report.days")).isEqualTo("5");
    }

    @Test
    void aPartitionIsDroppedWhenAllOfItIsNoLongerKept() throws Exception {
        assertThat(edit(model("recalc", "@partition month", " keep 40d drop"))).isEmpty();
        fixture.refresh.run();
        assertThat(rows()).containsExactly("2026-02-27|1", "2026-03-10|1", "2026-03-31|1");

        // kept from 2026-03-20 on: the rest of March stays with its partition
        fixture.now = Instant.parse("2026-04-28T10:00:00Z");
        load("2026-04-28");
        fixture.refresh.run();

        assertThat(rows()).containsExactly("2026-03-10|1", "2026-03-31|1", "2026-04-28|1");
        assertThat(fixture.rows(PARTITIONS))
                .extracting(row -> row.substring(0, row.indexOf('|')))
                .containsExactly("fact_days_p202603", "fact_days_p202604", "fact_days_p202605");
        assertThat(fixture.one("select rows from meta.model_state where model = 'fact_days'"))
                .isEqualTo("3");
    }

    @Test
    void aReaderOfTheTableDelaysTheDropAndNotTheNewRows() throws Exception {
        assertThat(edit(model("recalc", "@partition month", " keep 40d drop"))).isEmpty();
        fixture.refresh.run();
        fixture.now = Instant.parse("2026-04-28T10:00:00Z");
        try (Connection reader = fixture.database.connect()) {
            reader.setAutoCommit(false);
            assertThat(Sql.on(reader).list("select n from star.fact_days", row -> row.number("n")))
                    .hasSize(3);
            load("2026-04-28");
            fixture.refresh.run();
            assertThat(fixture.rows("select status from meta.model_state")).containsExactly("ok");
            assertThat(rows()).containsExactly("2026-02-27|1", "2026-03-10|1", "2026-03-31|1", "2026-04-28|1");
        }
        load("2026-04-28");
        fixture.refresh.run();
        assertThat(rows()).containsExactly("2026-03-10|1", "2026-03-31|1", "2026-04-28|2");
    }

    @Test
    void aReaderIsNotInTheWayOfANewPartition() throws Exception {
        assertThat(edit(model("recalc", "@partition month", ""))).isEmpty();
        fixture.refresh.run();
        try (Connection reader = fixture.database.connect()) {
            reader.setAutoCommit(false);
            assertThat(Sql.on(reader).list("select n from star.fact_days", row -> row.number("n")))
                    .hasSize(3);
            load("2025-12-24");
            fixture.refresh.run();
            assertThat(rows()).contains("2025-12-24|1");
        }
    }

    @Test
    void aRebuildMakesThePartitionsThatAreMissing() throws Exception {
        assertThat(edit(model("recalc", "@partition month", ""))).isEmpty();
        fixture.refresh.run();
        fixture.execute("drop table star.fact_days_p202602; update star.fact_days set n = 7");
        fixture.refresh.rebuild("fact_days");

        assertThat(rows()).containsExactly("2026-02-27|1", "2026-03-10|1", "2026-03-31|1");
        assertThat(fixture.one("select count(*) from star.fact_days_p202602")).isEqualTo("1");
    }

    @Test
    void aOnceIsDividedToo() throws Exception {
        assertThat(edit(model("once", "@partition month", "", "@from 2026-02-27", "@fill yes")))
                .isEmpty();
        fixture.execute("insert into meta.completeness (relation, source, complete_to)"
                + " values ('landing.logins', 'test', '2026-04-01Z')");
        fixture.now = Instant.parse("2026-04-01T10:00:00Z");
        fixture.refresh.run();

        assertThat(rows()).containsExactly("2026-02-27|1", "2026-03-10|1", "2026-03-31|1");
        assertThat(fixture.one("select count(*) from star.fact_days_p202602")).isEqualTo("1");
    }

    @Test
    void aKillBetweenTheNewPartitionAndTheCommitLeavesWhatWas() throws Exception {
        assertThat(edit(model("recalc", "@partition month", ""))).isEmpty();
        assertThat(fixture.edit("sql/tests/waits.sql", """
                        -- @about No row is counted while no session waits.
                        select n from fact_days where (select count(*) from (
                          select pg_advisory_xact_lock_shared(42)) as l) = 0
                        """)).isEmpty();
        fixture.refresh.run();
        List<String> before = fixture.rows(PARTITIONS);
        load("2025-12-24");
        try (Connection holder = fixture.database.connect()) {
            Sql.on(holder).execute("select pg_advisory_lock(42)");
            CompletableFuture<Void> refresh = CompletableFuture.runAsync(() -> {
                try {
                    fixture.refresh.run();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            Waiting.soon().until(() -> fixture.one("""
                    select bool_or(pg_terminate_backend(pid)) from pg_stat_activity
                    where datname = current_database() and wait_event = 'advisory'""") != null);
            Sql.on(holder).execute("select pg_advisory_unlock(42)");
            refresh.exceptionally(killed -> null).get();
        }
        assertThat(fixture.rows(PARTITIONS)).isEqualTo(before);
        assertThat(rows()).containsExactly("2026-02-27|1", "2026-03-10|1", "2026-03-31|1");

        Waiting.soon().ignoreExceptions().untilAsserted(() -> {
            fixture.refresh.run();
            assertThat(rows()).containsExactly("2025-12-24|1", "2026-02-27|1", "2026-03-10|1", "2026-03-31|1");
        });
    }

    @Test
    void aTableThatStandsIsNotDividedByAnEdit() throws Exception {
        assertThat(edit(model("recalc", "", ""))).isEmpty();
        fixture.refresh.run();
        assertThat(edit(model("recalc", "@partition month", "")))
                .extracting(Refusal::reason)
                .containsExactly(
                        "star.fact_days was built with another @partition, or without one: keep that, or give the new"
                                + " model another name");
    }

    @Test
    void theGrainHasTheColumnByWhichATableIsDivided() {
        assertThat(edit(model("recalc", "@partition month", "").replace("@grain  date_key", "@grain  n")))
                .extracting(Refusal::reason)
                .singleElement()
                .asString()
                .startsWith("a table that is divided by date_key (@partition) has it in @grain");
    }

    private List<String> rows() {
        return fixture.rows("select date_key, n from star.fact_days order by 1");
    }

    private List<Refusal> edit(String text) {
        return fixture.edit("sql/facts/fact_days.sql", text);
    }

    private void load(String... days) throws Exception {
        for (String day : days) {
            fixture.load(
                    "landing.logins",
                    List.of(LocalDate.parse(day)),
                    "insert into landing.logins values ('" + day + " 10:00Z', 'u1', 'mobile')");
        }
    }

    private static String model(String kind, String partition, String keep, String... more) {
        StringBuilder keys = new StringBuilder();
        for (String key : more) {
            keys.append("-- ").append(key).append('\n');
        }
        return """
                -- @kind   %s
                -- @grain  date_key
                -- @reads  logins
                -- @window date_key by day from logins.login_at%s
                -- %s
                %s-- @about  One row per day.
                select (login_at at time zone 'UTC')::date as date_key, count(*) as n
                from logins where login_at >= :from and login_at < :to
                group by 1
                """.formatted(kind, keep, partition, keys);
    }
}
