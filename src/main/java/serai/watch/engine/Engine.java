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
import serai.watch.alert.RunListener;
import serai.watch.query.Search;
import serai.watch.run.RuleRun;
import serai.watch.run.RuleState;

/**
 * Runs the rules when they are due. A run asks without waiting, so thousands need a few threads; what it found goes to
 * the {@link CommitLoop}, and only when that has committed it may the rule run again.
 */
public final class Engine implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final int THREADS = Math.max(2, Runtime.getRuntime().availableProcessors());
    private static final Duration LONGEST_RUN = Duration.ofMinutes(15);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(20);

    private final Search search;
    private final DecisionStage decisions;
    private final RuleRun.Bounds bounds;
    private final int atOnce;
    private final BooleanSupplier stopping;
    private final Clock clock;
    private final RuleSchedule schedule = new RuleSchedule();
    private final FinishedRuns runs = new FinishedRuns();
    private final EngineMetrics figures = new EngineMetrics();
    private final CommitLoop journal;
    private final Thread journalThread;
    private final ExecutorService executor;
    private volatile boolean closed;

    /**
     * @param atOnce how many runs may be under way
     * @param stopping whether what runs ask is being closed: their failures say nothing then
     * @param log is told, in the commits of runs, what they did
     * @param keepMatches how long matches are kept for rules that look for several of them
     */
    public Engine(
            Warehouse warehouse,
            Search search,
            AlertDecider alerting,
            RuleRun.Bounds bounds,
            int atOnce,
            BooleanSupplier stopping,
            RunListener log,
            Duration keepMatches,
            Clock clock) {
        this.search = search;
        this.decisions = new DecisionStage(warehouse, alerting, search, log, keepMatches);
        this.bounds = bounds;
        this.atOnce = atOnce;
        this.stopping = stopping;
        this.clock = clock;
        this.journal = new CommitLoop(warehouse, schedule, decisions, decisions::upkeep, runs, figures, clock);
        this.journalThread = daemon(journal, "watch-journal");
        this.executor = Executors.newFixedThreadPool(THREADS, r -> daemon(r, "watch-run"));
        journalThread.start();
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Says which rules should run from now on, by their names. Those that run already go on with what they know. */
    public void want(Map<String, AlertRule> rules) {
        decisions.rules(rules.values());
        journal.want(Map.copyOf(rules));
    }

    /** Begins the runs that are due; returns at once. */
    public void tick() {
        if (!journal.isLeading() || closed) {
            return;
        }
        Instant now = clock.instant();
        while (runs.underWay() < atOnce) {
            RuleSchedule.Start start = schedule.take(now);
            if (start == null) {
                return;
            }
            runs.begun();
            begin(start);
        }
    }

    private void begin(RuleSchedule.Start start) {
        AlertRule by = start.rule().alertRule();
        Instant begun = clock.instant();
        RuleState before = start.rule().state();
        CompletableFuture.supplyAsync(() -> new RuleRun(by.rule(), before, search, bounds, begun).run(), executor)
                .thenCompose(run -> run)
                .thenCompose(result ->
                        decisions.prepare(by, result, begun).thenApply(findings -> new Found(result, findings)))
                .orTimeout(LONGEST_RUN.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((found, failure) -> runs.add(finished(start, by, begun, found, failure)));
    }

    private record Found(RuleRun.Result result, List<Finding> findings) {}

    private FinishedRun finished(
            RuleSchedule.Start start, AlertRule by, Instant begun, Found found, Throwable failure) {
        Duration took = Duration.between(begun, clock.instant());
        if (failure == null) {
            return new FinishedRun(
                    start.rule(), by, begun, start.lag(), start.merged(), took, found.result(), found.findings(), null);
        }
        return new FinishedRun(
                start.rule(),
                by,
                begun,
                start.lag(),
                start.merged(),
                took,
                null,
                List.of(),
                failed(start.rule(), failure));
    }

    /** What a run says that failed; nobody hears of one that was under way when Serai stopped. */
    private String failed(RunningRule rule, Throwable failure) {
        if (closed || stopping.getAsBoolean()) {
            rule.remove();
            return "Serai stops";
        }
        return reason(rule, failure);
    }

    private static String reason(RunningRule rule, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Search.FailedException) {
            return String.valueOf(cause.getMessage());
        }
        String reason = "The run ended in an error of Serai's own: " + cause;
        if (!reason.equals(rule.failure())) {
            LOG.error("rule=\"{}\" The run ended in an error", rule.name(), cause);
        }
        return reason;
    }

    boolean isLeading() {
        return journal.isLeading();
    }

    int underWay() {
        return runs.underWay();
    }

    int toCommit() {
        return runs.waiting();
    }

    double lagSeconds() {
        return schedule.lag(clock.instant()).toMillis() / 1000.0;
    }

    /** Has the engine's figures in a registry. */
    public void publish(MeterRegistry registry) {
        figures.publish(registry, this);
    }

    /** Lets runs under way come to their commit, within bounds, and leaves the rules to another process. */
    @Override
    public void close() {
        closed = true;
        journal.close();
        try {
            journalThread.join(LONGEST_STOP.toMillis());
            executor.shutdownNow();
            if (journalThread.isAlive()) {
                journalThread.interrupt();
                journalThread.join(LONGEST_STOP.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
