package serai.watch.alert;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import serai.warehouse.Transaction;

/** Hears, in the commit of runs, what they did: for those who keep a record of it elsewhere. */
@FunctionalInterface
public interface RunListener {

    /** Keeps no record. */
    RunListener NONE = (tx, now) -> new Page() {
        @Override
        public AlertStore over(AlertStore book, Function<String, AlertRule> rules) {
            return book;
        }

        @Override
        public void ran(AlertRule rule, Instant start, Instant end, long hits, long matches, Duration took) {
            // nobody wants to know
        }

        @Override
        public void failed(AlertRule rule, String reason) {
            // nobody wants to know
        }

        @Override
        public void write() {
            // there is nothing to write
        }
    };

    /** Opens a page for one transaction, at a time. */
    Page open(Transaction tx, Instant now);

    /** What is heard in one transaction. */
    interface Page {

        /**
         * The same book, listened to: silences, groups and alerts that pass through it are recorded.
         *
         * @param rules gives a rule by its name, or null
         */
        AlertStore over(AlertStore book, Function<String, AlertRule> rules);

        /** A run succeeded; the time that it looked at, all its hits, and how long it took. */
        void ran(AlertRule rule, Instant start, Instant end, long hits, long matches, Duration took);

        /** A run failed for a reason, which holds no secret. */
        void failed(AlertRule rule, String reason);

        /** Writes the page in its transaction; to be called once, before the commit. */
        void write() throws SQLException;
    }
}
