package serai.watch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import serai.watch.alert.AlertRule;
import serai.watch.rule.RuleException;
import serai.watch.run.ExecutionLimit;
import serai.watch.run.RuleState;

/**
 * A rule as this process runs it. It is in the hands of one thread at a time: the schedule's while it waits, its run's,
 * then the journal's; only its text, and whether it is to run at all, may change at any time.
 */
final class RunningRule {

    private volatile AlertRule alertRule;
    private volatile boolean gone;
    private volatile boolean disabled;
    private RuleState state;
    private JsonNode kept;
    private String fingerprint;
    private Instant due;
    private String failure;

    /**
     * @param kept what {@code meta.rules} holds of the state
     * @param fingerprint what the state's windows mean
     */
    RunningRule(AlertRule alertRule, RuleState state, JsonNode kept, String fingerprint) {
        this.alertRule = alertRule;
        this.state = state;
        this.kept = kept;
        this.fingerprint = fingerprint;
    }

    AlertRule alertRule() {
        return alertRule;
    }

    void edited(AlertRule newer) {
        alertRule = newer;
    }

    String name() {
        return alertRule.rule().name();
    }

    /** What it knows; windows that mean something else by its text of now are let go. */
    RuleState state() {
        String now = alertRule.rule().fingerprint();
        if (!now.equals(fingerprint)) {
            state = state.endsAt() == null ? state : RuleState.of(state.endsAt(), state.kept(fingerprint), now);
            fingerprint = now;
        }
        return state;
    }

    /** What {@code meta.rules} holds of the state. */
    JsonNode kept() {
        return kept;
    }

    /** Takes what a run left, which is committed. */
    void advanced(RuleState after, JsonNode keptNow, String meaning) {
        state = after;
        kept = keptNow;
        fingerprint = meaning;
        failure = null;
    }

    /** What its last run said when it failed, or null. */
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

    void due(Instant next) {
        due = next;
    }

    boolean isGone() {
        return gone;
    }

    void remove() {
        gone = true;
    }

    /**
     * Until when it pauses, when its file limits its times; with a limit that says so, the pause is not looked at
     * afterwards.
     */
    Optional<Instant> pause(Instant now) {
        try {
            Optional<ExecutionLimit> limit = ExecutionLimit.of(alertRule.rule());
            Optional<Instant> until = limit.flatMap(l -> l.pausedUntil(now));
            until.ifPresent(time -> state = limit.orElseThrow().paused(state(), time));
            return until;
        } catch (RuleException e) {
            throw new IllegalStateException("a rule was accepted that cannot run: " + e.getMessage(), e);
        }
    }

    /** Whether an operator has stopped it, in its file or by a command. */
    boolean isDisabled() {
        return disabled || !alertRule.rule().enabled();
    }

    boolean isDisabledByHand() {
        return disabled;
    }

    void disable(boolean now) {
        disabled = now;
    }
}
