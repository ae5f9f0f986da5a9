package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.python.Python;
import serai.watch.rule.Document;
import serai.watch.rule.RuleException;

/**
 * Each match as JSON to addresses of the rule's own: {@code post}. Its static payload is put in when it is sent: it may
 * hold a key.
 */
final class HttpPost {

    private HttpPost() {}

    static Alerter of(AlerterOptions given) throws RuleException {
        given.require("http_post_url");
        Map<String, Object> fixed = given.map("http_post_static_payload");
        Map<String, Object> fields = given.map("http_post_payload");
        boolean all = given.flag("http_post_all_values", fields.isEmpty());
        Map<String, String> headers = headers(given.map("http_post_headers"));
        List<HttpDestination> addresses = new ArrayList<>();
        HttpOptions connection = AlerterHttpOptions.of(given, "http_post");
        for (String url : given.urls("http_post_url")) {
            addresses.add(HttpDestination.of("http", url, connection)
                    .withHeaders(headers)
                    .withFixed(Json.of(fixed)));
        }
        return new HttpAlerter(
                "post",
                addresses,
                alert -> payloads(alert, all, fixed, fields),
                Json.object(),
                Map.of("type", "http_post"));
    }

    static Map<String, String> headers(Map<String, Object> own) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("Accept", "application/json;charset=utf-8");
        own.forEach((name, value) -> {
            headers.keySet().removeIf(name::equalsIgnoreCase);
            headers.put(name, Python.str(value));
        });
        return headers;
    }

    private static List<ObjectNode> payloads(
            Alert alert, boolean all, Map<String, Object> fixed, Map<String, Object> fields) {
        List<ObjectNode> payloads = new ArrayList<>();
        for (Map<String, Object> match : alert.matches()) {
            Map<String, Object> payload = new LinkedHashMap<>(all ? match : Map.of());
            payload.keySet().removeAll(fixed.keySet());
            fields.forEach((name, field) -> payload.put(name, Document.lookup(match, Python.str(field))));
            payloads.add(Json.of(payload));
        }
        return payloads;
    }
}
