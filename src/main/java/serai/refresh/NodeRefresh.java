package serai.refresh;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.refresh.Materialization.Change;
import serai.warehouse.FencedOffException;
import serai.warehouse.RunOutcome;
import serai.warehouse.Transaction;
import serai.warehouse.Writer;

/** Brings one node up to date, with writers of its own: several nodes may be refreshed at the same time. */
final class NodeRefresh {

    private static final Logger LOG = LoggerFactory.getLogger(NodeRefresh.class);

    /** How often a node is tried when a reader and the refresh wait for each other. */
    private static final int MOST_CONFLICTS = 4;

    private static final Duration CONFLICT_WAIT = Duration.ofMillis(100);

    /**
     * Why a node is not up to date; it keeps what it has.
     *
     * @param exception what was thrown, or null: the warehouse may be lost
     * @param elsewhere whether another writer has the node: a rebuild, or a process that was stopped
     * @param more what is recorded with it
     */
    record Problem(
            ModelState.Status status, String error, Exception exception, boolean elsewhere, Transaction.State more) {

        static Problem of(ModelState.Status status, String error) {
            return new Problem(status, error, null, false, sql -> {});
        }
    }

    private static final class HeldException extends Exception {
        private static final long serialVersionUID = 1L;

        HeldException(String message) {
            super(message);
        }
    }

    private static final class ElsewhereException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private final RunContext run;
    private final Node node;
    private final WriteTests tests;

    NodeRefresh(RunContext run, Node node) {
        this.run = run;
        this.node = node;
        this.tests = new WriteTests(run);
    }

    /**
     * Writes the node's rows.
     *
     * @return empty when they were written, as far as one pass goes
     */
    Optional<Problem> run() throws Exception {
        for (int conflicts = 1; ; conflicts++) {
            try {
                commitAll();
                return Optional.empty();
            } catch (TestFailedException e) {
                return Optional.of(new Problem(
                        ModelState.Status.FAILED,
                        e.getMessage(),
                        null,
                        false,
                        sql -> TestState.write(sql, e.failed(), false)));
            } catch (HeldException e) {
                return Optional.of(Problem.of(ModelState.Status.HELD, e.getMessage()));
            } catch (ElsewhereException e) {
                return Optional.of(new Problem(
                        ModelState.Status.HELD,
                        "It is rebuilt, or refreshed by another process; its rows stay until then.",
                        null,
                        true,
                        sql -> {}));
            } catch (SQLException | FencedOffException | RuntimeException e) {
                if (!ModelError.isConflict(e)) {
                    return Optional.of(
                            new Problem(ModelState.Status.FAILED, ModelError.describe(node, e), e, false, sql -> {}));
                }
                if (conflicts == MOST_CONFLICTS) {
                    return Optional.of(new Problem(
                            ModelState.Status.HELD,
                            "Other transactions were in the way " + conflicts + " times: "
                                    + ModelError.describe(node, e) + ". It is tried again at the next run.",
                            e,
                            false,
                            sql -> {}));
                }
                Thread.sleep(CONFLICT_WAIT.multipliedBy(conflicts).toMillis());
            }
        }
    }

    private void commitAll() throws Exception {
        Materialization materialization = materialization();
        boolean more = true;
        while (more) {
            more = commitNext(materialization);
        }
    }

    private Materialization materialization() {
        return switch (node.kind()) {
            case VIEW -> new ViewMaterialization(run, (Model) node);
            case TABLE, SEED -> new TableMaterialization(run, node);
            case RECALC -> new IncrementalMaterialization(run, (Model) node);
            case ONCE -> new OnceMaterialization(run, (Model) node);
            case SCRIPT -> new ScriptMaterialization(run, (Script) node);
            case UPSERT -> new KeyedMaterialization(run, (Model) node);
            case SCD2 ->
                run.graph().isSnapshot(node)
                        ? new SnapshotMaterialization(run, (Model) node)
                        : new KeyedMaterialization(run, (Model) node);
        };
    }

    /** @return whether the node needs another transaction */
    private boolean commitNext(Materialization materialization) throws Exception {
        try (Writer own = run.warehouse().tryWriter("refresh:" + node.name()).orElse(null)) {
            if (own == null) {
                throw new ElsewhereException();
            }
            Change change = next(materialization, own);
            if (change.recorded()) {
                own.begin("refresh", change.window());
            }
            AtomicReference<SQLException> conflict = new AtomicReference<>();
            RunOutcome outcome = own.commitWithState(tx -> execute(change, tx, conflict));
            if (conflict.get() != null) {
                throw conflict.get();
            }
            if (outcome.status() == RunOutcome.Status.HELD) {
                throw new HeldException(outcome.error());
            }
            if (change.recorded()) {
                LOG.info(
                        "model={} inserted={} deleted={} window={}",
                        node.name(),
                        outcome.inserted(),
                        outcome.deleted(),
                        change.window());
            }
            return !change.last();
        }
    }

    private Change next(Materialization materialization, Writer own) throws SQLException {
        try {
            return materialization.next(own);
        } catch (SQLException e) {
            own.begin("refresh", null);
            String error = ModelError.describe(node, e);
            own.end(ModelError.isConflict(e) ? RunOutcome.held(error) : RunOutcome.failed(error));
            throw e;
        }
    }

    /** @param conflict set when another transaction was in the way and the whole node may be tried again */
    private RunOutcome execute(Change change, Transaction tx, AtomicReference<SQLException> conflict) throws Exception {
        try {
            RunOutcome outcome = change.work().in(tx);
            if (outcome.status() == RunOutcome.Status.OK) {
                tests.run(tx, node, change, outcome);
                if (change.last() && node.kind() != ModelKind.SCRIPT) {
                    Declarations.apply(tx, run, node);
                }
            }
            return outcome;
        } catch (SQLException e) {
            if (ModelError.isLockTimeout(e)) {
                return RunOutcome.held(
                        "A reader kept a lock on " + node.relation() + ", or on a view that reads it, for more than "
                                + run.settings().lockTimeout().toMillis()
                                + " ms (refresh.lock-timeout). It is tried again at the next run.");
            }
            if (ModelError.isConflict(e)) {
                conflict.set(e);
                return RunOutcome.held(ModelError.describe(node, e));
            }
            // the writer records this message in meta.runs
            throw new SQLException(ModelError.describe(node, e), e.getSQLState(), e);
        }
    }
}
