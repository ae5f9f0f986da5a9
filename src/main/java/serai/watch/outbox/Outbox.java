package serai.watch.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.watch.store.WarehouseAlertStore;

/**
 * The messages on their way, {@code meta.outbox}. Each target gets its messages in order, one at a time and at its
 * pace, and no target waits for another. A message is marked as 'sending', and that is committed, before it goes; so
 * after a crash it is known which may have gone out unmarked. Those go again: a message is sent once unless the process
 * dies within the one round trip to the other side, or the other side recognises a repeat by the message's key.
 *
 * <p>One process sends at a time: it is the outbox's writer while it has something under way.
 */
public final class Outbox implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final int MOST_UNDER_WAY = 500;
    private static final Duration TIDY_EVERY = Duration.ofMinutes(10);

    private final Warehouse warehouse;
    private final OutboxTable rows;
    private final Duration timeLimit;
    private final Duration keepSent;

    private record Ended(OutboundMessage message, Delivery delivery) {}

    /** By target. */
    private final Map<String, OutboundMessage> underWay = new HashMap<>();
    /**
     * How deliveries ended that the warehouse could not be told of: they are written before anything of their target is
     * sent again.
     */
    private final Map<Long, Ended> unwritten = new HashMap<>();

    private final RateLimit pace = new RateLimit();
    private final OutboxLock turn;
    private Instant tidied = Instant.EPOCH;

    /**
     * @param timeLimit how long an undelivered message is tried again
     * @param keepSent how long one that was sent, or given up, is kept
     */
    public Outbox(Warehouse warehouse, Destinations destinations, Duration timeLimit, Duration keepSent) {
        this.warehouse = warehouse;
        this.rows = new OutboxTable(destinations);
        this.timeLimit = timeLimit;
        this.keepSent = keepSent;
        this.turn = new OutboxLock(warehouse, pace);
    }

    /**
     * Takes the next message of each target that is due, and marks it; empty as well when another process is sending.
     */
    public synchronized List<OutboundMessage> take() throws Exception {
        boolean tidy = tidied.plus(TIDY_EVERY).isBefore(Instant.now());
        if (underWay.size() >= MOST_UNDER_WAY || !anyDue() && !tidy || !turn.begin()) {
            return List.of();
        }
        List<OutboundMessage> messages = new ArrayList<>();
        turn.commit(tx -> {
            writeLate(tx);
            if (tidy) {
                OutboxTable.forget(tx.connection(), keepSent);
            }
            List<OutboxTable.Due> due =
                    rows.ofEachTarget(tx.connection(), underWay.keySet(), MOST_UNDER_WAY - underWay.size());
            messages.addAll(claim(tx, due));
        });
        unwritten.clear();
        tidied = tidy ? Instant.now() : tidied;
        messages.forEach(message -> underWay.put(message.target(), message));
        release();
        return messages;
    }

    private boolean anyDue() throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return OutboxTable.anyDue(c);
        }
    }

    private List<OutboundMessage> claim(Transaction tx, List<OutboxTable.Due> due) throws SQLException {
        List<OutboundMessage> claimed = new ArrayList<>();
        for (OutboxTable.Due one : due) {
            OutboundMessage message = one.message();
            if (message.destination() == null) {
                nowhere(tx, message, one.now());
            } else if (pace.allows(message.channel(), message.target(), one.now())) {
                claimed.add(message);
                pace.attempted(message.channel(), message.target(), one.now());
            }
        }
        OutboxTable.sending(tx.connection(), claimed);
        tx.position(pace.position());
        return claimed;
    }

    private void nowhere(Transaction tx, OutboundMessage message, Instant now) throws SQLException {
        boolean over = message.created().plus(timeLimit).isBefore(now);
        Delivery end = over
                ? Delivery.failed("no rule has its address any more")
                : Delivery.later("no running rule has its address", Duration.ofMinutes(1));
        settle(tx, message, end);
        if (over) {
            say(message, end);
        }
    }

    /**
     * Writes down how a delivery ended.
     *
     * @return the next message of the same target, when it may go at once
     */
    public synchronized Optional<OutboundMessage> settle(OutboundMessage message, Delivery delivery) throws Exception {
        return settle(message, delivery, true);
    }

    /**
     * Hears that nobody works at a message any more: when nothing was said of how its delivery ended, it is tried
     * again. So no failure of a route that is edited keeps a target waiting for ever.
     */
    synchronized void leave(OutboundMessage message) throws Exception {
        if (message == underWay.get(message.target())) {
            settle(message, Delivery.later("the route that delivers did not say how it went", null), false);
        }
    }

    private Optional<OutboundMessage> settle(OutboundMessage message, Delivery delivery, boolean goOn)
            throws Exception {
        List<OutboundMessage> next = new ArrayList<>();
        boolean over = delivery.again() && message.created().plus(timeLimit).isBefore(Instant.now());
        Delivery end = over ? Delivery.failed(delivery.reason() + "; given up after watch.alert-time-limit") : delivery;
        try {
            unwritten.put(message.id(), new Ended(message, end));
            turn.commit(tx -> {
                settle(tx, message, end);
                if (goOn) {
                    next.addAll(claim(tx, rows.ofTarget(tx.connection(), message.target())));
                }
            });
            unwritten.remove(message.id());
            say(message, end);
            return next.stream().findFirst();
        } finally {
            underWay.remove(message.target());
            if (!unwritten.containsKey(message.id())) {
                next.forEach(one -> underWay.put(one.target(), one));
            }
            release();
        }
    }

    private void writeLate(Transaction tx) throws SQLException {
        for (Ended one : unwritten.values()) {
            settle(tx, one.message(), one.delivery());
        }
    }

    private static void say(OutboundMessage message, Delivery end) {
        if (end.status().equals("failed")) {
            LOG.error("{} of rule \"{}\" was not delivered: {}", message, message.rule(), end.reason());
        } else if (end.again()) {
            LOG.warn("{} of rule \"{}\" will be tried again: {}", message, message.rule(), end.reason());
        }
    }

    private void settle(Transaction tx, OutboundMessage message, Delivery delivery) throws SQLException {
        Instant at = OutboxTable.settle(tx.connection(), message.id(), message.attempt(), delivery);
        // the pace counts from the answer: a post that took its time to get there came later than its claim
        pace.attempted(message.channel(), message.target(), at);
        if (delivery.status().equals("failed") && OutboxTable.toldNobody(tx.connection(), message.alertId())) {
            WarehouseAlertStore.liftSilence(tx.connection(), message.alertId());
        }
    }

    private void release() throws SQLException {
        if (underWay.isEmpty()) {
            turn.end();
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        underWay.clear();
        release();
    }
}
