package serai.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.testing.TestDatabase;
import serai.warehouse.WriteVerbs.Written;

class WriterIT {

    private static final Relation T = Relation.of("landing.t");
    private static final TimeWindow WINDOW =
            new TimeWindow(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-03T00:00:00Z"));
    private final TestDatabase database = new TestDatabase();
    private final Warehouse warehouse = database.warehouse();

    @BeforeEach
    void table() throws SQLException {
        database.execute("create table landing.t (day date not null, k int not null, v text, unique (k))");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void rowsDirtyDaysPositionAndRunCommitTogether() throws Exception {
        try (Writer writer = warehouse.writer("s")) {
            writer.begin("test", WINDOW);
            writer.commitWithState(tx -> {
                var written = tx.verbs()
                        .replaceRange(T, range(), List.of("day", "k", "v"), "select date '2026-01-02', 1, ?", "a");
                tx.markDirty(T, List.of(LocalDate.of(2026, 1, 2)));
                tx.position(position("2026-01-03"));
                return RunOutcome.ok()
                        .read(1)
                        .inserted(written.inserted())
                        .deleted(written.deleted())
                        .dataAsOf(WINDOW.to());
            });
        }
        assertThat(database.rows("select day, k, v from landing.t")).containsExactly("2026-01-02|1|a");
        assertThat(database.rows("select relation, day from meta.dirty")).containsExactly("landing.t|2026-01-02");
        assertThat(database.rows("select status, rows_inserted from meta.runs")).containsExactly("ok|1");
        try (Writer next = warehouse.writer("s")) {
            assertThat(next.position().path("to").asText()).isEqualTo("2026-01-03");
        }
    }

    @Test
    void anExceptionRollsEverythingBackAndTheRunRecordsIt() throws Exception {
        try (Writer writer = warehouse.writer("s")) {
            writer.begin("test", WINDOW);
            assertThatThrownBy(() -> writer.commitWithState(tx -> {
                        tx.verbs()
                                .insertAbsent(
                                        T, List.of("k"), List.of("day", "k", "v"), "select date '2026-01-02', 1, 'a'");
                        tx.position(position("x"));
                        throw new IllegalStateException("the source is down");
                    }))
                    .hasMessage("the source is down");
        }
        assertThat(database.rows("select * from landing.t")).isEmpty();
        assertThat(database.rows("select status, error from meta.runs")).containsExactly("failed|the source is down");
        assertThat(database.rows("select position from meta.offsets")).isEmpty();
    }

    @Test
    void aHeldRunKeepsItsRejectsAndNothingElse() throws Exception {
        try (Writer writer = warehouse.writer("s")) {
            writer.begin("test", WINDOW);
            writer.commitWithState(tx -> {
                tx.verbs().insertAbsent(T, List.of("k"), List.of("day", "k", "v"), "select date '2026-01-02', 1, 'a'");
                tx.reject(new Reject(
                        T,
                        Map.of("line", 7, "column", "k"),
                        List.of("2026-01-02", "x"),
                        "day,k\n2026-01-02,x".getBytes(UTF_8),
                        "not a number"));
                tx.position(position("x"));
                return RunOutcome.held("too many rejects").read(2).rejected(1);
            });
        }
        assertThat(database.rows("select * from landing.t")).isEmpty();
        assertThat(database.rows("select status, rows_read, rows_rejected, error from meta.runs"))
                .containsExactly("held|2|1|too many rejects");
        assertThat(
                        database.rows(
                                "select locator->>'line', locator->>'column', reason, convert_from(payload, 'UTF8') from meta.rejects"))
                .containsExactly("7|k|not a number|day,k\n2026-01-02,x");
        assertThat(database.rows("select position from meta.offsets")).isEmpty();
    }

    @Test
    void aFencedOffWriterCannotCommit() throws Exception {
        try (Writer writer = warehouse.writer("s")) {
            writer.begin("test", WINDOW);
            database.execute("update meta.leases set epoch = epoch + 1 where source = 's'");
            assertThatThrownBy(() -> writer.commitWithState(tx -> {
                        tx.verbs()
                                .insertAbsent(
                                        T, List.of("k"), List.of("day", "k", "v"), "select date '2026-01-02', 1, 'a'");
                        return RunOutcome.ok().read(1).inserted(1);
                    }))
                    .isInstanceOf(FencedOffException.class);
        }
        assertThat(database.rows("select * from landing.t")).isEmpty();
    }

    @Test
    void aSecondWriterWaitsForTheFirst() throws Exception {
        Writer first = warehouse.writer("s");
        assertThat(warehouse.tryWriter("s")).isEmpty();
        CompletableFuture<Writer> second = CompletableFuture.supplyAsync(() -> {
            try {
                return warehouse.writer("s");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(second).isNotDone();
        first.close();
        second.get(10, TimeUnit.SECONDS).close();
        warehouse.tryWriter("s").orElseThrow().close();
    }

    @Test
    void aSmallWriteLeavesNoRunInTheLedger() throws Exception {
        try (Writer writer = warehouse.writer("s")) {
            writer.commitWithState(tx -> {
                tx.sql().update("insert into landing.t values ('2026-01-01', 1, 'a')");
                return RunOutcome.ok();
            });
        }
        assertThat(database.rows("select count(*) from landing.t")).containsExactly("1");
        assertThat(database.rows("select * from meta.runs")).isEmpty();
    }

    @Test
    void aRunThatACrashLeftOpenIsClosedByTheNextRun() throws Exception {
        try (Writer crashed = warehouse.writer("s")) {
            crashed.begin("test", WINDOW);
        }
        try (Writer writer = warehouse.writer("s")) {
            writer.begin("test", WINDOW);
            writer.end(RunOutcome.failed("no answer"));
        }
        assertThat(database.rows("select status from meta.runs order by run_id"))
                .containsExactly("interrupted", "failed");
    }

    @Test
    void mergeUpdatesOnlyRowsThatDiffer() throws Exception {
        database.execute("insert into landing.t values ('2026-01-01', 1, 'a'), ('2026-01-01', 2, null)");
        List<String> before = database.rows("select k, xmin from landing.t order by k");
        try (Writer writer = warehouse.writer("s")) {
            writer.begin("test", null);
            writer.commitWithState(tx -> {
                String select = "select * from (values (date '2026-01-01', 1, 'b'), (date '2026-01-01', 2, null), "
                        + "(date '2026-01-01', 3, 'c')) as v(day, k, v)";
                Written written = tx.verbs().mergeOnKey(T, List.of("k"), List.of("day", "k", "v"), select);
                assertThat(written).isEqualTo(new Written(1, 1, 0));
                return RunOutcome.ok().read(3).inserted(written.inserted()).updated(written.updated());
            });
        }
        assertThat(database.rows("select k, v from landing.t order by k")).containsExactly("1|b", "2|null", "3|c");
        assertThat(database.rows("select k, xmin from landing.t where k = 2")).containsExactly(before.get(1));
        assertThat(database.rows("select rows_read, rows_inserted, rows_updated, rows_deleted from meta.runs"))
                .containsExactly("3|1|1|0");
    }

    private static RowRange range() {
        return RowRange.ofDays("day", LocalDate.of(2026, 1, 1), LocalDate.of(2026, 1, 3));
    }

    private static ObjectNode position(String to) {
        return new ObjectMapper().createObjectNode().put("to", to);
    }
}
