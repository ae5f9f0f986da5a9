package serai.watch.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.watch.alert.AlertRule;
import serai.watch.alerter.Alerter;
import serai.watch.alerter.Destination;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;

/**
 * Messages on their way into {@code meta.outbox}: one for each destination, which stands there by its SHA-256 alone.
 */
final class OutboxInserts {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxInserts.class);

    private record Post(String dedupeKey, String rule, String alertId, Alerter.Message message) {}

    private final AlertTables rows;
    private final List<Post> posts = new ArrayList<>();

    OutboxInserts(AlertTables rows) {
        this.rows = rows;
    }

    void add(AlertRule alertRule, Alert alert) {
        int ordinal = 0;
        String rule = alertRule.rule().name();
        for (Alerter alerter : alertRule.alerters()) {
            for (Alerter.Message message : messages(alerter, alert, rule)) {
                String key = Destination.sha256(
                        String.join("\0", rule, alert.id(), message.target(), String.valueOf(ordinal++)));
                posts.add(new Post(key, rule, alert.id(), message));
            }
        }
    }

    /** One alerter that cannot say it must not keep the others, or the runs that are committed with them, from it. */
    private static List<Alerter.Message> messages(Alerter alerter, Alert alert, String rule) {
        try {
            return alerter.messages(alert);
        } catch (RuntimeException e) {
            LOG.error(
                    "rule=\"{}\" alerter={} could not write its message: {}",
                    rule,
                    alerter.name(),
                    e.getClass().getSimpleName(),
                    e);
            return List.of();
        }
    }

    void write() {
        if (posts.isEmpty()) {
            return;
        }
        int added = rows.write(
                """
                insert into meta.outbox (dedupe_key, rule, alert_id, channel, target, payload, extra)
                select a, b, c, d, e, f::jsonb, g::jsonb
                from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                  with ordinality as post(a, b, c, d, e, f, g, place)
                order by place on conflict (dedupe_key) do nothing""",
                AlertTables.column(posts, Post::dedupeKey),
                AlertTables.column(posts, Post::rule),
                AlertTables.column(posts, Post::alertId),
                AlertTables.column(posts, post -> post.message().channel()),
                AlertTables.column(posts, post -> post.message().target()),
                AlertTables.column(
                        posts,
                        post -> PostgresJson.text(
                                MessageLimits.json(post.message().payload()))),
                AlertTables.column(
                        posts, post -> PostgresJson.text(post.message().extra())));
        LOG.info(
                "messages={} queued={} rule=\"{}\"{}",
                posts.size(),
                added,
                posts.get(0).rule(),
                Optional.of(posts.size())
                        .filter(n -> n > 1)
                        .map(n -> " and others")
                        .orElse(""));
        posts.clear();
    }
}
