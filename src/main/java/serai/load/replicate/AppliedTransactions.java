package serai.load.replicate;

import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import serai.warehouse.Sql;

/**
 * Transactions that were applied and that the source may still hide from a query. A commit is in the log before others
 * see its rows: for an instant, or for as long as it waits for a standby. What a query reads in between would be older
 * than what was applied.
 */
final class AppliedTransactions {

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
        horizon = source.first("select pg_snapshot_xmax(pg_current_snapshot())::text as xid", row -> row.text("xid"))
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

    /** Forgets those that the source shows. */
    void forget() throws SQLException {
        if (!hidden.isEmpty()) {
            Set<Integer> running = new HashSet<>(source.list(
                    "select pg_snapshot_xip(pg_current_snapshot())::text::bigint & 4294967295 as xid",
                    row -> (int) row.number("xid")));
            hidden.retainAll(running);
        }
    }
}
