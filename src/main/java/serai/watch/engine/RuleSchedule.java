package serai.watch.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * When rules are due. Each rule has a grid of times of its own, {@code run_every} apart and shifted by its name by
 * whole seconds: rules of one interval are spread over it, those of one second share a request and a commit, and the
 * severities of a rule run together. A rule that is taken is not here until it is put back: so no two runs of it
 * overlap, and the times that pass meanwhile are one run, the next.
 */
final class RuleSchedule {

    private static final int MILLIS_BETWEEN_FIRST_RUNS = 2;
    private static final int SLOT_MILLIS = 1_000;
    private static final int MILLIS_AFTER_A_PAUSE = 5_000;

    private final PriorityQueue<RunningRule> waiting = new PriorityQueue<>(Comparator.comparing(RunningRule::due));

    /** A rule whose time has come. */
    record Start(RunningRule rule, Duration lag, int merged) {}

    /**
     * Adds rules that have no time yet: they are due at once, or each a little later than the one before when there are
     * many.
     */
    synchronized void join(List<RunningRule> rules, Instant now) {
        long wait = 0;
        for (RunningRule rule : rules) {
            rule.due(now.plusMillis(wait % rule.alertRule().rule().runEvery().toMillis()));
            pause(rule, now);
            waiting.add(rule);
            wait += MILLIS_BETWEEN_FIRST_RUNS;
        }
    }

    /** Has a rule that was edited wait no longer than its interval of now. */
    synchronized void edited(RunningRule rule, Instant now) {
        if (waiting.remove(rule)) {
            Instant next = next(rule, now);
            rule.due(next.isBefore(rule.due()) ? next : rule.due());
            waiting.add(rule);
        }
    }

    /** The next rule whose time has come, with its next time set; null when there is none. */
    synchronized Start take(Instant now) {
        while (!waiting.isEmpty() && !waiting.peek().due().isAfter(now)) {
            RunningRule rule = waiting.poll();
            if (rule.isGone()) {
                continue;
            }
            Instant due = rule.due();
            Instant next = next(rule, now);
            rule.due(next);
            if (!rule.isDisabled()) {
                return new Start(rule, Duration.between(due, now), passed(rule, due, next));
            }
            waiting.add(rule);
        }
        return null;
    }

    /** Puts a rule back after its run. */
    synchronized void putBack(RunningRule rule, boolean atOnce, Instant now) {
        if (rule.isGone()) {
            return;
        }
        if (atOnce) {
            rule.due(now);
        } else {
            pause(rule, now);
        }
        waiting.add(rule);
    }

    /** Rules that may run again at the same hour do not all begin in the same moment. */
    private static void pause(RunningRule rule, Instant now) {
        rule.pause(now)
                .ifPresent(until -> rule.due(
                        until.plusMillis(spread(rule.alertRule().rule().nameInFile()) % MILLIS_AFTER_A_PAUSE)));
    }

    synchronized void remove(RunningRule rule) {
        waiting.remove(rule);
    }

    synchronized void clear() {
        waiting.clear();
    }

    synchronized int size() {
        return waiting.size();
    }

    /** How long the rule that waits longest has been due. */
    synchronized Duration lag(Instant now) {
        RunningRule first = waiting.peek();
        return first == null || first.due().isAfter(now) ? Duration.ZERO : Duration.between(first.due(), now);
    }

    /** The first time of the rule's grid after an instant. */
    static Instant next(RunningRule rule, Instant after) {
        long every = rule.alertRule().rule().runEvery().toMillis();
        long shift = Math.floorMod(spread(rule.alertRule().rule().nameInFile()), Math.max(1, every / SLOT_MILLIS))
                * SLOT_MILLIS;
        long steps = Math.floorDiv(after.toEpochMilli() - shift, every) + 1;
        return Instant.ofEpochMilli(steps * every + shift);
    }

    /**
     * How many times of the grid lie between two, neither counted: those are runs that were due and are part of this
     * one.
     */
    private static int passed(RunningRule rule, Instant due, Instant next) {
        long every = rule.alertRule().rule().runEvery().toMillis();
        return (int) Math.max(0, (Duration.between(due, next).toMillis() - 1) / every);
    }

    private static long spread(String name) {
        return name.hashCode() * 0x9E3779B97F4A7C15L >>> 1;
    }
}
