package serai.load.replicate;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;

/**
 * Compares tables with their source in a thread of its own, as {@code meta.validations} asks for, one after another.
 */
final class Validations implements AutoCloseable {

    private static final Duration LONGEST_QUERY = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Validations.class);

    private final Warehouse warehouse;
    private final ReplicationPlan plan;
    private volatile Connection source;
    private Thread thread;

    Validations(Warehouse warehouse, ReplicationPlan plan) {
        this.warehouse = warehouse;
        this.plan = plan;
    }

    /** Begins to compare a table that is to be compared, unless another one is. */
    void poll(Sql sql, List<ReplicatedTable> tables, TableStates states) throws SQLException {
        if (thread != null && thread.isAlive()) {
            return;
        }
        if (!plan.validateEvery().isZero()) {
            askForOld(sql, plan.validateEvery());
        }
        Optional<String> name = sql.first(
                "select source_table from meta.validations where source = ? and state in ('pending', 'running')"
                        + " order by asked_at, source_table limit 1",
                row -> row.text("source_table"),
                plan.source());
        if (name.isEmpty()) {
            return;
        }
        Optional<ReplicatedTable> table =
                tables.stream().filter(t -> t.toString().equals(name.get())).findFirst();
        if (table.isEmpty() || states.of(table.get().source()) != TableStates.State.COMPLETE) {
            end(sql, name.get(), "error", 0, 0, "it is not complete");
            return;
        }
        // the other one is used by the thread that reads the log
        ReplicatedTable own = new ReplicatedTable(
                table.get().source(), table.get().plan(), table.get().target());
        thread = new Thread(() -> run(own), "validation-" + plan.source());
        thread.start();
    }

    private void askForOld(Sql sql, Duration every) throws SQLException {
        sql.update(
                "insert into meta.validations as v (source, source_table, state, asked_by)"
                        + " select source, source_table, 'pending', 'timer' from meta.replicated_tables"
                        + " where source = ? and state = 'complete' on conflict (source, source_table) do update"
                        + " set state = 'pending', asked_at = clock_timestamp(), asked_by = 'timer'"
                        + " where v.finished_at < clock_timestamp() - ? * interval '1 second'"
                        + " and v.state not in ('pending', 'running')",
                plan.source(),
                every.toSeconds());
    }

    private void run(ReplicatedTable table) {
        try (Connection target = warehouse.dataSource().getConnection();
                Connection own = plan.database().connect()) {
            source = own;
            plan.database().limitQueries(own, LONGEST_QUERY);
            Sql sql = Sql.on(target);
            sql.update(
                    "update meta.validations set state = 'running', reason = null where source = ?"
                            + " and source_table = ?",
                    plan.source(),
                    table.toString());
            Validation validation = new Validation(plan, table, own, target);
            String reason = null;
            try {
                validation.run();
            } catch (SQLException e) {
                if (!target.isValid(1) || own.isClosed()) {
                    throw e;
                }
                reason = e.getMessage();
            }
            String state = reason != null ? "error" : validation.failures() > 0 ? "mismatched" : "validated";
            end(sql, table.toString(), state, validation.compared(), validation.failures(), reason);
            LOG.info(
                    "source={} table={} validation={} rows={} mismatches={}",
                    plan.source(),
                    table,
                    state,
                    validation.compared(),
                    validation.failures());
        } catch (SQLException e) {
            // it stays open, and is begun again
            LOG.warn("source={} table={} The validation was interrupted: {}", plan.source(), table, e.getMessage());
        } catch (InterruptedException e) {
            LOG.debug("source={} Stopped.", plan.source());
        }
    }

    private void end(Sql sql, String table, String state, long compared, long failures, String reason)
            throws SQLException {
        sql.update(
                "update meta.validations set state = ?, finished_at = clock_timestamp(), rows_compared = ?,"
                        + " mismatches = ?, reason = ? where source = ? and source_table = ?",
                state,
                compared,
                failures,
                reason,
                plan.source(),
                table);
    }

    @Override
    public void close() throws InterruptedException {
        if (thread == null) {
            return;
        }
        thread.interrupt();
        try {
            if (source != null) {
                source.abort(Runnable::run);
            }
        } catch (SQLException e) {
            LOG.debug("source={} A connection was lost: {}", plan.source(), e.getMessage());
        }
        thread.join();
    }
}
