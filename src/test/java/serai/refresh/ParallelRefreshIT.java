package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import serai.testing.Waiting;
import serai.warehouse.Sql;

/** Models that do not need each other are refreshed at the same time. Those of this test wait for advisory locks. */
class ParallelRefreshIT {

    private static final LocalDate DAY = LocalDate.of(2026, 3, 10);

    private final RefreshFixture fixture = new RefreshFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void twoModelsAreCalculatedAtTheSameTime() throws Exception {
        assertThat(fixture.edit(
                        "sql/dims/dim_one.sql", waiting("logins", 42), "sql/dims/dim_two.sql", waiting("logins", 42)))
                .isEmpty();
        CompletableFuture<Void> refresh;
        try (Connection holder = fixture.database.connect()) {
            Sql.on(holder).execute("select pg_advisory_lock(42)");
            refresh = refresh();
            fixture.awaitWaiting(2);
        }
        refresh.get();
        assertThat(fixture.rows("select model, status from meta.model_state order by 1"))
                .containsExactly("dim_one|ok", "dim_two|ok");
    }

    @Test
    void aModelWaitsForThoseThatItReads() throws Exception {
        assertThat(fixture.edit(
                        "sql/dims/dim_one.sql", waiting("logins", 42), "sql/dims/dim_two.sql", waiting("dim_one", 43)))
                .isEmpty();
        CompletableFuture<Void> refresh;
        try (Connection holder = fixture.database.connect()) {
            Sql.on(holder).execute("select pg_advisory_lock(42), pg_advisory_lock(43)");
            refresh = refresh();
            fixture.awaitWaiting(1);
            assertThat(fixture.one("select to_regclass('star.dim_one') is null"))
                    .isEqualTo("t");
            Sql.on(holder).execute("select pg_advisory_unlock(42)");
            Waiting.soon()
                    .untilAsserted(() -> assertThat(fixture.one("select to_regclass('star.dim_one') is not null"))
                            .isEqualTo("t"));
            fixture.awaitWaiting(1);
        }
        refresh.get();
        assertThat(fixture.rows("select n from star.dim_two")).containsExactly("1");
    }

    @Test
    void aDayThatIsMarkedWhileItIsCalculatedIsCalculatedAgain() throws Exception {
        assertThat(fixture.edit(
                        "sql/facts/fact_slow.sql",
                        RefreshFixture.SLOW_FACT,
                        "sql/dims/dim_one.sql",
                        waiting("logins", 43),
                        "sql/dims/dim_two.sql",
                        "-- @kind table\n"
                                + "-- @grain n\n-- @reads dim_one\n-- @about One row.\nselect n from dim_one"))
                .isEmpty();
        load("2026-03-10 10:00Z");
        fixture.refresh.run();
        assertThat(fixture.rows("select date_key, n from star.fact_slow")).containsExactly("2026-03-10|1");

        load("2026-03-10 11:00Z");
        CompletableFuture<Void> refresh;
        try (Connection holder = fixture.database.connect()) {
            Sql.on(holder).execute("select pg_advisory_lock(42), pg_advisory_lock(43)");
            refresh = CompletableFuture.runAsync(() -> {
                try {
                    fixture.refresh.runOnce();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            fixture.awaitWaiting(2);
            load("2026-03-10 12:00Z");
            String before = fixture.one("select last_success_at from meta.model_state where model = 'dim_two'");
            Sql.on(holder).execute("select pg_advisory_unlock(43)");
            // dim_two begins after the new mark has been handed on
            Waiting.soon()
                    .untilAsserted(() -> assertThat(
                                    fixture.one("select last_success_at from meta.model_state where model = 'dim_two'"))
                            .isNotEqualTo(before));
            assertThat(fixture.rows("select * from meta.dirty")).isEmpty();
        }
        refresh.get();
        assertThat(fixture.rows("select n from star.fact_slow")).containsExactly("2");
        assertThat(fixture.rows("select model, unit at time zone 'UTC' from meta.model_dirty"))
                .containsExactly("fact_slow|2026-03-10 00:00:00");

        fixture.refresh.run();
        assertThat(fixture.rows("select n from star.fact_slow")).containsExactly("3");
        assertThat(fixture.rows("select * from meta.model_dirty")).isEmpty();
    }

    private void load(String loginAt) throws Exception {
        fixture.load(
                "landing.logins",
                List.of(DAY),
                "insert into landing.logins values (timestamptz '" + loginAt + "', 'u1', 'mobile')");
    }

    private CompletableFuture<Void> refresh() {
        return CompletableFuture.runAsync(() -> {
            try {
                fixture.refresh.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** A table of one row that can be calculated only while no other session holds a lock. */
    private static String waiting(String reads, int lock) {
        return """
                -- @kind  table
                -- @grain n
                -- @reads %s
                -- @about One row.
                select 1 as n from (select pg_advisory_xact_lock_shared(%d)) as l
                where (select count(*) from %s) >= 0
                """.formatted(reads, lock, reads);
    }
}
