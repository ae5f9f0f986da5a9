package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import serai.watch.message.Alert;

/** An alerter that posts the same payloads to each of its addresses. */
final class HttpAlerter implements Alerter {

    private final String name;
    private final List<HttpDestination> destinations;
    private final Function<Alert, List<ObjectNode>> payloads;
    private final ObjectNode extra;
    private final Map<String, Object> info;

    private HttpAlerter(
            String name,
            List<HttpDestination> destinations,
            Function<Alert, List<ObjectNode>> payloads,
            ObjectNode extra,
            Map<String, Object> info) {
        this.name = name;
        this.destinations = destinations;
        this.payloads = payloads;
        this.extra = extra;
        this.info = info;
    }

    /** One payload for each alert. */
    static HttpAlerter of(
            AlerterOptions options, List<HttpDestination> destinations, Function<Alert, ObjectNode> payload) {
        return ofEach(options, destinations, alert -> List.of(payload.apply(alert)));
    }

    /** Several payloads for each alert. */
    static HttpAlerter ofEach(
            AlerterOptions options, List<HttpDestination> destinations, Function<Alert, List<ObjectNode>> payloads) {
        String name = options.type().name();
        return new HttpAlerter(name, destinations, payloads, Json.object(), Map.of("type", name));
    }

    /** A payload for each of some channels of a chat; for the webhook's own when there are none. */
    static List<ObjectNode> toChannels(ObjectNode payload, List<String> channels) {
        return (channels.isEmpty() ? List.of("") : channels)
                .stream()
                        .map(channel -> payload.deepCopy().put("channel", channel))
                        .toList();
    }

    /** The same with a field of each message's {@link Alerter.Message#extra}. */
    HttpAlerter withExtra(String name, Object value) {
        return new HttpAlerter(name, destinations, payloads, extra.deepCopy().set(name, Json.of(value)), info);
    }

    /** The same with other information. */
    HttpAlerter withInfo(Map<String, Object> other) {
        return new HttpAlerter(name, destinations, payloads, extra, other);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Message> messages(Alert alert) {
        return payloads.apply(alert).stream()
                .flatMap(payload ->
                        destinations.stream().map(destination -> new Message(destination, payload.deepCopy(), extra)))
                .toList();
    }

    @Override
    public List<HttpDestination> destinations() {
        return destinations;
    }

    @Override
    public Map<String, Object> info() {
        return info;
    }
}
