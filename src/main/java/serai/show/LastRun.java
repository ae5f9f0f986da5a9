package serai.show;

import java.time.Duration;
import java.time.Instant;

/**
 * A row of the ledger.
 *
 * @param status the value of {@code meta.runs.status}
 * @param finishedAt null while it runs
 */
record LastRun(
        String status,
        Instant startedAt,
        Instant finishedAt,
        long read,
        long inserted,
        long updated,
        long deleted,
        long rejected,
        String error) {

    /** How long it took, or null while it runs. */
    Long millis() {
        return finishedAt == null
                ? null
                : Duration.between(startedAt, finishedAt).toMillis();
    }
}
