package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import serai.watch.message.Alert;

/** Somebody who is told of a rule's matches: one entry of a rule's {@code alert}. */
public interface Alerter {

    /**
     * One delivery.
     *
     * @param destination where it goes; holds secrets
     * @param payload what is said; holds no secrets of the rule
     * @param extra what the delivery needs beside it, made from the match: an address of its own, headers; no secrets
     *     of the rule
     */
    record Message(Destination destination, ObjectNode payload, ObjectNode extra) {

        Message(Destination destination, ObjectNode payload) {
            this(destination, payload, JsonNodeFactory.instance.objectNode());
        }

        public String channel() {
            return destination.channel();
        }

        /** The name of the destination in tables: no secret. */
        public String target() {
            return destination.target();
        }

        @Override
        public String toString() {
            return channel() + " message";
        }
    }

    /** The name in ElastAlert's grammar, such as slack. */
    String name();

    /** What an alert gives: a message for each destination; none where there is nothing to say. */
    List<Message> messages(Alert alert);

    /** The destinations that messages may go to, as far as they are known before. */
    List<Destination> destinations();

    /** What ElastAlert notes of the alerter with each alert: {@code type} and a few options, no secrets. */
    default Map<String, Object> info() {
        return Map.of("type", name());
    }
}
