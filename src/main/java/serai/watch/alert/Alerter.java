package serai.watch.alert;

import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Somebody who is told of a rule's matches: one entry of a rule's {@code alert}. */
public interface Alerter {

    /** One delivery: how it goes, to which address, and what is said. The address is a secret, the payload holds none. */
    record Message(String channel, String address, ObjectNode payload) {
        @Override
        public String toString() {
            return channel + " message";
        }
    }

    /** The name in ElastAlert's grammar, such as slack. */
    String name();

    /** What an alert gives: a message for each address. */
    List<Message> messages(Alert alert);

    /** The addresses that messages may go to. */
    List<String> addresses();
}
