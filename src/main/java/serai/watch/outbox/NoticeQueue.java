package serai.watch.outbox;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.RunOutcome;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/** Queues notices of operators' own routes, each in a transaction of its own. */
public final class NoticeQueue {

    private static final Logger LOG = LoggerFactory.getLogger(NoticeQueue.class);

    private final Warehouse warehouse;
    private final OperatorNotices operators;

    /** @param operators where they go to */
    public NoticeQueue(Warehouse warehouse, OperatorNotices operators) {
        this.warehouse = warehouse;
        this.operators = operators;
    }

    /**
     * Queues a notice; does nothing when one of the same route and key was queued. Without an address it goes to the
     * log.
     */
    void queue(String route, String key, String text) throws Exception {
        if (!operators.isEnabled()) {
            LOG.warn("route={} This notice goes nowhere, because watch.slack-webhook is not set: {}", route, text);
            return;
        }
        try (Writer writer = warehouse.writer("notice:" + route)) {
            writer.commitWithState(tx -> {
                operators.queue(tx.connection(), String.join("\0", "notice", route, key), text);
                return RunOutcome.ok();
            });
        }
    }
}
