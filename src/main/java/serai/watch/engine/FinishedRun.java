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
 * @param start the rule that ran, how late the run began, and how many due runs were merged into it
 * @param alertRule the rule as it was when the run began; it may have been edited since
 * @param result what the run found; null when it failed
 * @param findings its matches, prepared
 * @param failure why it failed; null when it succeeded
 */
record FinishedRun(
        RuleSchedule.Start start,
        AlertRule alertRule,
        Instant startedAt,
        Duration duration,
        RuleRun.Result result,
        List<Finding> findings,
        String failure) {

    RunningRule rule() {
        return start.rule();
    }

    FinishedRun failed(String reason) {
        return new FinishedRun(start, alertRule, startedAt, duration, null, List.of(), reason);
    }
}
