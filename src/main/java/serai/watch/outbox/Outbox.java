package serai.watch.outbox;

import java.nio.charset.StandardCharsets;
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
import serai.settings.Secrets;
import serai.warehouse.Reject;
import serai.warehouse.Relation;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.watch.alerter.DeliveryResult;
import serai.watch.store.WarehouseAlertStore;

/**
 * The messages to deliver, {@code meta.outbox}. Each target gets its messages in order, one at a time and at its pace,
 * and no target waits for another. A message is marked as 'sending', and that is committed, before it is sent; so after
 * a crash it is known which messages may have been sent without a mark. They are sent again: a message is sent once
 * unless the process dies within the round trip to the receiver, or the receiver recognises a repeat by the message's
 * key.
 *
 * <p>One process sends at a time: it holds the outbox's lease while it has something under way.
 */
public final class Outbox implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final int MOST_UNDER_WAY = 500;
    private static final Duration CLEAN_UP_EVERY = Duration.ofMinutes(10);

    private final Warehouse warehouse;
    private final Destinations destinations;
    private final OutboxTable rows;
    private final OperatorNotices operators;
    private final Duration timeLimit;
    private final Duration keepSent;

    private record Ended(OutboundMessage message, DeliveryResult result) {}

    /** By target. */
    private final Map<String, OutboundMessage> underWay = new HashMap<>();
    /**
     * Results that could not be stored, because the warehouse could not be reached. They are stored before anything is
     * sent to their targets again.
     */
    private final Map<Long, Ended> unstored = new HashMap<>();

    private final RateLimit rateLimit = new RateLimit();
    private final OutboxLease lease;
    private Instant cleanedUp = Instant.EPOCH;
    /** Version of the destinations for which the messages that wait were moved; -1 to move them again. */
    private long moved = -1;

    /**
     * @param operators gets a notice of messages that are given up
     * @param timeLimit how long an undelivered message is tried again
     * @param keepSent how long one that was sent or given up is kept
     */
    Outbox(
            Warehouse warehouse,
            Destinations destinations,
            OperatorNotices operators,
            Duration timeLimit,
            Duration keepSent) {
        this.warehouse = warehouse;
        this.destinations = destinations;
        this.rows = new OutboxTable(destinations);
        this.operators = operators;
        this.timeLimit = timeLimit;
        this.keepSent = keepSent;
        this.lease = new OutboxLease(warehouse, rateLimit);
    }

    /** Takes the next message of each target that is due, and marks it; empty also when another process is sending. */
    synchronized List<OutboundMessage> take() throws Exception {
        boolean cleanUp = cleanedUp.plus(CLEAN_UP_EVERY).isBefore(Instant.now());
        long version = destinations.version();
        boolean due = cleanUp || version != moved || isAnyDue();
        if (underWay.size() >= MOST_UNDER_WAY || !due || !lease.acquire()) {
            return List.of();
        }
        List<OutboundMessage> messages = new ArrayList<>();
        lease.commit(tx -> {
            for (Ended one : unstored.values()) {
                store(tx, one.message(), one.result());
            }
            if (cleanUp) {
                OutboxTable.deleteOld(tx.connection(), keepSent);
            }
            if (version != moved) {
                rows.moveToEdited(tx.connection());
            }
            messages.addAll(claim(
                    tx, rows.nextOfEachTarget(tx.connection(), underWay.keySet(), MOST_UNDER_WAY - underWay.size())));
        });
        moved = version;
        unstored.clear();
        cleanedUp = cleanUp ? Instant.now() : cleanedUp;
        messages.forEach(message -> underWay.put(message.target(), message));
        releaseIfIdle();
        return messages;
    }

    private boolean isAnyDue() throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return OutboxTable.isAnyDue(c);
        }
    }

    private List<OutboundMessage> claim(Transaction tx, List<OutboxTable.Due> due) throws SQLException {
        List<OutboundMessage> claimed = new ArrayList<>();
        for (OutboxTable.Due one : due) {
            OutboundMessage message = one.message();
            if (message.destination() == null) {
                holdWithoutDestination(tx, message, one.now());
            } else if (rateLimit.allows(message, one.now())) {
                claimed.add(message);
                rateLimit.attempted(message, one.now());
            }
        }
        OutboxTable.markSending(tx.connection(), claimed);
        tx.position(rateLimit.position());
        return claimed;
    }

    private void holdWithoutDestination(Transaction tx, OutboundMessage message, Instant now) throws SQLException {
        DeliveryResult result = isTooOld(message, now)
                ? DeliveryResult.failed("no rule has its address any more")
                : DeliveryResult.retry("no running rule has its address", Duration.ofMinutes(1));
        store(tx, message, result);
        if (result.isFailed()) {
            log(message, result);
        }
    }

    private boolean isTooOld(OutboundMessage message, Instant now) {
        return message.created().plus(timeLimit).isBefore(now);
    }

    /**
     * Stores how a delivery ended.
     *
     * @return the next message of the same target, when it may be sent at once
     */
    synchronized Optional<OutboundMessage> settle(OutboundMessage message, DeliveryResult result) throws Exception {
        return settle(message, result, true);
    }

    /**
     * A route has ended its work on a message. If the route did not settle it, it is tried again, so that no failure of
     * a route that is edited blocks a target.
     */
    synchronized void routeEnded(OutboundMessage message) throws Exception {
        if (message == underWay.get(message.target())) {
            settle(message, DeliveryResult.retry("the route that delivers gave no result"), false);
        }
    }

    private Optional<OutboundMessage> settle(OutboundMessage message, DeliveryResult result, boolean continueTarget)
            throws Exception {
        List<OutboundMessage> next = new ArrayList<>();
        DeliveryResult end = result.isRetry() && isTooOld(message, Instant.now())
                ? DeliveryResult.failed(result.reason() + "; given up after watch.alert-time-limit")
                : result;
        try {
            unstored.put(message.id(), new Ended(message, end));
            lease.commit(tx -> {
                store(tx, message, end);
                if (continueTarget) {
                    next.addAll(claim(tx, rows.nextOf(tx.connection(), message.target())));
                }
            });
            unstored.remove(message.id());
            log(message, end);
            return next.stream().findFirst();
        } finally {
            underWay.remove(message.target());
            if (!unstored.containsKey(message.id())) {
                next.forEach(one -> underWay.put(one.target(), one));
            }
            releaseIfIdle();
        }
    }

    private static void log(OutboundMessage message, DeliveryResult result) {
        if (result.isFailed()) {
            LOG.error("{} of rule \"{}\" was not delivered: {}", message, message.rule(), result.reason());
        } else if (result.isRetry()) {
            LOG.warn("{} of rule \"{}\" will be tried again: {}", message, message.rule(), result.reason());
        }
    }

    private void store(Transaction tx, OutboundMessage message, DeliveryResult result) throws SQLException {
        Instant at = OutboxTable.settle(tx.connection(), message, result);
        // the pace counts from the answer: a post that took long to arrive came later than its claim
        rateLimit.attempted(message, at);
        if (result.isRetry()
                && !destinations
                        .insteadOf(message.rule(), message.channel(), message.target())
                        .isEmpty()) {
            moved = -1;
        }
        if (message.refused()) {
            OutboxTable.followRefused(tx.connection(), message, result);
        }
        if (result.refused()) {
            operators.refused(tx.connection(), message, result.reason());
        }
        if (result.isFailed()) {
            tx.reject(reject(message, result.reason()));
            operators.notDelivered(tx.connection(), message, result.reason());
            if (OutboxTable.hasNotifiedNobody(tx.connection(), message.alertId())) {
                WarehouseAlertStore.liftSilence(tx.connection(), message.alertId());
            }
        }
    }

    /** A message that is given up, with all that is needed to send it again. */
    private static Reject reject(OutboundMessage message, String reason) {
        return new Reject(
                new Relation("meta", "outbox"),
                Map.of("message", message.id(), "rule", message.rule(), "channel", message.channel()),
                List.of(message.key()),
                message.payload().toString().getBytes(StandardCharsets.UTF_8),
                Secrets.mask(reason));
    }

    private void releaseIfIdle() throws SQLException {
        if (underWay.isEmpty()) {
            lease.release();
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        underWay.clear();
        releaseIfIdle();
    }
}
