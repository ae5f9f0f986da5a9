package serai.refresh;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.request.Pauses;
import serai.request.Subject;
import serai.warehouse.RelationKind;
import serai.warehouse.RunOutcome;
import serai.warehouse.Writer;

/**
 * One run: each of its nodes once, those that do not need each other at the same time. A node that fails blocks those
 * that read it; the others go on.
 */
final class RefreshRun {

    private static final Logger LOG = LoggerFactory.getLogger(RefreshRun.class);

    /** How long a refresh waits for transactions that began before a model's watches. */
    private static final Duration WATCH_PATIENCE = Duration.ofSeconds(2);

    private final RunContext run;
    private final Set<String> selected;
    private final Writer writer;
    private final BooleanSupplier stopping;
    /** The nodes that are not up to date, each with the node that caused it, which may be itself. */
    private final Map<String, String> notRefreshed = new HashMap<>();

    /** The nodes that keep their rows for now, each with the reason. */
    private final Map<String, String> kept = new HashMap<>();

    /**
     * @param selected the nodes to refresh; the others stay as they are
     * @param writer the writer of the refresh as a whole
     * @param stopping whether to begin no further node
     */
    RefreshRun(RunContext run, Set<String> selected, Writer writer, BooleanSupplier stopping) {
        this.run = run;
        this.selected = selected;
        this.writer = writer;
        this.stopping = stopping;
    }

    /** @return whether another run is needed for units that are left */
    boolean execute() throws Exception {
        Declarations.warnOfMissingReaders(writer.sql(), run.settings());
        ActiveModels.update(writer, run.graph());
        TestState.update(writer, run.graph());
        new Watches(writer, run.graph()).update(WATCH_PATIENCE);
        try (Workers workers = new Workers()) {
            boolean unitsLeft = refreshAll(workers);
            if (stopping.getAsBoolean()) {
                return false;
            }
            // days that the last nodes changed and that no node reads
            Marks.distribute(writer, run.graph(), run.now());
            return unitsLeft;
        }
    }

    /** @return whether units are left */
    private boolean refreshAll(Workers workers) throws Exception {
        NodeOrder order = new NodeOrder(run.graph(), selected);
        boolean unitsLeft = false;
        while (true) {
            Optional<Node> next = stopping.getAsBoolean() ? Optional.empty() : order.next(workers::mayBegin);
            if (next.isPresent()) {
                if (!begin(next.get(), workers)) {
                    order.done(next.get());
                }
            } else if (workers.running == 0) {
                return unitsLeft;
            } else {
                Finished finished = workers.await();
                unitsLeft |= settle(finished);
                order.done(finished.node());
            }
        }
    }

    /**
     * What became of a node.
     *
     * @param inputs up to when its inputs were complete when it began; empty when that is not known, or recorded
     */
    private record Finished(Node node, Optional<Instant> inputs, Optional<NodeRefresh.Problem> problem) {}

    /** The threads that refresh nodes; all that coordinates them is done by the thread that waits for them. */
    private final class Workers implements AutoCloseable {

        /** Two connections are left: this run's, and one that is asked whether the warehouse answers. */
        private final int most =
                Math.max(1, Math.min(run.settings().parallel(), run.warehouse().poolSize() - 2));

        private final AtomicInteger number = new AtomicInteger();
        private final ExecutorService threads =
                Executors.newFixedThreadPool(most, task -> new Thread(task, "refresh-" + number.incrementAndGet()));
        private final CompletionService<Finished> results = new ExecutorCompletionService<>(threads);
        private int running;
        private boolean onceRuns;

        /** A once runs alone: changes of its input that are handed on while it seals a unit would not be counted. */
        boolean mayBegin(Node node) {
            return running == 0 || running < most && !onceRuns && node.kind() != ModelKind.ONCE;
        }

        void begin(Node node, Optional<Instant> inputs) {
            results.submit(() -> new Finished(node, inputs, new NodeRefresh(run, node).run()));
            running++;
            onceRuns = node.kind() == ModelKind.ONCE;
        }

        Finished await() throws Exception {
            try {
                Future<Finished> next = results.take();
                running--;
                onceRuns = false;
                return next.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }

        /** Waits for those that run: the next refresh must not meet them. */
        @Override
        public void close() throws InterruptedException {
            threads.shutdown();
            threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        }
    }

    /** @return whether a worker refreshes it now */
    private boolean begin(Node node, Workers workers) throws Exception {
        // read before the changed days are: what a source commits later is for the next run
        Completeness known = Completeness.read(writer.sql());
        Optional<Instant> inputs =
                known.least(run.graph().reads(node)).filter(time -> !known.isRecorded(node.name(), time));
        Marks.distribute(writer, run.graph(), run.now());
        if (isPaused(node)) {
            return false;
        }
        Optional<String> copied = HalfCopied.read(writer.sql()).of(run.graph(), node);
        if (copied.isPresent()) {
            record(
                    node,
                    null,
                    NodeRefresh.Problem.of(
                            ModelState.Status.HELD,
                            "It waits until " + copied.get()
                                    + " is copied (meta.replicated_tables), and keeps its rows."));
            keep(node, "waits until " + copied.get() + " is copied");
            return false;
        }
        Optional<String> cause = cause(node);
        if (cause.isPresent()) {
            String why = kept.getOrDefault(cause.get(), "could not be refreshed");
            report(
                    node,
                    cause.get(),
                    NodeRefresh.Problem.of(
                            ModelState.Status.BLOCKED, "It waits for " + cause.get() + ", which " + why + "."));
            return false;
        }
        if (node.kind().isMarked() && !Watches.areKnown(writer.sql(), (Model) node)) {
            report(
                    node,
                    node.name(),
                    NodeRefresh.Problem.of(
                            ModelState.Status.HELD,
                            "It waits for transactions that began before it could be told of their changes."));
            return false;
        }
        workers.begin(node, inputs);
        return true;
    }

    /** @return whether another run is needed for it: units of the node are left, or others were in the way */
    private boolean settle(Finished finished) throws Exception {
        Node node = finished.node();
        if (finished.problem().isPresent()) {
            NodeRefresh.Problem problem = finished.problem().get();
            if (problem.exception() != null && !writer.isValid()) {
                throw problem.exception();
            }
            if (problem.elsewhere()) {
                record(node, null, problem);
                keep(node, "is rebuilt or refreshed elsewhere");
                return false;
            }
            report(node, node.name(), problem);
            // what was in the way may have left marks, which the next run hands on
            return problem.status() == ModelState.Status.HELD && problem.exception() != null;
        }
        return complete(node, finished.inputs());
    }

    /** A paused node keeps its rows and its dirty days. */
    private boolean isPaused(Node node) throws SQLException {
        if (Pauses.find(writer.sql(), new Subject(Subject.Kind.MODEL, node.name()))
                .isEmpty()) {
            return false;
        }
        keep(node, "is paused");
        return true;
    }

    /** Those that read the node do not wait for it, unless it has no rows yet. */
    private void keep(Node node, String why) throws SQLException {
        kept.put(node.name(), why);
        if (RelationKind.of(writer.connection(), node.relation()).isEmpty()) {
            notRefreshed.put(node.name(), node.name());
        }
    }

    /**
     * The node for which a node has to wait. It does not wait for one that keeps its rows for now, which are like those
     * of a late source, unless there are none yet, or a later change of them would not be taken in.
     */
    private Optional<String> cause(Node node) {
        Set<String> upstream = run.graph().upstream(node);
        Optional<String> cause = upstream.stream()
                .filter(notRefreshed::containsKey)
                .map(notRefreshed::get)
                .findFirst();
        return cause.isPresent() || node.kind() != ModelKind.ONCE
                ? cause
                : upstream.stream().filter(kept::containsKey).findFirst();
    }

    private boolean complete(Node node, Optional<Instant> inputs) throws Exception {
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

    /** @param cause the node for which it waits, or itself */
    private void report(Node node, String cause, NodeRefresh.Problem problem) throws Exception {
        notRefreshed.put(node.name(), cause);
        record(node, cause.equals(node.name()) ? null : cause, problem);
    }

    /** @param cause the other node for which it waits, or null */
    private void record(Node node, String cause, NodeRefresh.Problem problem) throws Exception {
        LOG.warn("model={} status={} {}", node.name(), problem.status().text(), problem.error());
        writer.commitWithState(tx -> {
            ModelState.writeProblem(tx.sql(), node, problem.status(), cause, problem.error());
            problem.more().write(tx.sql());
            return RunOutcome.ok();
        });
    }

    private boolean hasUnitsLeft(Node node) throws SQLException {
        return switch (node.kind()) {
            case RECALC -> new PendingUnits(writer.sql(), (Model) node, run.now()).areLeft();
            case ONCE -> OnceUnits.read(writer.sql(), run, (Model) node).hasWork();
            case UPSERT, SCD2 -> KeyedMaterialization.hasMarksLeft(writer.sql(), (Model) node);
            default -> false;
        };
    }
}
