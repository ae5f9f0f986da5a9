package serai.watch.alert;

/** What became of a match. */
public record Verdict(Finding finding, Fate fate) {

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
