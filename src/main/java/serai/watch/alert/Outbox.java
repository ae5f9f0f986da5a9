package serai.watch.alert;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
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

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import serai.warehouse.Outcome;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * The messages on their way, {@code meta.outbox}. Each target gets its messages in order and at most one a second. A message is marked
 * as 'sending', and that is committed, before it is posted; so after a crash it is known which may have gone out unmarked. Those are
 * posted again: Slack offers no way to ask, so a message is sent once unless the process dies within the one round trip to Slack.
 *
 * <p>One process sends at a time: it is the outbox's writer while it has something under way.
 */
public final class Outbox implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PACE = Duration.ofSeconds(1);

    private final Warehouse warehouse;
    private final Webhooks webhooks;
    private final Duration timeLimit;
    private final Set<String> underWay = new HashSet<>();
    private final Map<String, Instant> attempts = new HashMap<>();
    private Writer writer;

    /** A message to post now; the address is a secret. */
    public record Message(long id, String target, String address, String payload, int attempt, Instant created) {
        /** Without the address, so that it may be logged. */
        @Override
        public String toString() {
            return "message " + id;
        }
    }

    public Outbox(Warehouse warehouse, Webhooks webhooks, Duration timeLimit) {
        this.warehouse = warehouse;
        this.webhooks = webhooks;
        this.timeLimit = timeLimit;
    }

    /** Takes the next message of each target that is due; empty as well when another process is sending. */
    public synchronized List<Message> take() throws Exception {
        if (!anyDue()) {
            return List.of();
        }
        if (writer == null) {
            Optional<Writer> taken = warehouse.tryWriter("outbox");
            if (taken.isEmpty()) {
                return List.of();
            }
            writer = taken.get();
            attempts.clear();
            writer.position().properties().forEach(e -> attempts.put(e.getKey(), Instant.ofEpochMilli(e.getValue().asLong())));
        }
        List<Message> messages = new ArrayList<>();
        commit(tx -> messages.addAll(claim(tx)));
        release();
        return messages;
    }

    private boolean anyDue() throws SQLException {
        try (var c = warehouse.dataSource().getConnection();
                PreparedStatement s = c.prepareStatement("""
                        select exists (select 1 from meta.outbox
                          where status in ('pending', 'sending') and not_before <= clock_timestamp())""");
                ResultSet r = s.executeQuery()) {
            r.next();
            return r.getBoolean(1);
        }
    }

    private List<Message> claim(Transaction tx) throws SQLException {
        List<Message> due = new ArrayList<>();
        try (PreparedStatement s = tx.connection().prepareStatement("""
                select message_id, target, payload, attempts, created_at, clock_timestamp() from (
                  select distinct on (target) * from meta.outbox where status in ('pending', 'sending') order by target, message_id
                ) as head where not_before <= clock_timestamp() order by message_id limit 100""");
                ResultSet r = s.executeQuery()) {
            while (r.next()) {
                String target = r.getString(2);
                Instant now = r.getTimestamp(6).toInstant();
                Instant last = attempts.getOrDefault(target, Instant.EPOCH);
                if (!underWay.contains(target) && !last.plus(PACE).isAfter(now)) {
                    Message message = new Message(r.getLong(1), target, webhooks.address(target), r.getString(3), r.getInt(4) + 1,
                            r.getTimestamp(5).toInstant());
                    if (message.address() == null) {
                        withoutAddress(tx, message, now);
                    } else {
                        due.add(message);
                        attempts.put(target, now);
                    }
                }
            }
        }
        for (Message message : due) {
            try (PreparedStatement s = tx.connection().prepareStatement(
                    "update meta.outbox set status = 'sending', attempts = ? where message_id = ?")) {
                s.setInt(1, message.attempt());
                s.setLong(2, message.id());
                s.executeUpdate();
            }
            underWay.add(message.target());
        }
        tx.position(position());
        return due;
    }

    /** The times of the last attempts go with the claim: a restart must not post sooner than a second after. */
    private ObjectNode position() {
        Instant newest = attempts.values().stream().max(Instant::compareTo).orElse(Instant.EPOCH);
        attempts.values().removeIf(at -> at.isBefore(newest.minusSeconds(60)));
        ObjectNode position = JSON.createObjectNode();
        attempts.forEach((target, at) -> position.put(target, at.toEpochMilli()));
        return position;
    }

    private void withoutAddress(Transaction tx, Message message, Instant now) throws SQLException {
        boolean over = message.created().plus(timeLimit).isBefore(now);
        settle(tx, message, over ? Delivery.failed("no rule has its webhook any more")
                : Delivery.later("no running rule has its webhook", Duration.ofMinutes(1)));
    }

    /** Writes down how a post ended. */
    public synchronized void settle(Message message, Delivery delivery) throws Exception {
        try {
            boolean over = delivery.again() && message.created().plus(timeLimit).isBefore(Instant.now());
            Delivery end = over ? Delivery.failed(delivery.reason() + "; given up after watch.alert-time-limit") : delivery;
            commit(tx -> settle(tx, message, end));
            if (end.status().equals("failed")) {
                LOG.error("{} was not delivered: {}", message, end.reason());
            } else if (end.again()) {
                LOG.warn("{} will be posted again: {}", message, end.reason());
            }
        } finally {
            underWay.remove(message.target());
            release();
        }
    }

    private void settle(Transaction tx, Message message, Delivery delivery) throws SQLException {
        try (PreparedStatement s = tx.connection().prepareStatement("""
                update meta.outbox set status = ?, error = ?, not_before = clock_timestamp() + ? * interval '1 millisecond',
                  sent_at = case when ? = 'sent' then clock_timestamp() end where message_id = ? returning clock_timestamp()""")) {
            s.setString(1, delivery.status());
            s.setString(2, delivery.reason());
            s.setLong(3, delivery.wait(message.attempt()).toMillis());
            s.setString(4, delivery.status());
            s.setLong(5, message.id());
            try (ResultSet r = s.executeQuery()) {
                if (r.next() && message.address() != null) {
                    // the pace counts from the answer: a post that took its time to get there came later than its claim
                    attempts.put(message.target(), r.getTimestamp(1).toInstant());
                    tx.position(position());
                }
            }
        }
    }

    private interface Work {
        void in(Transaction tx) throws Exception;
    }

    private void commit(Work work) throws Exception {
        if (writer == null) {
            throw new SQLException("The outbox was lost to another process; its messages in 'sending' are posted again.");
        }
        try {
            writer.commitWithState(tx -> {
                work.in(tx);
                return Outcome.ok(0, 0, 0, 0, null);
            });
        } catch (Exception e) {
            // whoever writes next starts from what is committed
            underWay.clear();
            release();
            throw e;
        }
    }

    private void release() throws SQLException {
        if (underWay.isEmpty() && writer != null) {
            Writer done = writer;
            writer = null;
            done.close();
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        underWay.clear();
        release();
    }
}
