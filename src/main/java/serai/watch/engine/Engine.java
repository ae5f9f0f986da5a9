package serai.watch.engine;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.Warehouse;
import serai.watch.alert.AlertDecider;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Finding;
import serai.watch.query.Search;
import serai.watch.run.RuleRun;
import serai.watch.run.RuleState;

/**
 * Runs the rules when they are due. A run does not block while it waits for answers, so a few threads run thousands of
 * rules. What a run found goes to the {@link CommitLoop}; the rule may run again when that has committed it.
 */
public final class Engine implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final int THREADS = Math.max(2, Runtime.getRuntime().availableProcessors());
    private static final Duration MAX_RUN = Duration.ofMinutes(15);
    private static final Duration MAX_STOP = Duration.ofSeconds(20);

    private final Search search;
    private final DecisionStage decisions;
    private final Limits limits;
    private final BooleanSupplier searchStopping;
    private final Clock clock;
    private final RuleSchedule schedule = new RuleSchedule();
    private final CommitQueue queue = new CommitQueue();
    private final EngineMetrics metrics = new EngineMetrics();
    private final CommitLoop commitLoop;
    private final Thread commitThread;
    private final ExecutorService executor;
    private volatile boolean closed;

    /**
     * Limits of the engine.
     *
     * @param run limits of one run
     * @param runsUnderWay how many runs may be under way
     * @param keepMatches how long matches are kept for rules with {@code source: matches}
     * @param rejectedShare the share of rejected documents above which a rule counts as failed
     */
    public record Limits(RuleRun.Bounds run, int runsUnderWay, Duration keepMatches, double rejectedShare) {}

    /**
     * Starts the engine; it runs nothing until {@link #setRules} is called.
     *
     * @param searchStopping whether the search is being closed: failures of runs are not recorded then
     * @param recorder records what runs did, in their commits
     */
    public Engine(
            Warehouse warehouse,
            Search search,
            AlertDecider decider,
            Limits limits,
            BooleanSupplier searchStopping,
            RunRecorder recorder,
            Clock clock) {
        this.search = search;
        this.decisions = new DecisionStage(warehouse, decider, search, recorder, limits.keepMatches());
        this.limits = limits;
        this.searchStopping = searchStopping;
        this.clock = clock;
        this.commitLoop = new CommitLoop(warehouse, schedule, decisions, queue, metrics, limits.rejectedShare(), clock);
        this.commitThread = daemon(commitLoop, "watch-commit");
        this.executor = Executors.newFixedThreadPool(THREADS, work -> daemon(work, "watch-run"));
        commitThread.start();
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Sets the rules that run from now on, by their names. Rules that run already keep their state. */
    public void setRules(Map<String, AlertRule> rules) {
        decisions.setRules(rules.values());
        commitLoop.setRules(Map.copyOf(rules));
    }

    /** Begins the runs that are due, and does not wait for them. */
    public void startDueRuns() {
        if (!commitLoop.isLeading() || closed) {
            return;
        }
        Instant now = clock.instant();
        while (queue.underWay() < limits.runsUnderWay()) {
            RuleSchedule.Start start = schedule.take(now);
            if (start == null) {
                return;
            }
            queue.begun();
            begin(start);
        }
    }

    private void begin(RuleSchedule.Start start) {
        AlertRule alertRule = start.rule().alertRule();
        RuleState before = start.rule().state();
        Instant startedAt = clock.instant();
        CompletableFuture.supplyAsync(
                        () -> new RuleRun(alertRule.rule(), before, search, limits.run(), startedAt).run(), executor)
                .thenCompose(run -> run)
                .thenCompose(result -> decisions
                        .prepare(alertRule, result, startedAt)
                        .thenApply(findings -> new Outcome(result, findings, null)))
                .orTimeout(MAX_RUN.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> new Outcome(null, List.of(), reason(start.rule(), failure)))
                .thenAccept(outcome -> queue.add(new FinishedRun(
                        start,
                        alertRule,
                        startedAt,
                        Duration.between(startedAt, clock.instant()),
                        outcome.result(),
                        outcome.findings(),
                        outcome.failure())));
    }

    private record Outcome(RuleRun.Result result, List<Finding> findings, String failure) {}

    /** Why a run failed. A run that is under way when Serai stops is dropped: its rule counts as removed. */
    private String reason(RunningRule rule, Throwable failure) {
        if (closed || searchStopping.getAsBoolean()) {
            rule.remove();
            return "Serai stops";
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Search.FailedException) {
            return String.valueOf(cause.getMessage());
        }
        String reason = "The run ended in an internal error: " + cause;
        if (!reason.equals(rule.failure())) {
            LOG.error("rule=\"{}\" The run ended in an internal error", rule.name(), cause);
        }
        return reason;
    }

    boolean isLeading() {
        return commitLoop.isLeading();
    }

    int runsUnderWay() {
        return queue.underWay();
    }

    int runsToCommit() {
        return queue.size();
    }

    double lagSeconds() {
        return schedule.lag(clock.instant()).toMillis() / 1000.0;
    }

    /** Registers the engine's metrics. */
    public void bindMetrics(MeterRegistry registry) {
        metrics.bind(registry, this);
    }

    /** Lets runs under way be committed, within bounds, and leaves the rules to another process. */
    @Override
    public void close() {
        closed = true;
        commitLoop.close();
        try {
            commitThread.join(MAX_STOP.toMillis());
            executor.shutdownNow();
            if (commitThread.isAlive()) {
                commitThread.interrupt();
                commitThread.join(MAX_STOP.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
