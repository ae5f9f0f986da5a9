package serai.watch.outbox;

import serai.warehouse.RunOutcome;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/** Queues notices of operators' own routes, each in a transaction of its own. */
public final class NoticeQueue {

    private final Warehouse warehouse;
    private final OperatorNotices operators;

    /** @param operators where they go to */
    public NoticeQueue(Warehouse warehouse, OperatorNotices operators) {
        this.warehouse = warehouse;
        this.operators = operators;
    }

    /**
     * Queues a notice; does nothing when one of the same route and key was queued.
     *
     * @throws IllegalStateException when {@code watch.slack-webhook} is not set
     */
    void queue(String route, String key, String text) throws Exception {
        if (!operators.isEnabled()) {
            throw new IllegalStateException("kamelet:notify-slack has no address: set watch.slack-webhook.");
        }
        try (Writer writer = warehouse.writer("notice:" + route)) {
            writer.commitWithState(tx -> {
                operators.queue(tx.connection(), String.join("\0", "notice", route, key), text);
                return RunOutcome.ok();
            });
        }
    }
}
