package serai.watch.alert;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import serai.warehouse.Transaction;

/**
 * A message on its way into {@code meta.outbox}.
 *
 * @param dedupeKey a message of the same key is queued once
 * @param rule      the rule's name
 * @param alertId   the alert that it is part of, whatever its destination
 */
public record Outgoing(String dedupeKey, String rule, String alertId, Alerter.Message message) {

    /**
     * The messages of an alert.
     *
     * @param identity what makes the alert the same alert when a run is repeated
     */
    public static List<Outgoing> of(AlertRule rule, String identity, Alert alert) {
        String name = rule.rule().name();
        String alertId = Destination.sha256(String.join("\0", name, identity));
        List<Outgoing> messages = new ArrayList<>();
        for (Alerter alerter : rule.alerters()) {
            for (Alerter.Message message : alerter.messages(alert)) {
                String key = String.join("\0", name, identity, message.target(), String.valueOf(messages.size()));
                messages.add(new Outgoing(Destination.sha256(key), name, alertId, message));
            }
        }
        return messages;
    }

    /**
     * Queues messages, in their order, in one statement; those that were queued before are passed over.
     *
     * @return how many are new
     */
    public static int add(Transaction tx, List<Outgoing> messages) throws SQLException {
        if (messages.isEmpty()) {
            return 0;
        }
        Connection connection = tx.connection();
        try (PreparedStatement s = connection.prepareStatement("""
                insert into meta.outbox (dedupe_key, rule, alert_id, channel, target, payload, extra)
                select dedupe_key, rule, alert_id, channel, target, payload::jsonb, extra::jsonb
                from unnest(?, ?, ?, ?, ?, ?, ?) with ordinality
                  as m(dedupe_key, rule, alert_id, channel, target, payload, extra, position)
                order by position on conflict (dedupe_key) do nothing""")) {
            List<java.util.function.Function<Outgoing, String>> columns = List.of(Outgoing::dedupeKey, Outgoing::rule, Outgoing::alertId,
                    m -> m.message.channel(), m -> m.message.target(), m -> PostgresJson.text(Bounds.json(m.message.payload())),
                    m -> PostgresJson.text(m.message.extra()));
            for (int i = 0; i < columns.size(); i++) {
                Array column = connection.createArrayOf("text", messages.stream().map(columns.get(i)).toArray());
                s.setArray(i + 1, column);
            }
            return s.executeUpdate();
        }
    }
}
