package serai.watch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import serai.watch.alert.AlertRule;
import serai.watch.rule.RuleException;
import serai.watch.run.ExecutionLimit;
import serai.watch.run.RuleState;

/**
 * A rule as this process runs it. One thread at a time uses it: the schedule's while it waits, its run's, then the
 * commit loop's; only its text, and whether it runs at all, may change at any time.
 */
final class RunningRule {

    private volatile AlertRule alertRule;
    private volatile boolean removed;
    private volatile boolean disabledByOperator;
    private RuleState state;
    private JsonNode stored;
    private String fingerprint;
    private Instant due;
    private String failure;
    private RejectedDocuments rejected = RejectedDocuments.NONE;

    /**
     * @param stored {@code meta.rules.state}
     * @param fingerprint the rule's fingerprint when the state was made
     */
    RunningRule(AlertRule alertRule, RuleState state, JsonNode stored, String fingerprint) {
        this.alertRule = alertRule;
        this.state = state;
        this.stored = stored;
        this.fingerprint = fingerprint;
    }

    AlertRule alertRule() {
        return alertRule;
    }

    /** Takes in an edit; a run under way keeps the old text. */
    void setAlertRule(AlertRule edited) {
        alertRule = edited;
    }

    String name() {
        return alertRule.rule().name();
    }

    /** The state for the next run; the windows are dropped when an edit has changed their meaning. */
    RuleState state() {
        String current = alertRule.rule().fingerprint();
        if (!current.equals(fingerprint)) {
            state = state.withoutWindows();
            rejected = RejectedDocuments.NONE;
            fingerprint = current;
        }
        return state;
    }

    /** {@code meta.rules.state}, to write it only when it changes. */
    JsonNode stored() {
        return stored;
    }

    /** Takes the state that a run left, which is committed. */
    void advance(RuleState after, JsonNode newStored, String newFingerprint, RejectedDocuments newRejected) {
        state = after;
        rejected = newRejected;
        stored = newStored;
        fingerprint = newFingerprint;
        failure = null;
    }

    RejectedDocuments rejected() {
        return rejected;
    }

    void setRejected(RejectedDocuments documents) {
        rejected = documents;
    }

    /** Why its last run failed, or null. */
    String failure() {
        return failure;
    }

    void failed(String reason) {
        failure = reason;
    }

    /** When it is to run next; its lag is measured from then. */
    Instant due() {
        return due;
    }

    void setDue(Instant next) {
        due = next;
    }

    boolean isRemoved() {
        return removed;
    }

    void remove() {
        removed = true;
    }

    /**
     * Until when the rule pauses, when its file limits the times of its runs. With {@code limit_execution_coverage} the
     * time of the pause is not queried afterwards.
     */
    Optional<Instant> pause(Instant now) {
        try {
            Optional<ExecutionLimit> limit = ExecutionLimit.of(alertRule.rule());
            Optional<Instant> until = limit.flatMap(l -> l.pausedUntil(now));
            until.ifPresent(time -> state = limit.orElseThrow().paused(state(), time));
            return until;
        } catch (RuleException e) {
            throw new IllegalStateException("limit_execution was accepted and cannot be read: " + e.getMessage(), e);
        }
    }

    /** Whether the rule does not run, by its file or by an operator's command. */
    boolean isDisabled() {
        return disabledByOperator || !alertRule.rule().enabled();
    }

    boolean isDisabledByOperator() {
        return disabledByOperator;
    }

    void setDisabledByOperator(boolean disabled) {
        disabledByOperator = disabled;
    }
}
