package serai.watch.outbox;

import java.sql.SQLException;
import java.util.Optional;
import serai.warehouse.RunOutcome;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * This process's lease of the outbox. It is held from the first commit until nothing is under way any more, and keeps
 * other processes from sending.
 */
final class OutboxLease {

    private final Warehouse warehouse;
    private final RateLimit rateLimit;
    private Writer writer;

    /** @param rateLimit gets the state that the last holder left, whenever the lease is acquired */
    OutboxLease(Warehouse warehouse, RateLimit rateLimit) {
        this.warehouse = warehouse;
        this.rateLimit = rateLimit;
    }

    /** What is written in one commit. */
    interface Work {
        void in(Transaction tx) throws Exception;
    }

    /** Acquires the lease unless it is held already; false when another process holds it. */
    boolean acquire() throws Exception {
        if (writer == null) {
            Optional<Writer> acquired = warehouse.tryWriter("outbox");
            acquired.ifPresent(w -> rateLimit.read(w.position()));
            writer = acquired.orElse(null);
        }
        return writer != null;
    }

    /** @throws SQLException also when another process holds the lease */
    void commit(Work work) throws Exception {
        if (!acquire()) {
            throw new SQLException("Another process took over the outbox; it sends the messages in 'sending' again.");
        }
        try {
            writer.commitWithState(tx -> {
                work.in(tx);
                return RunOutcome.ok();
            });
        } catch (Exception e) {
            // deliveries under way continue, and the next holder stores how they ended
            release();
            throw e;
        }
    }

    void release() throws SQLException {
        if (writer != null) {
            Writer done = writer;
            writer = null;
            done.close();
        }
    }
}
