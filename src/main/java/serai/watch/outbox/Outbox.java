package serai.watch.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import serai.warehouse.Outcome;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;
import serai.watch.alert.WarehouseBook;

/**
 * The messages on their way, {@code meta.outbox}. Each target gets its messages in order, one at a time and at its pace, and no target
 * waits for another. A message is marked as 'sending', and that is committed, before it goes; so after a crash it is known which may have
 * gone out unmarked. Those go again: a message is sent once unless the process dies within the one round trip to the other side, or the
 * other side recognises a repeat by the message's key.
 *
 * <p>One process sends at a time: it is the outbox's writer while it has something under way.
 */
public final class Outbox implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final int MOST_UNDER_WAY = 500;
    private static final Duration TIDY_EVERY = Duration.ofMinutes(10);

    private final Warehouse warehouse;
    private final OutboxRows rows;
    private final Duration timeLimit;
    private final Duration keepSent;
    private final Set<String> underWay = new HashSet<>();
    /** How deliveries ended that the warehouse could not be told of: they are written before anything of their target is sent again. */
    private final Map<Long, Delivery> unwritten = new HashMap<>();
    private final Pace pace = new Pace();
    private Instant tidied = Instant.EPOCH;
    private Writer writer;

    /**
     * @param timeLimit how long an undelivered message is tried again
     * @param keepSent  how long a sent one is kept
     */
    public Outbox(Warehouse warehouse, Destinations destinations, Duration timeLimit, Duration keepSent) {
        this.warehouse = warehouse;
        this.rows = new OutboxRows(destinations);
        this.timeLimit = timeLimit;
        this.keepSent = keepSent;
    }

    /** Takes the next message of each target that is due, and marks it; empty as well when another process is sending. */
    public synchronized List<Outbound> take() throws Exception {
        boolean tidy = tidied.plus(TIDY_EVERY).isBefore(Instant.now());
        if (underWay.size() >= MOST_UNDER_WAY || !anyDue() && !tidy || !write()) {
            return List.of();
        }
        List<Outbound> messages = new ArrayList<>();
        commit(tx -> {
            writeLate(tx);
            if (tidy) {
                OutboxRows.forget(tx.connection(), keepSent);
            }
            List<OutboxRows.Due> due = rows.ofEachTarget(tx.connection(), underWay, MOST_UNDER_WAY - underWay.size());
            messages.addAll(claim(tx, due));
        });
        unwritten.clear();
        tidied = tidy ? Instant.now() : tidied;
        messages.forEach(message -> underWay.add(message.target()));
        release();
        return messages;
    }

    private boolean anyDue() throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return OutboxRows.anyDue(c);
        }
    }

    /** Becomes the outbox's writer; false when another process is. */
    private boolean write() throws Exception {
        if (writer == null) {
            Optional<Writer> taken = warehouse.tryWriter("outbox");
            taken.ifPresent(w -> pace.read(w.position()));
            writer = taken.orElse(null);
        }
        return writer != null;
    }

    private List<Outbound> claim(Transaction tx, List<OutboxRows.Due> due) throws SQLException {
        List<Outbound> claimed = new ArrayList<>();
        for (OutboxRows.Due one : due) {
            Outbound message = one.message();
            if (message.destination() == null) {
                nowhere(tx, message, one.now());
            } else if (pace.allows(message.channel(), message.target(), one.now())) {
                claimed.add(message);
                pace.attempted(message.channel(), message.target(), one.now());
            }
        }
        OutboxRows.sending(tx.connection(), claimed);
        tx.position(pace.position());
        return claimed;
    }

    private void nowhere(Transaction tx, Outbound message, Instant now) throws SQLException {
        boolean over = message.created().plus(timeLimit).isBefore(now);
        settle(tx, message, over ? Delivery.failed("no rule has its address any more")
                : Delivery.later("no running rule has its address", Duration.ofMinutes(1)));
    }

    /**
     * Writes down how a delivery ended.
     *
     * @return the next message of the same target, when it may go at once
     */
    public synchronized Optional<Outbound> settle(Outbound message, Delivery delivery) throws Exception {
        List<Outbound> next = new ArrayList<>();
        boolean over = delivery.again() && message.created().plus(timeLimit).isBefore(Instant.now());
        Delivery end = over ? Delivery.failed(delivery.reason() + "; given up after watch.alert-time-limit") : delivery;
        try {
            unwritten.put(message.id(), end);
            commit(tx -> {
                settle(tx, message, end);
                next.addAll(claim(tx, rows.ofTarget(tx.connection(), message.target())));
            });
            unwritten.remove(message.id());
            say(message, end);
            return next.stream().findFirst();
        } finally {
            if (unwritten.containsKey(message.id()) || next.isEmpty()) {
                underWay.remove(message.target());
            }
            release();
        }
    }

    private void writeLate(Transaction tx) throws SQLException {
        for (Map.Entry<Long, Delivery> one : unwritten.entrySet()) {
            OutboxRows.settle(tx.connection(), one.getKey(), 1, one.getValue());
        }
    }

    private static void say(Outbound message, Delivery end) {
        if (end.status().equals("failed")) {
            LOG.error("{} of rule \"{}\" was not delivered: {}", message, message.rule(), end.reason());
        } else if (end.again()) {
            LOG.warn("{} of rule \"{}\" will be tried again: {}", message, message.rule(), end.reason());
        }
    }

    private void settle(Transaction tx, Outbound message, Delivery delivery) throws SQLException {
        Instant at = OutboxRows.settle(tx.connection(), message.id(), message.attempt(), delivery);
        // the pace counts from the answer: a post that took its time to get there came later than its claim
        pace.attempted(message.channel(), message.target(), at);
        if (delivery.status().equals("failed") && OutboxRows.toldNobody(tx.connection(), message.alertId())) {
            WarehouseBook.lift(tx.connection(), message.alertId());
        }
    }

    private interface Work {
        void in(Transaction tx) throws Exception;
    }

    private void commit(Work work) throws Exception {
        if (!write()) {
            throw new SQLException("The outbox was lost to another process; its messages in 'sending' are sent again.");
        }
        try {
            writer.commitWithState(tx -> {
                work.in(tx);
                return Outcome.ok(0, 0, 0, 0, null);
            });
        } catch (Exception e) {
            // what is under way goes on, and is written down by the next writer
            drop();
            throw e;
        }
    }

    private void release() throws SQLException {
        if (underWay.isEmpty() && writer != null) {
            drop();
        }
    }

    private void drop() throws SQLException {
        Writer done = writer;
        writer = null;
        done.close();
    }

    @Override
    public synchronized void close() throws SQLException {
        underWay.clear();
        release();
    }
}
