package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import serai.watch.message.Alert;

/** One entry of a rule's {@code alert}: writes the messages of an alert for one service. */
public interface Alerter {

    /**
     * A message for one destination.
     *
     * @param destination where it goes; holds secrets
     * @param payload what is sent; holds no secrets of the rule
     * @param extra what the delivery needs besides the payload; no secrets of the rule. Of HTTP messages: {@code url},
     *     an address of its own; {@code headers}; {@code key}, the field of the payload that is to hold the message's
     *     key unless it has a value; {@code list}, whether the payload is sent as a list of one; {@code ticket}, the
     *     attachment that shows the alert's Jira ticket
     */
    record Message(Destination destination, ObjectNode payload, ObjectNode extra) {

        /** A message without extras. */
        public Message(Destination destination, ObjectNode payload) {
            this(destination, payload, JsonNodeFactory.instance.objectNode());
        }

        /** How it is delivered: the name of its alerter. */
        public String channel() {
            return destination.channel();
        }

        /** The name of the destination in tables: not a secret. */
        public String target() {
            return destination.target();
        }

        /** Without secrets and without the payload. */
        @Override
        public String toString() {
            return channel() + " message";
        }
    }

    /** The name in ElastAlert's grammar, such as slack. */
    String name();

    /** The messages of an alert, one for each destination; none when the service is not notified of it. */
    List<Message> messages(Alert alert);

    /** The destinations that are known before an alert. */
    List<? extends Destination> destinations();

    /** What ElastAlert stores about the alerter with each alert: {@code type} and a few options, no secrets. */
    default Map<String, Object> info() {
        return Map.of("type", name());
    }
}
