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
public record Outcome(
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

    public static Outcome ok(long read, long inserted, long deleted, long rejected, Instant dataAsOf) {
        return new Outcome(Status.OK, read, inserted, deleted, rejected, dataAsOf, null);
    }

    public static Outcome unchanged(long read, Instant dataAsOf) {
        return new Outcome(Status.UNCHANGED, read, 0, 0, 0, dataAsOf, null);
    }

    public static Outcome held(long read, long rejected, String reason) {
        return new Outcome(Status.HELD, read, 0, 0, rejected, null, reason);
    }

    public static Outcome failed(String reason) {
        return new Outcome(Status.FAILED, 0, 0, 0, 0, null, reason);
    }
}
