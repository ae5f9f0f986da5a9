package serai.watch.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Finding;
import serai.watch.run.RuleRun;

/**
 * A run that has ended and waits for its commit.
 *
 * @param by the rule's text that it ran by
 * @param lag how late it started
 * @param merged runs before it that were due and are part of it
 * @param result what it found; null when it failed
 * @param findings its matches; those that may be told are finished
 * @param failure why it failed; null when it did not
 */
record FinishedRun(
        RunningRule rule,
        AlertRule by,
        Instant started,
        Duration lag,
        int merged,
        Duration took,
        RuleRun.Result result,
        List<Finding> findings,
        String failure) {

    FinishedRun failedBecause(String reason) {
        return new FinishedRun(rule, by, started, lag, merged, took, null, List.of(), reason);
    }
}
