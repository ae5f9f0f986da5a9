package serai.watch.engine;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import serai.warehouse.Transaction;
import serai.watch.alert.AlertListener;
import serai.watch.alert.AlertRule;

/** Records what runs did, in the transaction that commits them, for another system. */
@FunctionalInterface
public interface RunRecorder {

    /** Records nothing. */
    RunRecorder NONE = (tx, now) -> new Recording() {};

    /** Begins the record of one transaction. */
    Recording begin(Transaction tx, Instant now);

    /** The record of one transaction; it observes the transaction's alert store too. */
    interface Recording extends AlertListener {

        /**
         * A run succeeded.
         *
         * @param start the beginning of the time that it queried
         * @param end the end of that time
         * @param hits the documents that it found
         */
        default void onSuccess(
                AlertRule rule, Instant start, Instant end, long hits, long matches, Duration duration) {}

        /** A run failed; the reason holds no secret. */
        default void onFailure(AlertRule rule, String reason) {}

        /** Writes the record in its transaction; called once, before the commit. */
        default void write() throws SQLException {}
    }
}
