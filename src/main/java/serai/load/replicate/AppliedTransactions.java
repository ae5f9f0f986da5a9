package serai.load.replicate;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import serai.warehouse.Sql;

/**
 * Transactions that were applied and that the source may still hide from a query. A commit is in the log before others
 * see its rows: for an instant, or for as long as it waits for a standby. What a query reads in between would be older
 * than what was applied.
 */
final class AppliedTransactions {

    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Sql source;
    private final Set<Integer> hidden = new HashSet<>();
    /** All transactions that ran when the session began have ended when none is older than this number. */
    private String horizon;

    AppliedTransactions(Sql source) {
        this.source = source;
    }

    /**
     * Waits also for what runs now: it may have changed tables before they were published, or may be applied since an
     * earlier session.
     */
    void begin() throws SQLException {
        // a number of its own: a snapshot does not list those that began after the last one that ended
        horizon = source.first("select pg_current_xact_id()::text as xid", row -> row.text("xid"))
                .orElseThrow();
    }

    /** @param xids the lower 32 bits of their numbers */
    void add(Collection<Integer> xids) {
        hidden.addAll(xids);
    }

    /** Whether a query at the source sees all that was applied. */
    boolean areVisible() throws SQLException {
        if (horizon != null) {
            boolean past = source.first(
                            "select pg_snapshot_xmin(pg_current_snapshot()) >= ?::xid8 as past",
                            row -> row.flag("past"),
                            horizon)
                    .orElseThrow();
            if (!past) {
                return false;
            }
            horizon = null;
        }
        forget();
        return hidden.isEmpty();
    }

    /** Waits until a query at the source sees all that was applied. */
    void awaitVisible() throws SQLException {
        long end = System.nanoTime() + LONGEST.toNanos();
        for (forget(); !hidden.isEmpty(); forget()) {
            if (System.nanoTime() > end) {
                throw new SQLException(
                        "The source does not show transactions that are in its log; does it wait for a" + " standby?");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Forgets those that the source shows. */
    void forget() throws SQLException {
        if (!hidden.isEmpty()) {
            Set<Integer> running = new HashSet<>();
            int[] end = {0};
            source.each(
                    "select pg_snapshot_xmax(s)::text::bigint & 4294967295 as xmax, array(select"
                            + " (x::text::bigint & 4294967295)::text from pg_snapshot_xip(s) x) as running"
                            + " from pg_current_snapshot() s",
                    row -> {
                        end[0] = (int) row.number("xmax");
                        row.texts("running").forEach(xid -> running.add((int) Long.parseLong(xid)));
                    });
            // those from xmax on are hidden, too; numbers wrap around
            hidden.removeIf(xid -> end[0] - xid > 0 && !running.contains(xid));
        }
    }
}
