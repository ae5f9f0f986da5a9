package serai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.testing.PostgresProxy;
import serai.testing.PostgresProxy.Cut;
import serai.testing.TestDatabase;
import serai.testing.Waiting;

/** Two warehouses on one database are two processes: each has its own leases. */
class LeasesIT {

    private static final Duration TERM = Duration.ofSeconds(4);

    private final TestDatabase database = new TestDatabase();
    private final Warehouse first = Warehouse.open(settings(database.url(), 10, TERM));
    private final Warehouse second = Warehouse.open(settings(database.url(), 10, TERM));

    @BeforeEach
    void table() {
        database.execute("create table landing.t (k int not null)");
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
        database.close();
    }

    private static WarehouseSettings settings(String url, int pool, Duration term) {
        return new WarehouseSettings(url, "postgres", "", null, 0, pool, term, Path.of("sql/schema"));
    }

    private static RunOutcome insert(Transaction tx, int k) throws SQLException {
        tx.sql().update("insert into landing.t values (?)", k);
        tx.position(new ObjectMapper().createObjectNode().put("k", k));
        return RunOutcome.ok().read(1).inserted(1);
    }

    /** As a process that is paused: it renews nothing, and its transactions stay open. */
    private static void pause(Warehouse warehouse) {
        warehouse.leases().close();
    }

    @Test
    void aLeaseIsRenewedWhileItsWriterWaits() throws Exception {
        try (Writer writer = first.writer("s")) {
            Waiting.soon()
                    .during(TERM.plusSeconds(2))
                    .until(() -> second.tryWriter("s").isEmpty());
            writer.commitWithState(tx -> insert(tx, 1));
        }
        second.tryWriter("s").orElseThrow().close();
        assertThat(database.rows("select k from landing.t")).containsExactly("1");
    }

    @Test
    void aWriterWhoseLeaseExpiredAndWasTakenCannotCommit() throws Exception {
        Writer paused = first.writer("s");
        pause(first);
        try (Writer writer = second.writer("s")) {
            writer.commitWithState(tx -> insert(tx, 2));
            assertThat(paused.isValid()).isFalse();
            assertThatThrownBy(() -> paused.commitWithState(tx -> insert(tx, 1)))
                    .isInstanceOf(FencedOffException.class);
        }
        assertThat(database.rows("select k from landing.t")).containsExactly("2");
    }

    @Test
    void theOpenTransactionOfAPausedWriterIsEndedByTheTakeOver() throws Exception {
        Writer paused = first.writer("s");
        paused.begin("test", null);
        assertThatThrownBy(() -> paused.commitWithState(tx -> {
                    insert(tx, 1);
                    pause(first);
                    long begun = System.nanoTime();
                    try (Writer writer = second.writer("s")) {
                        writer.begin("test", null);
                        writer.commitWithState(other -> insert(other, 2));
                    }
                    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
                    return RunOutcome.ok().read(1).inserted(1);
                }))
                .isInstanceOf(SQLException.class);
        paused.close();
        assertThat(database.rows("select k from landing.t")).containsExactly("2");
        assertThat(database.rows("select status from meta.runs order by run_id"))
                .containsExactly("interrupted", "ok");
    }

    @Test
    void aWriterWithoutATransactionKeepsItsLeaseWhenItsRenewalIsLateAndNoOtherTakesIt() throws Exception {
        try (Writer writer = first.writer("s")) {
            database.execute("update meta.leases set expires_at = clock_timestamp() - interval '1 hour'");
            writer.commitWithState(tx -> insert(tx, 1));
            Waiting.soon()
                    .until(() -> database.value("select 'renewed' from meta.leases"
                                    + " where source = 's' and expires_at > clock_timestamp()")
                            != null);
        }
        assertThat(database.rows("select k from landing.t")).containsExactly("1");
    }

    @Test
    void theRenewalGoesOnAfterItsConnectionWasKilled() throws Exception {
        try (Writer writer = first.writer("s")) {
            for (int i = 0; i < 3; i++) {
                Waiting.soon()
                        .until(() -> database.value("select max(pg_terminate_backend(pid)::text) from pg_stat_activity"
                                        + " where datname = current_database() and application_name = 'serai-leases'")
                                != null);
            }
            Waiting.soon()
                    .during(TERM.plusSeconds(2))
                    .until(() -> second.tryWriter("s").isEmpty());
            writer.commitWithState(tx -> insert(tx, 1));
        }
        assertThat(database.rows("select k from landing.t")).containsExactly("1");
    }

    @Test
    void aHundredSourcesShareFiveConnectionsOfAServerThatEndsIdleSessions() throws Exception {
        database.execute("alter database " + database.value("select current_database()")
                + " set idle_session_timeout = '500ms'");
        ExecutorService threads = Executors.newFixedThreadPool(100);
        try (Warehouse small = Warehouse.open(settings(database.url(), 5, TERM))) {
            List<Future<?>> runs = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                int k = i;
                runs.add(threads.submit(() -> {
                    try (Writer writer = small.writer("source-" + k)) {
                        writer.begin("test", null);
                        // as the request to the source, which takes longer than a session may be idle
                        TimeUnit.MILLISECONDS.sleep(1_500);
                        return writer.commitWithState(tx -> {
                            tx.sql().first("select pg_sleep(0.1)", row -> true);
                            return insert(tx, k);
                        });
                    }
                }));
            }
            for (Future<?> run : runs) {
                run.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(database.value("select count(distinct k) || ' ' || count(*) from landing.t"))
                .isEqualTo("100 100");
        assertThat(database.value("select count(*) from meta.runs where status = 'ok'"))
                .isEqualTo("100");
    }

    @Test
    void aCommitWhoseAnswerIsLostIsFoundOut() throws Exception {
        try (PostgresProxy proxy = new PostgresProxy(database);
                Warehouse cut = Warehouse.open(settings(proxy.through(database.url()), 3, TERM))) {
            for (Cut how : List.of(Cut.AFTER, Cut.BEFORE, Cut.AFTER)) {
                database.execute("truncate landing.t, meta.runs, meta.offsets");
                try (Writer writer = cut.writer("s")) {
                    writer.begin("test", null);
                    proxy.cut(how);
                    if (how == Cut.AFTER) {
                        writer.commitWithState(tx -> insert(tx, 1));
                    } else {
                        assertThatThrownBy(() -> writer.commitWithState(tx -> insert(tx, 1)))
                                .isInstanceOf(SQLException.class);
                    }
                    // the writer keeps its source
                    writer.begin("test", null);
                    writer.commitWithState(tx -> insert(tx, 2));
                }
                boolean committed = how == Cut.AFTER;
                assertThat(database.rows("select k from landing.t order by k"))
                        .containsExactlyElementsOf(committed ? List.of("1", "2") : List.of("2"));
                assertThat(database.rows("select status from meta.runs order by run_id"))
                        .containsExactly(committed ? "ok" : "failed", "ok");
            }
        }
    }

    @Test
    void noSessionLockIsLeft() throws Exception {
        try (Writer writer = first.writer("s");
                Connection c = writer.connection()) {
            assertThat(c.isValid(1)).isTrue();
            assertThat(database.rows("select * from pg_locks where locktype = 'advisory'"))
                    .isEmpty();
        }
    }
}
