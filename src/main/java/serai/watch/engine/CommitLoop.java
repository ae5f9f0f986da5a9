package serai.watch.engine;

import java.time.Clock;
import java.time.Duration;
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
 * The one thread that commits. While this process is the leader, which is the one writer of the rules, it takes in
 * edits of the rules and commits the runs that ended during the last commit. When it loses the lead, it drops all state
 * in memory and starts again from the warehouse, as another process does that waits for the lead.
 */
final class CommitLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(CommitLoop.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration UPKEEP_EVERY = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(250);

    private final Warehouse warehouse;
    private final RuleSchedule schedule;
    private final DecisionStage decisions;
    private final CommitQueue queue;
    private final EngineMetrics metrics;
    private final double rejectedShare;
    private final Clock clock;
    private final FailureLog failures = new FailureLog();
    private volatile Map<String, AlertRule> loaded;
    private volatile boolean leading;
    private volatile boolean closing;
    private String problem;
    private String upkeepProblem;

    CommitLoop(
            Warehouse warehouse,
            RuleSchedule schedule,
            DecisionStage decisions,
            CommitQueue queue,
            EngineMetrics metrics,
            double rejectedShare,
            Clock clock) {
        this.warehouse = warehouse;
        this.schedule = schedule;
        this.decisions = decisions;
        this.queue = queue;
        this.metrics = metrics;
        this.rejectedShare = rejectedShare;
        this.clock = clock;
    }

    /** Sets the rules that should run, by their names; the loop takes them in soon. */
    void setRules(Map<String, AlertRule> rules) {
        loaded = rules;
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
            try (Writer writer = waitForLead()) {
                if (writer != null) {
                    lead(writer);
                }
            } catch (InterruptedException e) {
                return;
            } catch (Exception | LinkageError e) {
                waitAfter(e);
            }
        }
    }

    /** Null when there are no rules yet, or another process leads; a while has passed then. */
    private Writer waitForLead() throws Exception {
        Optional<Writer> writer = loaded == null ? Optional.empty() : warehouse.tryWriter("rules");
        if (writer.isEmpty()) {
            TimeUnit.NANOSECONDS.sleep(loaded == null ? POLL.toNanos() : RETRY_AFTER.toNanos());
            queue.clear();
        }
        return writer.orElse(null);
    }

    private void lead(Writer writer) throws Exception {
        ActiveRules rules = new ActiveRules(writer, schedule, failures, clock);
        try {
            CommitBatch batch = new CommitBatch(writer, decisions, rejectedShare);
            long nextUpkeep = System.nanoTime();
            sync(rules);
            leading = true;
            while (!closing || queue.underWay() > 0) {
                commit(batch, rules, queue.poll(POLL));
                if (System.nanoTime() - nextUpkeep > 0) {
                    upkeep(writer, rules);
                    nextUpkeep = System.nanoTime() + UPKEEP_EVERY.toNanos();
                }
                logRecovery();
            }
        } finally {
            leading = false;
            rules.stop();
            queue.clear();
        }
    }

    private void sync(ActiveRules rules) throws Exception {
        rules.sync(loaded);
        metrics.setRules(rules.rules().size());
    }

    /**
     * Edits are taken in after the runs are gathered: matches that are found after an edit was accepted lead to alerts
     * of the edited rule, and runs of rules that were removed meanwhile are dropped.
     */
    private void commit(CommitBatch batch, ActiveRules rules, List<FinishedRun> runs) throws Exception {
        try {
            sync(rules);
            List<FinishedRun> current =
                    runs.stream().filter(run -> !run.rule().isRemoved()).toList();
            batch.commit(current, clock.instant()).forEach(this::putBack);
        } finally {
            // also when the commit fails: the number of runs under way is limited
            runs.forEach(run -> queue.settled());
        }
    }

    private void putBack(FinishedRun run) {
        boolean incomplete = run.failure() == null && !run.result().complete();
        schedule.putBack(run.rule(), incomplete, clock.instant());
        failures.add(run);
        metrics.add(run);
    }

    private void upkeep(Writer writer, ActiveRules rules) throws Exception {
        try {
            rules.applySwitches();
            decisions.release(writer, rules.rules(), clock.instant());
            upkeepProblem = null;
        } catch (Exception e) {
            if (WarehouseFailure.is(e, writer)) {
                throw e;
            }
            if (!e.toString().equals(upkeepProblem)) {
                upkeepProblem = e.toString();
                LOG.error("Grouped alerts and resolutions cannot be sent; it is tried again each second", e);
            }
        }
    }

    private void waitAfter(Throwable e) {
        String message = String.valueOf(e.getMessage());
        if (!message.equals(problem)) {
            problem = message;
            LOG.warn(
                    "Runs of alert rules cannot be committed and are repeated from the state in the warehouse: {}",
                    message,
                    e);
        }
        try {
            TimeUnit.NANOSECONDS.sleep(RETRY_AFTER.toNanos());
        } catch (InterruptedException interrupted) {
            closing = true;
        }
    }

    private void logRecovery() {
        if (problem != null) {
            problem = null;
            LOG.info("Runs of alert rules can be committed again.");
        }
    }
}
