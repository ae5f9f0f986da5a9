package serai.watch.outbox;

import java.sql.SQLException;
import java.util.Optional;
import serai.warehouse.RunOutcome;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * This process's turn at the outbox: it has one from its first commit until it has nothing under way, and no other
 * process meanwhile.
 */
final class OutboxLock {

    private final Warehouse warehouse;
    private final RateLimit pace;
    private Writer writer;

    /** @param pace is as the process before left it when a turn begins */
    OutboxLock(Warehouse warehouse, RateLimit pace) {
        this.warehouse = warehouse;
        this.pace = pace;
    }

    /** What is written in one commit. */
    interface Work {
        void in(Transaction tx) throws Exception;
    }

    /** Begins, if it has not begun; false when it is another process's turn. */
    boolean begin() throws Exception {
        if (writer == null) {
            Optional<Writer> taken = warehouse.tryWriter("outbox");
            taken.ifPresent(w -> pace.read(w.position()));
            writer = taken.orElse(null);
        }
        return writer != null;
    }

    /** @throws SQLException also when it is another process's turn */
    void commit(Work work) throws Exception {
        if (!begin()) {
            throw new SQLException("The outbox was lost to another process; its messages in 'sending' are sent again.");
        }
        try {
            writer.commitWithState(tx -> {
                work.in(tx);
                return RunOutcome.ok(0, 0, 0, 0, null);
            });
        } catch (Exception e) {
            // what is under way goes on, and is written down by the next writer
            end();
            throw e;
        }
    }

    void end() throws SQLException {
        if (writer != null) {
            Writer done = writer;
            writer = null;
            done.close();
        }
    }
}
