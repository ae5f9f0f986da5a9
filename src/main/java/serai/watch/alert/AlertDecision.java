package serai.watch.alert;

import java.time.Instant;

/**
 * What became of a match.
 *
 * @param alertId the alert that tells of it, or will; null when none does
 * @param alertAt when that is, or null
 */
public record AlertDecision(Finding finding, Fate fate, String alertId, Instant alertAt) {

    public enum Fate {
        /** A message was queued for it. */
        TOLD,
        /** It waits in a group. */
        GROUPED,
        /** A silence held it back; the next message of its key counts it. */
        SILENCED,
        /** An enhancement dropped it. */
        DROPPED,
        /** It was told, or grouped, by an earlier run. */
        REPEATED
    }
}
