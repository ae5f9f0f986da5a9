package serai.warehouse;

import java.time.Instant;
import serai.settings.Secrets;

/**
 * How a run ended, as {@code meta.runs} records it. Counts are 0 unless they are named, as in
 * {@code RunOutcome.ok().read(12).inserted(11).rejected(1)}.
 *
 * @param status the value of {@code meta.runs.status}
 * @param read records read, rejects included
 * @param inserted rows that are new
 * @param updated rows that were there before, with other values
 * @param deleted rows removed
 * @param gone rows that the source gave at its last load and gives no more
 * @param rejected records that went to {@code meta.rejects}
 * @param dataAsOf the newest event time in the data, or null
 * @param error what went wrong, in a sentence with the fix; null for {@code OK} and {@code UNCHANGED}
 */
public record RunOutcome(
        Status status,
        long read,
        long inserted,
        long updated,
        long deleted,
        long gone,
        long rejected,
        Instant dataAsOf,
        String error) {

    /** A server can repeat what it was sent, and errors quote servers. */
    public RunOutcome {
        error = Secrets.mask(error);
    }

    /** The values of {@code meta.runs.status} with which a run can end. */
    public enum Status {
        /** Rows were written. */
        OK,
        /** The warehouse has what was read already: nothing was written. */
        UNCHANGED,
        /** What was read could not be trusted: the old rows stay. */
        HELD,
        /** An error ended the run: the old rows stay. */
        FAILED;

        /** Whether the warehouse has what was read, so that the source's position advances. */
        boolean advances() {
            return this == OK || this == UNCHANGED;
        }
    }

    private static RunOutcome of(Status status, String error) {
        return new RunOutcome(status, 0, 0, 0, 0, 0, 0, null, error);
    }

    /** Rows, or the state of something, were written. */
    public static RunOutcome ok() {
        return of(Status.OK, null);
    }

    /** What was read is in the warehouse already. */
    public static RunOutcome unchanged() {
        return of(Status.UNCHANGED, null);
    }

    /** What was read is not trusted; the records that were rejected are kept. */
    public static RunOutcome held(String reason) {
        return of(Status.HELD, reason);
    }

    /** An error ended the run. */
    public static RunOutcome failed(String reason) {
        return of(Status.FAILED, reason);
    }

    /** The same with the number of records read, rejects included. */
    public RunOutcome read(long records) {
        return new RunOutcome(status, records, inserted, updated, deleted, gone, rejected, dataAsOf, error);
    }

    /** The same with the number of new rows. */
    public RunOutcome inserted(long rows) {
        return new RunOutcome(status, read, rows, updated, deleted, gone, rejected, dataAsOf, error);
    }

    /** The same with the number of rows whose values changed. */
    public RunOutcome updated(long rows) {
        return new RunOutcome(status, read, inserted, rows, deleted, gone, rejected, dataAsOf, error);
    }

    /** The same with the number of rows removed. */
    public RunOutcome deleted(long rows) {
        return new RunOutcome(status, read, inserted, updated, rows, gone, rejected, dataAsOf, error);
    }

    /** The same with the number of rows that the source gave at its last load and gives no more. */
    public RunOutcome gone(long rows) {
        return new RunOutcome(status, read, inserted, updated, deleted, rows, rejected, dataAsOf, error);
    }

    /** The same with the number of records that went to {@code meta.rejects}. */
    public RunOutcome rejected(long records) {
        return new RunOutcome(status, read, inserted, updated, deleted, gone, records, dataAsOf, error);
    }

    /** The same with the newest event time in the data; null when it is not known. */
    public RunOutcome dataAsOf(Instant newest) {
        return new RunOutcome(status, read, inserted, updated, deleted, gone, rejected, newest, error);
    }
}
