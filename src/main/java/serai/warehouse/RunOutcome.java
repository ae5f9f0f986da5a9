package serai.warehouse;

import java.time.Instant;

/**
 * How a run ended, as its ledger row says it.
 *
 * @param status the word in {@code meta.runs.status}
 * @param read records read, rejects included
 * @param inserted rows written
 * @param deleted rows removed
 * @param rejected records that went to {@code meta.rejects}
 * @param dataAsOf the newest event time in the data, or null
 * @param error why nothing was written, in a sentence with the mend; null when all is well
 */
public record RunOutcome(
        Status status, long read, long inserted, long deleted, long rejected, Instant dataAsOf, String error) {

    /** The words of {@code meta.runs.status} that a run can end with. */
    public enum Status {
        /** Rows were written. */
        OK,
        /** What was read is what the warehouse has: nothing was written. */
        UNCHANGED,
        /** The answer could not be trusted: the old rows stay. */
        HELD,
        /** It could not be done: the old rows stay. */
        FAILED
    }

    public static RunOutcome ok(long read, long inserted, long deleted, long rejected, Instant dataAsOf) {
        return new RunOutcome(Status.OK, read, inserted, deleted, rejected, dataAsOf, null);
    }

    public static RunOutcome unchanged(long read, Instant dataAsOf) {
        return new RunOutcome(Status.UNCHANGED, read, 0, 0, 0, dataAsOf, null);
    }

    public static RunOutcome held(long read, long rejected, String reason) {
        return new RunOutcome(Status.HELD, read, 0, 0, rejected, null, reason);
    }

    public static RunOutcome failed(String reason) {
        return new RunOutcome(Status.FAILED, 0, 0, 0, 0, null, reason);
    }
}
