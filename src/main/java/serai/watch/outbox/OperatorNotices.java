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

    private final Destination webhook;

    /** @param webhook null when the settings name none: then nobody is notified */
    public OperatorNotices(Destination webhook) {
        this.webhook = webhook;
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
        OutboxInserts.insert(
                connection,
                Destination.sha256(key),
                new Alerter.Message(
                        webhook, JsonNodeFactory.instance.objectNode().put("text", Secrets.mask(text))));
    }

    /** Queues a notice that a message was given up; one an hour for each target and reason. */
    void notDelivered(Connection connection, OutboundMessage message, String reason) {
        // what the webhook itself refuses cannot be reported to it
        if (webhook == null || message.target().equals(webhook.target())) {
            return;
        }
        long hour = Instant.now().getEpochSecond() / REPEAT_AFTER.toSeconds();
        queue(
                connection,
                String.join("\0", "not delivered", message.target(), reason, String.valueOf(hour)),
                ":warning: An alert of the rule " + SlackMentions.text(message.rule()) + " was not delivered to "
                        + Alerters.type(message.channel()).service() + " and is given up: "
                        + SlackMentions.text(reason)
                        + "\nIt is message " + message.id() + " in meta.outbox. Further alerts that fail there for this"
                        + " reason within the hour are not reported.");
    }
}
