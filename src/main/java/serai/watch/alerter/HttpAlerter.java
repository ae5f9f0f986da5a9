package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import serai.watch.message.Alert;

/** An alerter whose messages are JSON, each posted to all of its addresses. */
final class HttpAlerter implements Alerter {

    /** What is posted of an alert, in this order. */
    interface Payloads {
        List<ObjectNode> of(Alert alert);
    }

    private final String name;
    private final List<HttpDestination> addresses;
    private final Payloads payloads;
    private final ObjectNode extra;
    private final Map<String, Object> info;

    /** @param extra what goes beside each payload, see {@link Alerter.Message} */
    HttpAlerter(
            String name,
            List<HttpDestination> addresses,
            Payloads payloads,
            ObjectNode extra,
            Map<String, Object> info) {
        this.name = name;
        this.addresses = List.copyOf(addresses);
        this.payloads = payloads;
        this.extra = extra;
        this.info = info;
    }

    HttpAlerter(String name, List<HttpDestination> addresses, Payloads payloads) {
        this(name, addresses, payloads, Json.object(), Map.of("type", name));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Message> messages(Alert alert) {
        List<Message> messages = new ArrayList<>();
        for (ObjectNode payload : payloads.of(alert)) {
            addresses.forEach(address -> messages.add(new Message(address, payload.deepCopy(), extra)));
        }
        return messages;
    }

    @Override
    public List<Destination> destinations() {
        return List.copyOf(addresses);
    }

    @Override
    public Map<String, Object> info() {
        return info;
    }
}
