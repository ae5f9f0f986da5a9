package serai.watch.run;

import java.time.Instant;
import java.util.Optional;
import serai.watch.rule.CronSchedule;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/** The times at which a rule may run (options {@code limit_execution} and {@code limit_execution_coverage}). */
public final class ExecutionLimit {

    private final Rule rule;
    private final CronSchedule times;

    private ExecutionLimit(Rule rule, CronSchedule times) {
        this.rule = rule;
        this.times = times;
    }

    /** Empty when the rule runs at all times. */
    public static Optional<ExecutionLimit> of(Rule rule) throws RuleException {
        Object expression = rule.fileOptions().value("limit_execution");
        return expression == null
                ? Optional.empty()
                : Optional.of(
                        new ExecutionLimit(rule, CronSchedule.of(rule.fileOptions(), "limit_execution", expression)));
    }

    /**
     * Until when the rule pauses. It is asked for after each run, and before the first run of a process, which is then
     * skipped. Empty when the rule does not pause.
     */
    public Optional<Instant> pausedUntil(Instant now) {
        return times.pausedUntil(now, now.minus(rule.queryDelay()), rule.runEvery());
    }

    /** The state during a pause: with {@code limit_execution_coverage} the time of the pause is never queried. */
    public RuleState paused(RuleState state, Instant until) {
        return rule.flag("limit_execution_coverage", false)
                ? new RuleState(until, until, state.seen(), state.type())
                : state;
    }
}
