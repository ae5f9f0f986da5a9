package serai.watch.outbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import serai.settings.Secrets;
import serai.warehouse.PostgresJson;
import serai.warehouse.Row;
import serai.warehouse.Sql;
import serai.watch.alerter.DeliveryResult;

/** The statements on {@code meta.outbox}. */
final class OutboxTable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WAITING = "o.status in ('pending', 'sending')";

    /** A message that was refused is passed by until it is due. */
    private static final String FIRST = """
            (select o.* from meta.outbox o
              where WAITING and o.target = %s and not (o.refused_at is not null and o.not_before > clock_timestamp())
              order by o.message_id limit 1)""".replace("WAITING", WAITING);

    /** The oldest waiting message of each target. One that shows its alert's ticket waits a minute for it at most. */
    private static final String HEADS = """
            select o.message_id, o.rule, o.channel, o.target, o.alert_id, o.payload, o.extra, o.dedupe_key, o.attempts,
              o.refused_at is not null as refused, o.created_at, clock_timestamp() as now,
              (select j.result from meta.outbox j
                where j.alert_id = o.alert_id and j.channel = 'jira' and j.result is not null limit 1) as ticket
            from %s
            where o.not_before <= clock_timestamp() and not (
              o.extra ?? 'ticket' and o.created_at > clock_timestamp() - interval '1 minute' and exists (
                select 1 from meta.outbox j
                where j.alert_id = o.alert_id and j.channel = 'jira' and j.status in ('pending', 'sending')))
            """;

    private static final String TARGETS = """
            with recursive targets as (
              (select o.target from meta.outbox o where WAITING order by o.target limit 1)
              union all
              select (select o.target from meta.outbox o
                where WAITING and o.target > t.target order by o.target limit 1)
              from targets t where t.target is not null)""".replace("WAITING", WAITING);

    private static final String OF_EACH_TARGET = HEADS.formatted("(" + TARGETS + " select head.* from targets t"
                    + " cross join lateral " + FIRST.formatted("t.target") + " head where not (t.target = any (?))) o")
            + "order by o.message_id limit ?";

    private static final String OF_ONE_TARGET = HEADS.formatted(FIRST.formatted("?") + " o");

    private final Destinations destinations;

    OutboxTable(Destinations destinations) {
        this.destinations = destinations;
    }

    /** What messages wait for. */
    private record Waiting(String rule, String channel, String target) {}

    /** A message that is due, and the time by the warehouse's clock. */
    record Due(OutboundMessage message, Instant now) {}

    static boolean isAnyDue(Connection connection) throws SQLException {
        String sql = "select 1 from meta.outbox o where " + WAITING + " and o.not_before <= clock_timestamp() limit 1";
        return Sql.on(connection).first(sql, row -> true).isPresent();
    }

    /** The next message of each target, except of those that have one under way. */
    List<Due> nextOfEachTarget(Connection connection, Collection<String> underWay, int most) throws SQLException {
        return Sql.on(connection).list(OF_EACH_TARGET, this::due, underWay, most);
    }

    /** The next message of a target, if it is due. */
    List<Due> nextOf(Connection connection, String target) throws SQLException {
        return Sql.on(connection).list(OF_ONE_TARGET, this::due, target);
    }

    private Due due(Row row) throws SQLException {
        String rule = row.text("rule");
        String channel = row.text("channel");
        String target = row.text("target");
        OutboundMessage message = new OutboundMessage(
                row.number("message_id"),
                rule,
                channel,
                target,
                row.text("alert_id"),
                destinations.find(rule, channel, target).orElse(null),
                object(row.text("payload")),
                object(row.text("extra")),
                row.text("dedupe_key"),
                row.text("ticket"),
                row.flag("refused"),
                (int) row.number("attempts") + 1,
                row.instant("created_at"));
        return new Due(message, row.instant("now"));
    }

    private static ObjectNode object(String json) throws SQLException {
        try {
            return JSON.readTree(json) instanceof ObjectNode object ? object : JSON.createObjectNode();
        } catch (IOException e) {
            throw new SQLException("meta.outbox has a payload that is not JSON", e);
        }
    }

    static void markSending(Connection connection, List<OutboundMessage> messages) throws SQLException {
        if (!messages.isEmpty()) {
            Sql.on(connection)
                    .update(
                            "update meta.outbox set status = 'sending', attempts = attempts + 1"
                                    + " where message_id = any (?)",
                            messages.stream().map(OutboundMessage::id).toList());
        }
    }

    /**
     * Stores how an attempt ended.
     *
     * @return the time by the warehouse's clock; the epoch when the message was sent before
     */
    static Instant settle(Connection connection, OutboundMessage message, DeliveryResult result) throws SQLException {
        String payload = result.payload() == null ? null : PostgresJson.text(result.payload());
        return Sql.on(connection)
                .first(
                        """
                        update meta.outbox set status = ?, error = ?, result = ?, payload = coalesce(?::jsonb, payload),
                          not_before = clock_timestamp() + ? * interval '1 millisecond',
                          sent_at = case when ? then clock_timestamp() end,
                          refused_at = case when ? then coalesce(refused_at, clock_timestamp()) end
                        where message_id = ? and status <> 'sent' returning clock_timestamp() as now""",
                        row -> row.instant("now"),
                        result.status().stored(),
                        Secrets.mask(result.reason()),
                        result.reference(),
                        payload,
                        result.delay(message.attempt()).toMillis(),
                        result.status() == DeliveryResult.Status.SENT,
                        result.refused(),
                        message.id())
                .orElse(Instant.EPOCH);
    }

    /**
     * Lets the other refused messages of a target follow one that was tried again: when it was refused again, they wait
     * as long as it does, so that one stands for all; when it was not, they are due.
     */
    static void followRefused(Connection connection, OutboundMessage message, DeliveryResult result)
            throws SQLException {
        if (result.refused()) {
            Sql.on(connection)
                    .update(
                            """
                            update meta.outbox set not_before = greatest(not_before,
                              clock_timestamp() + ? * interval '1 millisecond')
                            where target = ? and refused_at is not null and status = 'pending' and error = ?
                              and message_id <> ?""",
                            result.delay(message.attempt()).toMillis(),
                            message.target(),
                            Secrets.mask(result.reason()),
                            message.id());
        } else {
            Sql.on(connection)
                    .update(
                            "update meta.outbox set not_before = clock_timestamp()"
                                    + " where target = ? and refused_at is not null and status = 'pending'",
                            message.target());
        }
    }

    /**
     * Moves messages that wait for an address which their rule does not have any more to the address that an edit gave
     * it: the first of the same alerter at which nothing of the same alert is.
     */
    void moveToEdited(Connection connection) throws SQLException {
        List<Waiting> waiting = Sql.on(connection)
                .list(
                        "select distinct o.rule, o.channel, o.target from meta.outbox o where " + WAITING,
                        row -> new Waiting(row.text("rule"), row.text("channel"), row.text("target")));
        String move = """
                update meta.outbox o set target = ?, not_before = clock_timestamp(), refused_at = null
                where o.rule = ? and o.channel = ? and o.target = ? and o.status = 'pending'
                  and not exists (select 1 from meta.outbox x where x.alert_id = o.alert_id
                    and x.rule = o.rule and x.channel = o.channel and x.target = ?)""";
        for (Waiting old : waiting) {
            for (String target : destinations.insteadOf(old.rule(), old.channel(), old.target())) {
                Sql.on(connection).update(move, target, old.rule(), old.channel(), old.target(), target);
            }
        }
    }

    /** Whether every message of an alert was given up. */
    static boolean hasNotifiedNobody(Connection connection, String alertId) throws SQLException {
        return Sql.on(connection)
                .first(
                        "select 1 from meta.outbox where alert_id = ? and status <> 'failed' limit 1",
                        row -> true,
                        alertId)
                .isEmpty();
    }

    /** Deletes messages that were sent or given up long ago, a limited number at a time. */
    static void deleteOld(Connection connection, Duration kept) throws SQLException {
        Instant before = Instant.now().minus(kept);
        String sql = """
                delete from meta.outbox where message_id in (
                  (select message_id from meta.outbox where status = 'sent' and sent_at < ? limit 100000)
                  union all
                  (select message_id from meta.outbox where status = 'failed' and not_before < ? limit 100000))""";
        Sql.on(connection).update(sql, before, before);
    }
}
