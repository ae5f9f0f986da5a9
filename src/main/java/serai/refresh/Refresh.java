package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.edits.EditRefusedException;
import serai.request.Pause;
import serai.request.Pauses;
import serai.request.Subject;
import serai.warehouse.RelationKind;
import serai.warehouse.RunOutcome;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/** Refreshes the models of a warehouse, one refresh at a time. Routes call it as the bean {@code refresh}. */
public final class Refresh {

    private static final Logger LOG = LoggerFactory.getLogger(Refresh.class);

    private final Warehouse warehouse;
    private final SqlFiles files;
    private final RefreshSettings settings;
    private final Clock clock;
    private final ReentrantLock running = new ReentrantLock();
    private volatile boolean stopping;

    Refresh(Warehouse warehouse, SqlFiles files, RefreshSettings settings, Clock clock) {
        this.warehouse = warehouse;
        this.files = files;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Brings all models up to date: runs until no day is left to recalculate, or {@code refresh.run-at-most} is over.
     * Does nothing while another refresh runs.
     */
    public void run() throws Exception {
        if (!running.tryLock()) {
            LOG.info("Skipped: the previous refresh is still running.");
            return;
        }
        try {
            runUntilDone(RefreshTarget.all(null), false);
        } finally {
            running.unlock();
        }
    }

    /**
     * As {@link #run}, but waits for a refresh that runs, in this process or elsewhere, and then begins another one.
     *
     * @throws IllegalArgumentException when there is no such model
     */
    void runNow(RefreshTarget target) throws Exception {
        running.lock();
        try {
            runUntilDone(target, true);
        } finally {
            running.unlock();
        }
    }

    private void runUntilDone(RefreshTarget target, boolean wait) throws Exception {
        Instant end = clock.instant().plus(settings.maxTime());
        // of later passes the same: what failed or changed is another question then
        Set<String> nodes = new LinkedHashSet<>();
        boolean unitsLeft = runOnce(target, nodes, target.days(), wait);
        while (unitsLeft && !stopping && clock.instant().isBefore(end)) {
            unitsLeft = runOnce(target, nodes, null, wait);
        }
    }

    /**
     * Goes once through all models and recalculates at most {@code refresh.units-per-transaction} units of each.
     *
     * @return whether days are left for another run
     */
    boolean runOnce() throws Exception {
        return runOnce(RefreshTarget.all(null), new LinkedHashSet<>(), null, false);
    }

    /**
     * Goes once through the models of a target.
     *
     * @param nodes those to refresh; empty before the first pass, which finds them
     * @param days of its model that a command names; null for what changed
     * @param wait whether to wait while another process refreshes
     */
    private boolean runOnce(RefreshTarget target, Set<String> nodes, RefreshTarget.Days days, boolean wait)
            throws Exception {
        ModelGraph graph = files.graph();
        if (graph == null) {
            LOG.info("Skipped: the SQL files have not been read yet.");
            return false;
        }
        Optional<Writer> writer = wait ? Optional.of(warehouse.writer("refresh")) : warehouse.tryWriter("refresh");
        if (writer.isEmpty()) {
            LOG.info("Skipped: another process refreshes this warehouse.");
            return false;
        }
        try (Writer all = writer.get()) {
            long runId = graph.usesRunId() ? all.begin("refresh", null) : 0;
            Instant now = target.now() == null ? clock.instant() : target.now();
            RunContext context = new RunContext(warehouse, graph, settings, now, runId, days);
            if (nodes.isEmpty()) {
                nodes.addAll(target.nodes(graph, ModelState.stale(all.sql(), graph, target.scope())));
            }
            boolean unitsLeft = new RefreshRun(context, nodes, all, () -> stopping).execute();
            all.end(RunOutcome.ok());
            return unitsLeft;
        }
    }

    /**
     * Rebuilds a model and, if the target says so, each recalc that reads it; what else reads them is then refreshed.
     *
     * @throws Exception as {@link #rebuild(String)} does, for the first model that cannot be rebuilt
     */
    void rebuild(RefreshTarget target) throws Exception {
        if (target.scope() == RefreshTarget.Scope.ALL) {
            rebuildAll(target);
            return;
        }
        rebuild(target.model());
        if (target.scope() != RefreshTarget.Scope.DOWNSTREAM) {
            return;
        }
        for (String name : target.nodes(files.graph(), Set.of())) {
            Node node = files.graph().get(name);
            if (!name.equals(target.model())
                    && node.kind().isMarked()
                    && !files.graph().isSnapshot(node)) {
                rebuild(name);
            }
        }
        runNow(target);
    }

    /** One that cannot be rebuilt does not keep the others from it; they are named at the end. */
    private void rebuildAll(RefreshTarget target) throws Exception {
        List<String> problems = new ArrayList<>();
        ModelGraph graph = files.resolveWithoutHistory().graph();
        for (Node node : graph.nodes()) {
            // the refresh that follows builds what has no table
            if (refusal(graph, node).isEmpty() && hasTable(node)) {
                try {
                    rebuild(node.name());
                } catch (SQLException | EditRefusedException | RuntimeException e) {
                    problems.add(node.name() + ": " + ModelError.describe(node, e));
                }
            }
        }
        runNow(target);
        if (!problems.isEmpty()) {
            throw new IllegalStateException("Not rebuilt:\n" + String.join("\n", problems));
        }
    }

    /**
     * Calculates a model's whole history with the newest text of its file and replaces the rows of its table, whose
     * columns may change. Meanwhile other models are refreshed and this one keeps its rows, unless the text names other
     * inputs, another window or another grain.
     *
     * @throws EditRefusedException when the file is wrong
     * @throws IllegalArgumentException when there is no such model, or its kind is not rebuilt
     * @throws IllegalStateException when the model is paused, when it has no table yet, or when the input no longer
     *     reaches back to the table's first day
     */
    public void rebuild(String name) throws Exception {
        long version = files.version();
        EditBatch batch = files.resolveForRebuild(name);
        Model model = rebuildable(batch.graph(), name);
        Optional<Pause> pause = Pauses.find(warehouse, new Subject(Subject.Kind.MODEL, name));
        if (pause.isPresent()) {
            throw new IllegalStateException(pause.get().refusal());
        }
        RunContext context = RunContext.of(warehouse, batch.graph(), settings, clock.instant());
        try (Writer own = warehouse.writer("refresh:" + name)) {
            if (!hasTable(model)) {
                throw new IllegalStateException(
                        name + " has no table yet, so there is nothing to rebuild: a refresh builds it.");
            }
            Optional<ModelRebuild.Staged> staged = isMarkedAsBefore(batch.graph(), model)
                    ? Optional.of(stageRebuild(own, context, model))
                    : Optional.empty();
            try (Writer all = warehouse.writer("refresh")) {
                ActiveModels.update(all, batch.graph());
                (staged.isPresent() ? staged.get() : stageRebuild(own, context, model)).replace();
                files.accept(batch, version);
            }
        }
    }

    private boolean hasTable(Node node) throws SQLException {
        try (Connection connection = warehouse.dataSource().getConnection()) {
            return RelationKind.of(connection, node.relation()).isPresent();
        }
    }

    private static ModelRebuild.Staged stageRebuild(Writer own, RunContext context, Model model) throws SQLException {
        return model.kind() == ModelKind.RECALC
                ? new ModelRebuild(context, model).stage(own)
                : KeyedMaterialization.stageRebuild(own, context, model);
    }

    /**
     * Whether refreshes that go on meanwhile mark what the new definition has to calculate again, so that the rows may
     * be calculated beside them.
     */
    private boolean isMarkedAsBefore(ModelGraph graph, Model model) {
        ModelGraph before = files.graph();
        return before != null
                && before.get(model.name()) instanceof Model old
                && old.kind() == model.kind()
                && old.key().equals(model.key())
                && Objects.equals(old.window(), model.window())
                && old.late().equals(model.late())
                && before.inputs(old).equals(graph.inputs(model));
    }

    private static Model rebuildable(ModelGraph graph, String name) {
        Node node = graph.get(name);
        if (node == null) {
            throw new IllegalArgumentException("There is no model " + name + ".");
        }
        Optional<String> refusal = refusal(graph, node);
        if (refusal.isPresent()) {
            throw new IllegalArgumentException(name + " is " + refusal.get());
        }
        return (Model) node;
    }

    /** Why nodes of a kind are not rebuilt, in the rest of a sentence; empty when they are. */
    static Optional<String> refusal(ModelGraph graph, Node node) {
        return switch (node.kind()) {
            case RECALC, UPSERT -> Optional.empty();
            case SCD2 ->
                graph.isSnapshot(node)
                        ? Optional.of("an scd2 without a change log: its versions are what earlier refreshes saw, which"
                                + " no input has any more. It cannot be rebuilt.")
                        : Optional.empty();
            case ONCE ->
                Optional.of("a once: it records what was true at the time, which no input has any more. It cannot be"
                        + " rebuilt.");
            default ->
                Optional.of(
                        node.kind().withArticle() + ": each refresh makes all of it, so there is nothing to rebuild.");
        };
    }

    /** Stops a running refresh after its present model, and waits for it. */
    void stop() {
        stopping = true;
        running.lock();
        running.unlock();
    }
}
