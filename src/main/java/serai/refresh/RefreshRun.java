package serai.refresh;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.refresh.Materialization.Change;
import serai.request.Pauses;
import serai.request.Subject;
import serai.warehouse.FencedOffException;
import serai.warehouse.RelationKind;
import serai.warehouse.RunOutcome;
import serai.warehouse.Transaction;
import serai.warehouse.Writer;

/** One run: each of its nodes once, in order. A node that fails blocks those that read it; the others go on. */
final class RefreshRun {

    private static final Logger LOG = LoggerFactory.getLogger(RefreshRun.class);

    /** How often a node is tried when a reader and the refresh wait for each other. */
    private static final int MOST_CONFLICTS = 4;

    private static final Duration CONFLICT_WAIT = Duration.ofMillis(100);

    /** How long a refresh waits for transactions that began before a model's watches. */
    private static final Duration WATCH_PATIENCE = Duration.ofSeconds(2);

    private final RunContext run;
    private final Set<String> selected;
    private final Writer writer;
    private final BooleanSupplier stopping;
    private final WriteTests tests;
    /** The nodes that are not up to date, each with the node that caused it, which may be itself. */
    private final Map<String, String> notRefreshed = new HashMap<>();

    private final Set<String> paused = new HashSet<>();

    /**
     * @param selected the nodes to refresh; the others stay as they are
     * @param writer the writer of the refresh as a whole
     * @param stopping whether to stop after the present node
     */
    RefreshRun(RunContext run, Set<String> selected, Writer writer, BooleanSupplier stopping) {
        this.run = run;
        this.selected = selected;
        this.writer = writer;
        this.stopping = stopping;
        this.tests = new WriteTests(run);
    }

    /** @return whether another run is needed for units that are left */
    boolean execute() throws Exception {
        Declarations.warnOfMissingReaders(writer.sql(), run.settings());
        ActiveModels.update(writer, run.graph());
        TestState.update(writer, run.graph());
        new Watches(writer, run.graph()).update(WATCH_PATIENCE);
        boolean unitsLeft = false;
        for (Node node : run.graph().nodes()) {
            if (stopping.getAsBoolean()) {
                return false;
            }
            if (!selected.contains(node.name())) {
                continue;
            }
            // read before the changed days are: what a source commits later is for the next run
            Optional<Instant> inputs =
                    Completeness.read(writer.sql()).least(run.graph().reads(node));
            Marks.distribute(writer, run.graph(), run.now());
            if (isPaused(node)) {
                continue;
            }
            Optional<String> cause = cause(node);
            if (cause.isPresent()) {
                report(
                        node,
                        cause.get(),
                        ModelState.Status.BLOCKED,
                        "It waits for " + cause.get()
                                + (paused.contains(cause.get())
                                        ? ", which is paused."
                                        : ", which could not be refreshed."),
                        sql -> {});
            } else if (node.kind() == ModelKind.RECALC && !Watches.areKnown(writer.sql(), (Model) node)) {
                report(
                        node,
                        ModelState.Status.HELD,
                        "It waits for transactions that began before it could be told of their changes.");
            } else {
                refresh(node);
                unitsLeft |= complete(node, inputs);
            }
        }
        // days that the last node changed and that no node reads
        Marks.distribute(writer, run.graph(), run.now());
        return unitsLeft;
    }

    /** A paused node keeps its rows and its dirty days. */
    private boolean isPaused(Node node) throws SQLException {
        if (Pauses.find(writer.sql(), new Subject(Subject.Kind.MODEL, node.name()))
                .isEmpty()) {
            return false;
        }
        paused.add(node.name());
        if (RelationKind.of(writer.connection(), node.relation()).isEmpty()) {
            notRefreshed.put(node.name(), node.name());
        }
        return true;
    }

    /**
     * The node for which a node has to wait. It does not wait for a paused one, whose rows are like those of a late
     * source, unless there are none yet, or a later change of them would not be taken in.
     */
    private Optional<String> cause(Node node) {
        Set<String> upstream = run.graph().upstream(node);
        Optional<String> cause = upstream.stream()
                .filter(notRefreshed::containsKey)
                .map(notRefreshed::get)
                .findFirst();
        return cause.isPresent() || node.kind() != ModelKind.ONCE
                ? cause
                : upstream.stream().filter(paused::contains).findFirst();
    }

    /** @return whether units of a node that was refreshed are left; it is then not complete */
    private boolean complete(Node node, Optional<Instant> inputs) throws Exception {
        if (notRefreshed.containsKey(node.name())) {
            return false;
        }
        if (hasUnitsLeft(node)) {
            return true;
        }
        Optional<Instant> completeTo = node.kind() == ModelKind.ONCE ? writtenTo(node, inputs) : inputs;
        if (completeTo.isPresent() && node.kind() != ModelKind.VIEW) {
            writer.commitWithState(tx -> {
                Completeness.write(tx.sql(), node.name(), completeTo.get());
                return RunOutcome.ok();
            });
        }
        return false;
    }

    /** A once is complete only up to its last unit. */
    private Optional<Instant> writtenTo(Node node, Optional<Instant> inputs) throws SQLException {
        Instant coveredTo = ModelState.read(writer.sql(), node).coveredTo();
        return inputs.filter(any -> coveredTo != null).map(time -> time.isBefore(coveredTo) ? time : coveredTo);
    }

    private void refresh(Node node) throws Exception {
        for (int conflicts = 1; ; conflicts++) {
            try {
                commitAll(node);
                return;
            } catch (TestFailedException e) {
                report(
                        node,
                        node.name(),
                        ModelState.Status.FAILED,
                        e.getMessage(),
                        sql -> TestState.write(sql, e.failed(), false));
                return;
            } catch (SQLException | FencedOffException | RuntimeException e) {
                if (!writer.isValid()) {
                    throw e;
                }
                if (!ModelError.isConflict(e)) {
                    report(node, ModelState.Status.FAILED, ModelError.describe(node, e));
                    return;
                }
                if (conflicts == MOST_CONFLICTS) {
                    report(
                            node,
                            ModelState.Status.HELD,
                            "Other transactions were in the way " + conflicts + " times: "
                                    + ModelError.describe(node, e) + ". It is tried again at the next run.");
                    return;
                }
                Thread.sleep(CONFLICT_WAIT.multipliedBy(conflicts).toMillis());
            }
        }
    }

    private void commitAll(Node node) throws Exception {
        Materialization materialization = materialization(node);
        boolean more = true;
        while (more) {
            more = commitNext(node, materialization);
        }
    }

    private Materialization materialization(Node node) {
        return switch (node.kind()) {
            case VIEW -> new ViewMaterialization(run, (Model) node);
            case TABLE, SEED -> new TableMaterialization(run, node);
            case RECALC -> new IncrementalMaterialization(run, (Model) node);
            case ONCE -> new OnceMaterialization(run, (Model) node);
        };
    }

    /** @return whether the node needs another transaction */
    private boolean commitNext(Node node, Materialization materialization) throws Exception {
        try (Writer own = run.warehouse().tryWriter("refresh:" + node.name()).orElse(null)) {
            if (own == null) {
                report(
                        node,
                        ModelState.Status.HELD,
                        "Another process refreshes this model. It is tried again at the next run.");
                return false;
            }
            Change change = next(node, materialization, own);
            if (change.recorded()) {
                own.begin("refresh", change.window());
            }
            AtomicReference<SQLException> conflict = new AtomicReference<>();
            RunOutcome outcome = own.commitWithState(tx -> execute(node, change, tx, conflict));
            if (conflict.get() != null) {
                throw conflict.get();
            }
            if (outcome.status() == RunOutcome.Status.HELD) {
                report(node, ModelState.Status.HELD, outcome.error());
                return false;
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

    private static Change next(Node node, Materialization materialization, Writer own) throws SQLException {
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
    private RunOutcome execute(Node node, Change change, Transaction tx, AtomicReference<SQLException> conflict)
            throws Exception {
        try {
            RunOutcome outcome = change.work().in(tx);
            if (outcome.status() == RunOutcome.Status.OK) {
                tests.run(tx, node, change, outcome);
                if (change.last()) {
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

    private void report(Node node, ModelState.Status status, String error) throws Exception {
        report(node, node.name(), status, error, sql -> {});
    }

    /** @param more what is recorded with it */
    private void report(Node node, String cause, ModelState.Status status, String error, Transaction.State more)
            throws Exception {
        notRefreshed.put(node.name(), cause);
        LOG.warn("model={} status={} {}", node.name(), status.text(), error);
        writer.commitWithState(tx -> {
            ModelState.writeProblem(tx.sql(), node, status, cause.equals(node.name()) ? null : cause, error);
            more.write(tx.sql());
            return RunOutcome.ok();
        });
    }

    private boolean hasUnitsLeft(Node node) throws SQLException {
        return switch (node.kind()) {
            case RECALC -> new PendingUnits(writer.sql(), (Model) node, run.now()).areLeft();
            case ONCE -> OnceUnits.read(writer.sql(), run, (Model) node).hasWork();
            default -> false;
        };
    }
}
