package serai.watch.outbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import serai.settings.Secrets;
import serai.watch.alerter.Alerter;
import serai.watch.alerter.Alerters;
import serai.watch.alerter.Destination;
import serai.watch.alerter.SlackMentions;
import serai.watch.store.OutboxInserts;

/** Notices to the operators' Slack webhook, {@code watch.slack-webhook}: messages of the outbox that no rule sends. */
public final class OperatorNotices {

    private static final Duration REPEAT_AFTER = Duration.ofHours(1);
    private static final Duration REFUSALS_AGAIN_AFTER = Duration.ofDays(1);

    private final Destination webhook;
    private final Destination fallback;

    /**
     * @param webhook null when the settings name none: then no one is notified
     * @param fallback where notices of messages go that are not delivered; null for the webhook
     */
    public OperatorNotices(Destination webhook, Destination fallback) {
        this.webhook = webhook;
        this.fallback = fallback == null ? webhook : fallback;
    }

    /** Whether the settings name a webhook. */
    public boolean isEnabled() {
        return webhook != null;
    }

    /**
     * Queues a notice, in the transaction of the connection.
     *
     * @param key a notice of the same key is queued once
     * @param text in Slack's markup; texts of others in it must be escaped by {@link SlackMentions#text}
     */
    public void queue(Connection connection, String key, String text) {
        queue(connection, webhook, key, text);
    }

    private static void queue(Connection connection, Destination to, String key, String text) {
        OutboxInserts.insert(
                connection,
                Destination.sha256(key),
                new Alerter.Message(to, JsonNodeFactory.instance.objectNode().put("text", Secrets.mask(text))));
    }

    /** Queues a notice that a message is refused; one a day for each target and reason. */
    void refused(Connection connection, OutboundMessage message, String reason) {
        undelivered(
                connection,
                message,
                reason,
                REFUSALS_AGAIN_AFTER,
                " is refused by ",
                "\nIt is tried again until watch.alert-time-limit. If you edit the address in the rule, what waits goes"
                        + " to the new one. Further alerts that are refused there for this reason within the day are"
                        + " not reported.");
    }

    /** Queues a notice that a message was given up; one an hour for each target and reason. */
    void notDelivered(Connection connection, OutboundMessage message, String reason) {
        undelivered(
                connection,
                message,
                reason,
                REPEAT_AFTER,
                " is given up. It was not delivered to ",
                "\nIt is message " + message.id() + " in meta.outbox; outbox retry sends it again. Further alerts that"
                        + " fail there for this reason within the hour are not reported.");
    }

    private void undelivered(
            Connection connection, OutboundMessage message, String reason, Duration again, String what, String hint) {
        // what a webhook itself refuses cannot be reported to it
        Destination to = fallback == null || message.target().equals(fallback.target()) ? webhook : fallback;
        if (to == null || message.target().equals(to.target())) {
            return;
        }
        long period = Instant.now().getEpochSecond() / again.toSeconds();
        queue(
                connection,
                to,
                String.join("\0", what, message.target(), reason, String.valueOf(period)),
                ":warning: An alert of the rule " + SlackMentions.text(message.rule()) + what
                        + Alerters.type(message.channel()).service() + ": " + SlackMentions.text(reason) + hint);
    }
}
