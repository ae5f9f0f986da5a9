package serai.watch.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import serai.watch.run.RuleRun;

/**
 * How many documents of a rule were rejected, of how many that it read. It counts from the first one, for an hour; then
 * from the next one. So a share is that of the present, and a rule is in order within an hour after its documents are.
 * Immutable.
 *
 * @param since when the first was rejected; null when none is
 * @param reason why the last one was rejected, or null
 */
record RejectedDocuments(Instant since, long rejected, long read, String reason) {

    static final RejectedDocuments NONE = new RejectedDocuments(null, 0, 0, null);

    private static final Duration PERIOD = Duration.ofHours(1);

    /** The counts with those of another run. */
    RejectedDocuments after(RuleRun.Result result, Instant startedAt) {
        List<RuleRun.UnusableDocument> unusable = result.unusable();
        RejectedDocuments before = since == null || since.isBefore(startedAt.minus(PERIOD)) ? NONE : this;
        if (before.since == null && unusable.isEmpty()) {
            return NONE;
        }
        return new RejectedDocuments(
                before.since == null ? startedAt : before.since,
                before.rejected + unusable.size(),
                before.read + result.fresh(),
                unusable.isEmpty()
                        ? before.reason
                        : unusable.get(unusable.size() - 1).reason());
    }

    /**
     * The status of the rule.
     *
     * @param bound the share of rejected documents above which the rule counts as failed
     */
    String status(double bound) {
        if (since == null) {
            return "ok";
        }
        return rejected > bound * read ? "failed" : "warning";
    }

    /** How many documents were rejected, and why; null when none was. */
    String text() {
        return since == null
                ? null
                : rejected + " of " + read + " documents since " + since.truncatedTo(ChronoUnit.SECONDS)
                        + " were rejected and are in meta.rejects: " + reason + ".";
    }
}
