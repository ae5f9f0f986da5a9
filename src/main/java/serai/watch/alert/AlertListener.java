package serai.watch.alert;

import java.time.Instant;
import java.util.List;
import serai.watch.message.Alert;

/** Observes what is written to an {@link AlertStore}, to record it elsewhere as well. */
public interface AlertListener {

    /** Ignores everything. */
    AlertListener NONE = new AlertListener() {};

    /** A silence was set; not called where a longer one stays. */
    default void onSilence(Silence silence) {}

    /** A match was added to a group. */
    default void onGrouped(AlertRule rule, AlertGroup group, Finding finding) {}

    /** Matches were taken from a group; the next alert whose id begins with the group's holds them. */
    default void onTaken(AlertGroup group, List<AlertStore.PendingMatch> matches) {}

    /** An alert was queued for the alerters of its rule. */
    default void onAlert(AlertRule rule, Alert alert, Instant at) {}
}
