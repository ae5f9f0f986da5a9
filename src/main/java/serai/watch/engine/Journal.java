package serai.watch.engine;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import serai.warehouse.Outcome;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;
import serai.watch.alert.AlertRule;

/**
 * The one thread that knows what is committed. While this process is the writer of the rules it takes in edits of them, and commits the
 * runs that finished while it was at the commit before. When it loses that, it forgets all and begins again from the warehouse; another
 * process waits for it just so.
 */
final class Journal implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final Duration NEXT_TRY = Duration.ofSeconds(1);
    private static final Duration GATHER = Duration.ofMillis(100);
    private static final int MOST_AT_ONCE = 500;

    private final Warehouse warehouse;
    private final Schedule schedule;
    private final Commit.Verdict verdict;
    private final Chores chores;
    private final Clock clock;
    private final FailureLog failures = new FailureLog();
    private final Figures figures;
    private final BlockingQueue<Finished> finished = new LinkedBlockingQueue<>();
    private final AtomicInteger underWay;
    private volatile Map<String, AlertRule> wanted;
    private volatile boolean leading;
    private volatile boolean closing;
    private String trouble;
    private String upkeepTrouble;

    Journal(Warehouse warehouse, Schedule schedule, Commit.Verdict verdict, Chores chores, AtomicInteger underWay, Figures figures,
            Clock clock) {
        this.warehouse = warehouse;
        this.schedule = schedule;
        this.verdict = verdict;
        this.chores = chores;
        this.underWay = underWay;
        this.figures = figures;
        this.clock = clock;
    }

    /** Says which rules should run, by their names; they do soon. */
    void want(Map<String, AlertRule> rules) {
        wanted = rules;
    }

    /** Takes a run that has ended. */
    void add(Finished run) {
        finished.add(run);
    }

    /** Whether this process is the one that runs the rules. */
    boolean isLeading() {
        return leading;
    }

    int waiting() {
        return finished.size();
    }

    /** Ends the thread once the runs under way are committed, or when the time is over. */
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
            drop(finished.poll(NEXT_TRY.toMillis(), TimeUnit.MILLISECONDS));
        }
        return taken.orElse(null);
    }

    private void lead(Writer writer) throws Exception {
        Map<String, RunningRule> held = null;
        Map<String, AlertRule> settled = null;
        try {
            Commit commit = new Commit(writer, verdict);
            long nextChores = 0;
            while (!closing || underWay.get() > 0) {
                Map<String, AlertRule> now = wanted;
                if (now != settled) {
                    held = settle(writer, now, held);
                    settled = now;
                    leading = true;
                }
                settle(commit.all(gather(), clock.instant()));
                if (System.nanoTime() - nextChores > 0) {
                    chores(writer, held);
                    nextChores = System.nanoTime() + NEXT_TRY.toNanos();
                }
                calm();
            }
        } finally {
            leading = false;
            forget(held);
        }
    }

    private Map<String, RunningRule> settle(Writer writer, Map<String, AlertRule> now, Map<String, RunningRule> held) throws Exception {
        Map<String, RunningRule> next = new HashMap<>();
        writer.commitWithState(tx -> {
            next.putAll(new Roster(tx.connection(), now).settle(held));
            return Outcome.ok(now.size(), 0, 0, 0, null);
        });
        Set<RunningRule> before = held == null ? Set.of() : Set.copyOf(held.values());
        List<RunningRule> joining = new ArrayList<>();
        now.forEach((name, alertRule) -> {
            RunningRule rule = next.get(name);
            if (!before.contains(rule)) {
                joining.add(rule);
            } else if (rule.alertRule() != alertRule) {
                rule.edited(alertRule);
                schedule.edited(rule, clock.instant());
            }
        });
        Set<RunningRule> after = Set.copyOf(next.values());
        before.stream().filter(r -> !after.contains(r)).forEach(this::remove);
        schedule.join(joining, clock.instant());
        figures.rules(next.size());
        return next;
    }

    private void remove(RunningRule rule) {
        rule.remove();
        schedule.remove(rule);
        failures.gone(rule.name());
    }

    /** Waits for a run to end, and a little longer while others are about to; at most a second in all. */
    private List<Finished> gather() throws InterruptedException {
        List<Finished> batch = new ArrayList<>();
        Finished first = finished.poll(NEXT_TRY.toMillis() / 4, TimeUnit.MILLISECONDS);
        long end = System.nanoTime() + GATHER.toNanos();
        for (Finished run = first; run != null; ) {
            if (run.rule().isGone()) {
                drop(run);
            } else {
                batch.add(run);
            }
            long left = batch.size() >= Math.min(underWay.get(), MOST_AT_ONCE) ? 0 : end - System.nanoTime();
            run = batch.size() == MOST_AT_ONCE ? null : finished.poll(Math.max(0, left), TimeUnit.NANOSECONDS);
        }
        return batch;
    }

    private void settle(List<Finished> committed) {
        for (Finished run : committed) {
            boolean more = run.failure() == null && !run.result().complete();
            schedule.putBack(run.rule(), more, clock.instant());
            underWay.decrementAndGet();
            failures.note(run);
            figures.done(run);
        }
    }

    private void chores(Writer writer, Map<String, RunningRule> held) throws Exception {
        try {
            chores.run(writer, held, clock.instant());
            upkeepTrouble = null;
        } catch (Exception e) {
            if (Outage.is(e, writer)) {
                throw e;
            }
            if (!e.toString().equals(upkeepTrouble)) {
                upkeepTrouble = e.toString();
                LOG.error("What waits to be told in a group could not be told; it is tried each second", e);
            }
        }
    }

    private void drop(Finished run) {
        if (run != null) {
            underWay.decrementAndGet();
        }
    }

    /** What was not committed is found in the warehouse as it was before. */
    private void forget(Map<String, RunningRule> held) {
        if (held != null) {
            held.values().forEach(RunningRule::remove);
        }
        schedule.clear();
        List<Finished> left = new ArrayList<>();
        finished.drainTo(left);
        left.forEach(this::drop);
    }

    private void sayTrouble(Throwable e) {
        String now = String.valueOf(e.getMessage());
        if (!now.equals(trouble)) {
            trouble = now;
            LOG.warn("What the alert rules find cannot be committed; they begin again from what the warehouse has: {}", now, e);
        }
        try {
            TimeUnit.MILLISECONDS.sleep(NEXT_TRY.toMillis());
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

    /** What is to be done once a second beside the runs. */
    @FunctionalInterface
    interface Chores {
        void run(Writer writer, Map<String, RunningRule> rules, java.time.Instant now) throws Exception;
    }
}
