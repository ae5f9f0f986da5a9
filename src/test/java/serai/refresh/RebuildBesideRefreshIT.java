package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.warehouse.Sql;

/**
 * A rebuild calculates its rows beside the table, while the others are refreshed. The model of this test waits for an
 * advisory lock in the days before 31 March, so that a refresh of the present day does not.
 */
class RebuildBesideRefreshIT {

    private static final String SLOW = "sql/facts/fact_slow.sql";
    private final RefreshFixture fixture = new RefreshFixture();

    @BeforeEach
    void build() throws Exception {
        assertThat(fixture.edit(
                        SLOW,
                        RefreshFixture.SLOW_FACT,
                        "sql/dims/dim_after.sql",
                        "-- @kind table\n-- @grain n\n-- @reads fact_slow, logins\n-- @about x\n"
                                + "select (select coalesce(sum(n), 0) from fact_slow) as n,"
                                + " count(*) as logins from logins"))
                .isEmpty();
        load("2026-03-10 10:00Z");
        fixture.refresh.run();
        assertThat(fixture.rows("select n, logins from star.dim_after")).containsExactly("1|1");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void othersAreRefreshedMeanwhileAndWhatIsMarkedMeanwhileIsCalculatedAfterwards() throws Exception {
        String doubled = RefreshFixture.SLOW_FACT.replace("count(*) as n", "2 * count(*) as n");
        assertThat(fixture.edit(SLOW, doubled)).isEmpty();
        CompletableFuture<Void> rebuild;
        try (Connection holder = fixture.database.connect()) {
            Sql.on(holder).execute("select pg_advisory_lock(42)");
            rebuild = rebuild();
            fixture.awaitWaiting(1);
            load("2026-03-10 11:00Z");
            load("2026-03-31 09:00Z");
            fixture.refresh.run();
            assertThat(fixture.rows("select n, logins from star.dim_after")).containsExactly("1|3");
            assertThat(fixture.rows("select model, status from meta.model_state order by 1"))
                    .containsExactly("dim_after|ok", "fact_slow|held");
            assertThat(fixture.rows("select to_char(unit, 'DD') from meta.model_dirty"))
                    .containsExactly("10", "31");
        }
        rebuild.get(1, TimeUnit.MINUTES);
        // a statement's snapshot is older than the lock for which it waits
        assertThat(fixture.rows("select date_key, n from star.fact_slow")).containsExactly("2026-03-10|2");
        assertThat(fixture.rows("select to_char(unit, 'DD') from meta.model_dirty"))
                .containsExactly("10", "31");
        fixture.refresh.run();
        assertThat(fixture.rows("select date_key, n from star.fact_slow order by 1"))
                .containsExactly("2026-03-10|4", "2026-03-31|2");
        assertThat(fixture.rows("select n, logins from star.dim_after")).containsExactly("6|3");
    }

    @Test
    void withAnotherWindowTheyWaitUntilItIsInPlace() throws Exception {
        String weeks = RefreshFixture.SLOW_FACT
                .replace("by day", "by week")
                .replace("(login_at at time zone 'UTC')", "date_trunc('week', login_at at time zone 'UTC')")
                .replace("count(*) as n", "count(*)::numeric as n");
        assertThat(fixture.edit(SLOW, weeks)).hasSize(1);
        CompletableFuture<Void> rebuild;
        try (Connection holder = fixture.database.connect()) {
            Sql.on(holder).execute("select pg_advisory_lock(42)");
            rebuild = rebuild();
            fixture.awaitWaiting(1);
            load("2026-03-10 11:00Z");
            fixture.refresh.run();
            assertThat(fixture.rows("select n, logins from star.dim_after")).containsExactly("1|1");
        }
        rebuild.get(1, TimeUnit.MINUTES);
        fixture.refresh.run();
        assertThat(fixture.rows("select date_key, n from star.fact_slow")).containsExactly("2026-03-09|2");
        assertThat(fixture.rows("select n, logins from star.dim_after")).containsExactly("2|2");
    }

    @Test
    void anEditOfAnotherFileMeanwhileIsKept() throws Exception {
        CompletableFuture<Void> rebuild;
        try (Connection holder = fixture.database.connect()) {
            Sql.on(holder).execute("select pg_advisory_lock(42)");
            rebuild = rebuild();
            fixture.awaitWaiting(1);
            assertThat(fixture.edit(
                            "sql/dims/dim_new.sql",
                            "-- @kind table\n-- @grain n\n-- @reads logins\n-- @about x\n"
                                    + "select 1 as n from logins limit 1"))
                    .isEmpty();
        }
        rebuild.get(1, TimeUnit.MINUTES);
        fixture.refresh.run();
        assertThat(fixture.rows("select n from star.dim_new")).containsExactly("1");
    }

    private void load(String loginAt) throws Exception {
        fixture.load(
                "landing.logins",
                List.of(LocalDate.parse(loginAt.substring(0, 10))),
                "insert into landing.logins values (timestamptz '" + loginAt + "', 'u1', 'mobile')");
    }

    private CompletableFuture<Void> rebuild() {
        return CompletableFuture.runAsync(() -> {
            try {
                fixture.refresh.rebuild("fact_slow");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
