package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.python.Python;
import serai.watch.rule.Document;

/**
 * Each match as JSON to any addresses: {@code post}. The static payload is added when the message is sent, because it
 * may hold a key.
 */
final class HttpPost {

    private static final OptionList OPTIONS = new OptionList();
    private static final Option<List<String>> ADDRESSES = OPTIONS.required().urls("http_post_url");
    private static final Option<Map<String, Object>> PAYLOAD = OPTIONS.map("http_post_payload");
    private static final Option<Map<String, Object>> STATIC_PAYLOAD = OPTIONS.map("http_post_static_payload");
    private static final Option<Boolean> ALL_VALUES = OPTIONS.flag("http_post_all_values", null);
    private static final Option<Map<String, Object>> HEADERS = OPTIONS.map("http_post_headers");
    private static final Option<HttpOptions> CONNECTION = ConnectionOptions.of(OPTIONS, "http_post");

    static final AlerterType TYPE = new AlerterType("post", "The server", OPTIONS, HttpPost::open);

    private HttpPost() {}

    private static Alerter open(AlerterOptions options) {
        ObjectNode fixed = Json.of(options.get(STATIC_PAYLOAD));
        List<HttpDestination> destinations = options.destinations(ADDRESSES, CONNECTION).stream()
                .map(address -> address.withHeaders(options.get(HEADERS)).withFixed(fixed))
                .toList();
        return HttpAlerter.ofEach(options, destinations, alert -> payloads(options, alert))
                .withInfo(Map.of("type", "http_post"));
    }

    private static List<ObjectNode> payloads(AlerterOptions options, Alert alert) {
        return alert.matches().stream().map(match -> payload(options, match)).toList();
    }

    private static ObjectNode payload(AlerterOptions options, Map<String, Object> match) {
        Map<String, Object> fields = options.get(PAYLOAD);
        boolean all = options.get(ALL_VALUES) == null ? fields.isEmpty() : options.get(ALL_VALUES);
        Map<String, Object> payload = new LinkedHashMap<>(all ? match : Map.of());
        payload.keySet().removeAll(options.get(STATIC_PAYLOAD).keySet());
        fields.forEach((name, field) -> payload.put(name, Document.lookup(match, Python.str(field))));
        return Json.of(payload);
    }
}
