package serai.watch.outbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** {@code meta.outbox} in SQL. */
final class OutboxTable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WAITING = "o.status in ('pending', 'sending')";

    /**
     * The oldest waiting message of each target. One that names its alert's ticket waits for it, though not for ever.
     */
    private static final String HEADS = """
            select o.message_id, o.rule, o.channel, o.target, o.alert_id, o.payload, o.extra, o.dedupe_key, o.attempts, o.created_at,
              clock_timestamp(), (select j.result from meta.outbox j
                where j.alert_id = o.alert_id and j.channel = 'jira' and j.result is not null limit 1)
            from %s
            where o.not_before <= clock_timestamp() and not (
              o.extra ? 'ticket' and o.created_at > clock_timestamp() - interval '1 minute' and exists (
                select 1 from meta.outbox j
                where j.alert_id = o.alert_id and j.channel = 'jira' and j.status in ('pending', 'sending')))
            """.replace("o.extra ? ", "o.extra ?? ");

    private static final String OF_EACH_TARGET =
            HEADS.formatted("""
            (with recursive targets as (
              (select o.target from meta.outbox o where WAITING order by o.target limit 1)
              union all
              select (select o.target from meta.outbox o where WAITING and o.target > t.target order by o.target limit 1)
              from targets t where t.target is not null)
            select head.* from targets t cross join lateral (
              select o.* from meta.outbox o where WAITING and o.target = t.target order by o.message_id limit 1) head
            where not (t.target = any (?))) o""".replace("WAITING", WAITING)) + "order by o.message_id limit ?";
    private static final String OF_ONE_TARGET = HEADS.formatted(
            "(select o.* from meta.outbox o where " + WAITING + " and o.target = ? order by o.message_id limit 1) o");

    private final Destinations destinations;

    OutboxTable(Destinations destinations) {
        this.destinations = destinations;
    }

    /** A message whose time has come, and the time by the warehouse's clock. */
    record Due(OutboundMessage message, Instant now) {}

    static boolean anyDue(Connection connection) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("select exists (select 1 from meta.outbox o where "
                        + WAITING + " and o.not_before <= clock_timestamp())");
                ResultSet r = s.executeQuery()) {
            r.next();
            return r.getBoolean(1);
        }
    }

    List<Due> ofEachTarget(Connection connection, Collection<String> underWay, int most) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(OF_EACH_TARGET)) {
            s.setArray(1, connection.createArrayOf("text", underWay.toArray()));
            s.setInt(2, most);
            return due(s);
        }
    }

    List<Due> ofTarget(Connection connection, String target) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(OF_ONE_TARGET)) {
            s.setString(1, target);
            return due(s);
        }
    }

    private List<Due> due(PreparedStatement s) throws SQLException {
        List<Due> due = new ArrayList<>();
        try (ResultSet r = s.executeQuery()) {
            while (r.next()) {
                String rule = r.getString(2);
                String channel = r.getString(3);
                String target = r.getString(4);
                due.add(new Due(
                        new OutboundMessage(
                                r.getLong(1),
                                rule,
                                channel,
                                target,
                                r.getString(5),
                                destinations.find(rule, channel, target).orElse(null),
                                object(r.getString(6)),
                                object(r.getString(7)),
                                r.getString(8),
                                r.getString(12),
                                r.getInt(9) + 1,
                                r.getTimestamp(10).toInstant()),
                        r.getTimestamp(11).toInstant()));
            }
        }
        return due;
    }

    private static ObjectNode object(String json) throws SQLException {
        try {
            return JSON.readTree(json) instanceof ObjectNode object ? object : JSON.createObjectNode();
        } catch (IOException e) {
            throw new SQLException("meta.outbox has a payload that is not JSON", e);
        }
    }

    static void sending(Connection connection, List<OutboundMessage> messages) throws SQLException {
        if (messages.isEmpty()) {
            return;
        }
        try (PreparedStatement s = connection.prepareStatement(
                "update meta.outbox set status = 'sending', attempts = attempts + 1 where message_id = any (?)")) {
            s.setArray(
                    1,
                    connection.createArrayOf(
                            "bigint", messages.stream().map(OutboundMessage::id).toArray()));
            s.executeUpdate();
        }
    }

    /** @return the time by the warehouse's clock */
    static Instant settle(Connection connection, long id, int attempt, Delivery delivery) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                update meta.outbox set status = ?, error = ?, result = ?,
                  not_before = clock_timestamp() + ? * interval '1 millisecond',
                  sent_at = case when ? = 'sent' then clock_timestamp() end
                where message_id = ? and status <> 'sent' returning clock_timestamp()""")) {
            s.setString(1, delivery.status());
            s.setString(2, delivery.reason());
            s.setString(3, delivery.result());
            s.setLong(4, delivery.wait(attempt).toMillis());
            s.setString(5, delivery.status());
            s.setLong(6, id);
            try (ResultSet r = s.executeQuery()) {
                return r.next() ? r.getTimestamp(1).toInstant() : Instant.EPOCH;
            }
        }
    }

    /** Whether every message of an alert has failed for good. */
    static boolean toldNobody(Connection connection, String alertId) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                "select not exists (select 1 from meta.outbox o where o.alert_id = ? and o.status <> 'failed')")) {
            s.setString(1, alertId);
            try (ResultSet r = s.executeQuery()) {
                return r.next() && r.getBoolean(1);
            }
        }
    }

    /** Forgets what was sent or given up long ago, a bounded number of messages. */
    static void forget(Connection connection, Duration kept) throws SQLException {
        Timestamp before = Timestamp.from(Instant.now().minus(kept));
        try (PreparedStatement s = connection.prepareStatement("""
                delete from meta.outbox where message_id in (
                  (select message_id from meta.outbox where status = 'sent' and sent_at < ? limit 100000) union all
                  (select message_id from meta.outbox where status = 'failed' and not_before < ? limit 100000))""")) {
            s.setTimestamp(1, before);
            s.setTimestamp(2, before);
            s.executeUpdate();
        }
    }
}
