package serai.watch.store;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.PostgresJson;
import serai.warehouse.Sql;
import serai.watch.alert.AlertRule;
import serai.watch.alerter.Alerter;
import serai.watch.alerter.Destination;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;

/** New messages of {@code meta.outbox}, one for each destination of an alert. */
public final class OutboxInserts {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxInserts.class);

    private record QueuedMessage(String dedupeKey, String rule, String alertId, Alerter.Message message) {}

    private final AlertSql sql;
    private final List<QueuedMessage> queued = new ArrayList<>();

    OutboxInserts(AlertSql sql) {
        this.sql = sql;
    }

    /**
     * Queues a message that no alert of a rule led to, unless one of the same key is queued already.
     *
     * @throws AlertStoreException when the warehouse fails
     */
    public static void insert(Connection connection, String dedupeKey, Alerter.Message message) {
        OutboxInserts inserts = new OutboxInserts(new AlertSql(connection));
        inserts.queued.add(new QueuedMessage(dedupeKey, "", null, message));
        inserts.write();
    }

    void add(AlertRule alertRule, Alert alert) {
        int ordinal = 0;
        String rule = alertRule.rule().name();
        for (Alerter alerter : alertRule.alerters()) {
            for (Alerter.Message message : messages(alerter, alert, rule)) {
                String key = Destination.sha256(
                        String.join("\0", rule, alert.id(), message.target(), String.valueOf(ordinal++)));
                queued.add(new QueuedMessage(key, rule, alert.id(), message));
            }
        }
    }

    /** An alerter that fails must not stop the other alerters, or the runs that are committed together with it. */
    private static List<Alerter.Message> messages(Alerter alerter, Alert alert, String rule) {
        try {
            return alerter.messages(alert);
        } catch (RuntimeException e) {
            LOG.error(
                    "rule=\"{}\" alerter={} No message could be written: {}",
                    rule,
                    alerter.name(),
                    e.getClass().getSimpleName(),
                    e);
            return List.of();
        }
    }

    void write() {
        if (queued.isEmpty()) {
            return;
        }
        long inserted = sql.update(
                """
                insert into meta.outbox (dedupe_key, rule, alert_id, channel, target, payload, extra)
                select a, b, c, d, e, f::jsonb, g::jsonb
                from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                  with ordinality as post(a, b, c, d, e, f, g, place)
                order by place on conflict (dedupe_key) do nothing""",
                Sql.columns(
                        queued,
                        QueuedMessage::dedupeKey,
                        QueuedMessage::rule,
                        QueuedMessage::alertId,
                        one -> one.message().channel(),
                        one -> one.message().target(),
                        one -> PostgresJson.text(
                                MessageLimits.json(one.message().payload())),
                        one -> PostgresJson.text(one.message().extra())));
        LOG.info(
                "messages={} inserted={} rule=\"{}\"{}",
                queued.size(),
                inserted,
                queued.get(0).rule(),
                queued.size() > 1 ? " and others" : "");
        queued.clear();
    }
}
