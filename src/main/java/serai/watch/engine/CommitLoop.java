package serai.watch.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;
import serai.watch.alert.AlertRule;

/**
 * The one thread that knows what is committed. While this process is the writer of the rules it takes in edits of them,
 * and commits the runs that ended while it was at the commit before. When it loses that, it forgets all and begins
 * again from the warehouse; another process waits for it just so.
 */
final class CommitLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(CommitLoop.class);
    private static final Duration NEXT_TRY = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(250);

    private final Warehouse warehouse;
    private final RuleSchedule schedule;
    private final CommitBatch.Verdict verdict;
    private final Chores chores;
    private final FinishedRuns runs;
    private final EngineMetrics figures;
    private final Clock clock;
    private final FailureLog failures = new FailureLog();
    private volatile Map<String, AlertRule> wanted;
    private volatile boolean leading;
    private volatile boolean closing;
    private String trouble;
    private String choresTrouble;

    /** What is to be done once a second beside the runs. */
    @FunctionalInterface
    interface Chores {
        void run(Writer writer, Map<String, RunningRule> rules, Instant now) throws Exception;
    }

    CommitLoop(
            Warehouse warehouse,
            RuleSchedule schedule,
            CommitBatch.Verdict verdict,
            Chores chores,
            FinishedRuns runs,
            EngineMetrics figures,
            Clock clock) {
        this.warehouse = warehouse;
        this.schedule = schedule;
        this.verdict = verdict;
        this.chores = chores;
        this.runs = runs;
        this.figures = figures;
        this.clock = clock;
    }

    /** Says which rules should run, by their names; they do soon. */
    void want(Map<String, AlertRule> rules) {
        wanted = rules;
    }

    /** Whether this process is the one that runs the rules. */
    boolean isLeading() {
        return leading;
    }

    /** Ends the thread once the runs under way are committed. */
    void close() {
        closing = true;
    }

    @Override
    public void run() {
        while (!closing) {
            try (Writer writer = leadership()) {
                if (writer != null) {
                    lead(writer);
                }
            } catch (InterruptedException e) {
                return;
            } catch (Exception | LinkageError e) {
                sayTrouble(e);
            }
        }
    }

    private Writer leadership() throws Exception {
        Optional<Writer> taken = wanted == null ? Optional.empty() : warehouse.tryWriter("rules");
        if (taken.isEmpty()) {
            TimeUnit.NANOSECONDS.sleep(wanted == null ? LOOK.toNanos() : NEXT_TRY.toNanos());
            runs.drop();
        }
        return taken.orElse(null);
    }

    private void lead(Writer writer) throws Exception {
        ActiveRules crew = new ActiveRules(writer, schedule, failures, clock);
        try {
            CommitBatch commit = new CommitBatch(writer, verdict);
            long choresAt = System.nanoTime();
            settle(crew);
            leading = true;
            while (!closing || runs.underWay() > 0) {
                commit(commit, crew, runs.gather(LOOK));
                if (System.nanoTime() - choresAt > 0) {
                    chores(writer, crew.rules());
                    choresAt = System.nanoTime() + NEXT_TRY.toNanos();
                }
                calm();
            }
        } finally {
            leading = false;
            crew.dismiss();
            runs.drop();
        }
    }

    private void settle(ActiveRules crew) throws Exception {
        crew.settle(wanted);
        figures.rules(crew.rules().size());
    }

    /**
     * What was found after an edit was accepted is told as the edit says: the crew is settled after the batch is there,
     * and runs of rules that are gone by then are let go.
     */
    private void commit(CommitBatch commit, ActiveRules crew, List<FinishedRun> batch) throws Exception {
        try {
            settle(crew);
            settle(commit.all(batch.stream().filter(run -> !run.rule().isGone()).toList(), clock.instant()));
        } finally {
            // also when they are lost with their commit: there is room for so many runs only
            batch.forEach(run -> runs.settled());
        }
    }

    private void settle(List<FinishedRun> committed) {
        for (FinishedRun run : committed) {
            boolean more = run.failure() == null && !run.result().complete();
            schedule.putBack(run.rule(), more, clock.instant());
            failures.note(run);
            figures.done(run);
        }
    }

    private void chores(Writer writer, Map<String, RunningRule> rules) throws Exception {
        try {
            chores.run(writer, rules, clock.instant());
            choresTrouble = null;
        } catch (Exception e) {
            if (WarehouseFailure.is(e, writer)) {
                throw e;
            }
            if (!e.toString().equals(choresTrouble)) {
                choresTrouble = e.toString();
                LOG.error("What waits to be told in a group could not be told; it is tried each second", e);
            }
        }
    }

    private void sayTrouble(Throwable e) {
        String now = String.valueOf(e.getMessage());
        if (!now.equals(trouble)) {
            trouble = now;
            LOG.warn(
                    "What the alert rules find cannot be committed; they begin again from what the warehouse has: {}",
                    now,
                    e);
        }
        try {
            TimeUnit.NANOSECONDS.sleep(NEXT_TRY.toNanos());
        } catch (InterruptedException interrupted) {
            closing = true;
        }
    }

    private void calm() {
        if (trouble != null) {
            trouble = null;
            LOG.info("What the alert rules find can be committed again.");
        }
    }
}
