package serai.watch.alert;

import java.time.Instant;

/**
 * What was decided about a match.
 *
 * @param alertId the alert that the match is part of; null when there is none
 * @param alertAt when that alert is sent, or null
 */
public record AlertDecision(Finding finding, Outcome outcome, String alertId, Instant alertAt) {

    /** What a match leads to. */
    public enum Outcome {
        /** An alert was queued for it. */
        ALERTED,
        /** It waits in a group. */
        GROUPED,
        /** It is silenced; the next alert of its key counts it. */
        SILENCED,
        /** An enhancement dropped it. */
        DROPPED,
        /** An earlier run has alerted or grouped it. */
        REPEATED
    }
}
