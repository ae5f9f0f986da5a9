package serai.warehouse;

import java.time.Instant;

/**
 * How a run ended, as {@code meta.runs} records it.
 *
 * @param status the value of {@code meta.runs.status}
 * @param read records read, rejects included
 * @param inserted rows written
 * @param deleted rows removed
 * @param rejected records that went to {@code meta.rejects}
 * @param dataAsOf the newest event time in the data, or null
 * @param error what went wrong, in a sentence with the fix; null for {@code OK} and {@code UNCHANGED}
 */
public record RunOutcome(
        Status status, long read, long inserted, long deleted, long rejected, Instant dataAsOf, String error) {

    /** The values of {@code meta.runs.status} with which a run can end. */
    public enum Status {
        /** Rows were written. */
        OK,
        /** The warehouse has what was read already: nothing was written. */
        UNCHANGED,
        /** What was read could not be trusted: the old rows stay. */
        HELD,
        /** An error ended the run: the old rows stay. */
        FAILED
    }

    /** Done, with no rows to count: only the state of something changed. */
    public static RunOutcome ok() {
        return ok(0, 0, 0, 0, null);
    }

    /** Rows were written. */
    public static RunOutcome ok(long read, long inserted, long deleted, long rejected, Instant dataAsOf) {
        return new RunOutcome(Status.OK, read, inserted, deleted, rejected, dataAsOf, null);
    }

    /** What was read is in the warehouse already. */
    public static RunOutcome unchanged(long read, long rejected, Instant dataAsOf) {
        return new RunOutcome(Status.UNCHANGED, read, 0, 0, rejected, dataAsOf, null);
    }

    /** What was read is not trusted; the records that were rejected are kept. */
    public static RunOutcome held(long read, long rejected, String reason) {
        return new RunOutcome(Status.HELD, read, 0, 0, rejected, null, reason);
    }

    /** An error ended the run. */
    public static RunOutcome failed(String reason) {
        return new RunOutcome(Status.FAILED, 0, 0, 0, 0, null, reason);
    }
}
