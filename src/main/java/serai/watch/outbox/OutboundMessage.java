package serai.watch.outbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import serai.watch.alerter.Destination;

/**
 * A message to deliver now.
 *
 * @param destination where it goes, a secret; null when no running rule has it
 * @param payload what is sent
 * @param extra what the delivery needs besides the payload
 * @param key the same for each attempt of this message, and different for every other
 * @param ticket the address of the ticket that was opened for the same alert, or null
 * @param refused whether the receiver refused it before
 * @param attempt from 1
 */
public record OutboundMessage(
        long id,
        String rule,
        String channel,
        String target,
        String alertId,
        Destination destination,
        ObjectNode payload,
        ObjectNode extra,
        String key,
        String ticket,
        boolean refused,
        int attempt,
        Instant created) {

    /** Which route delivers it: {@code direct:deliver-} and this name. */
    public String delivery() {
        return destination.delivery();
    }

    /** Without anything secret, so that it may be logged. */
    @Override
    public String toString() {
        return "message " + id;
    }
}
