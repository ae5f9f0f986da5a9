package serai.watch.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * When rules are due. The due times of a rule are {@code run_every} apart and shifted by whole seconds that depend on
 * its name: so rules of one interval are spread over it, those of one second share a request and a commit, and the
 * severities of a rule run together. A rule that was taken is not in the schedule until it is put back: its runs never
 * overlap, and the due times that pass meanwhile are merged into the next run. Thread-safe.
 */
final class RuleSchedule {

    private static final int MILLIS_BETWEEN_FIRST_RUNS = 2;
    private static final int SLOT_MILLIS = 1_000;
    private static final int SPREAD_MILLIS_AFTER_PAUSE = 5_000;

    private final PriorityQueue<RunningRule> waiting = new PriorityQueue<>(Comparator.comparing(RunningRule::due));

    /**
     * A run that is due.
     *
     * @param lag how late it begins
     * @param merged earlier due times that passed and are part of it
     */
    record Start(RunningRule rule, Duration lag, int merged) {}

    /** Adds rules that have no due time yet: due now, or, when there are many, each a little after the one before. */
    synchronized void add(List<RunningRule> rules, Instant now) {
        long wait = 0;
        for (RunningRule rule : rules) {
            rule.setDue(now.plusMillis(wait % rule.alertRule().rule().runEvery().toMillis()));
            pause(rule, now);
            waiting.add(rule);
            wait += MILLIS_BETWEEN_FIRST_RUNS;
        }
    }

    /** After an edit, a rule waits no longer than its new interval. */
    synchronized void edited(RunningRule rule, Instant now) {
        if (waiting.remove(rule)) {
            Instant next = next(rule, now);
            rule.setDue(next.isBefore(rule.due()) ? next : rule.due());
            waiting.add(rule);
        }
    }

    /** Takes the next run that is due, and sets the rule's next due time; null when none is due. */
    synchronized Start take(Instant now) {
        while (!waiting.isEmpty() && !waiting.peek().due().isAfter(now)) {
            RunningRule rule = waiting.poll();
            if (rule.isRemoved()) {
                continue;
            }
            Instant due = rule.due();
            Instant next = next(rule, now);
            rule.setDue(next);
            if (!rule.isDisabled()) {
                return new Start(rule, Duration.between(due, now), passed(rule, due, next));
            }
            waiting.add(rule);
        }
        return null;
    }

    /** Puts a rule back after its run; due now when the run was incomplete. */
    synchronized void putBack(RunningRule rule, boolean incomplete, Instant now) {
        if (rule.isRemoved()) {
            return;
        }
        if (incomplete) {
            rule.setDue(now);
        } else {
            pause(rule, now);
        }
        waiting.add(rule);
    }

    /** Rules whose pauses end at the same time are spread over a few seconds. */
    private static void pause(RunningRule rule, Instant now) {
        rule.pause(now)
                .ifPresent(until -> rule.setDue(
                        until.plusMillis(spread(rule.alertRule().rule().nameInFile()) % SPREAD_MILLIS_AFTER_PAUSE)));
    }

    synchronized void remove(RunningRule rule) {
        waiting.remove(rule);
    }

    synchronized void clear() {
        waiting.clear();
    }

    /** For how long the rule that waits longest has been due. */
    synchronized Duration lag(Instant now) {
        RunningRule first = waiting.peek();
        return first == null || first.due().isAfter(now) ? Duration.ZERO : Duration.between(first.due(), now);
    }

    /** The first due time of a rule after an instant. */
    static Instant next(RunningRule rule, Instant after) {
        long every = rule.alertRule().rule().runEvery().toMillis();
        long shift = Math.floorMod(spread(rule.alertRule().rule().nameInFile()), Math.max(1, every / SLOT_MILLIS))
                * SLOT_MILLIS;
        long steps = Math.floorDiv(after.toEpochMilli() - shift, every) + 1;
        return Instant.ofEpochMilli(steps * every + shift);
    }

    /** How many due times lie between two, neither counted. */
    private static int passed(RunningRule rule, Instant due, Instant next) {
        long every = rule.alertRule().rule().runEvery().toMillis();
        return (int) Math.max(0, (Duration.between(due, next).toMillis() - 1) / every);
    }

    private static long spread(String name) {
        return name.hashCode() * 0x9E3779B97F4A7C15L >>> 1;
    }
}
