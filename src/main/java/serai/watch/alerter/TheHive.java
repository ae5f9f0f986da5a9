package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;
import serai.watch.message.PublicOptions;
import serai.watch.python.Python;
import serai.watch.rule.Document;
import serai.watch.rule.RuleException;

/** Alerts with observables at TheHive. Its {@code sourceRef} is the message's own key, by which it refuses a repeat. */
final class TheHive {

    private static final int LONGEST_BODY = 100_000;
    private static final Set<String> FORMATTED = Set.of("description", "title", "type", "source");

    private final AlerterOptions given;
    private final Map<String, Object> config;

    private TheHive(AlerterOptions given) throws RuleException {
        this.given = given;
        this.config = given.map("hive_alert_config");
    }

    static Alerter of(AlerterOptions given) throws RuleException {
        given.require("hive_connection", "hive_alert_config");
        Map<String, Object> server = given.map("hive_connection");
        String url = server.getOrDefault("hive_host", "http://localhost") + ":" + server.getOrDefault("hive_port", 9000)
                + "/api/alert";
        if (!AlerterOptions.isUrl(url)) {
            throw given.refused("hive_connection", "hive_host must begin with https:// or http://");
        }
        Object verify = server.getOrDefault("hive_verify", false);
        HttpOptions connection = AlerterHttpOptions.of(
                !Boolean.FALSE.equals(verify),
                verify instanceof String file ? file : null,
                server.get("hive_proxies") instanceof Map<?, ?> proxies && Python.truthy(proxies.get("https"))
                        ? Python.str(proxies.get("https"))
                        : null);
        HttpDestination address = HttpDestination.of("http", url, connection)
                .withHeaders(Map.of(
                        "Content-Type",
                        "application/json",
                        "Authorization",
                        "Bearer " + server.getOrDefault("hive_apikey", "")));
        TheHive hive = new TheHive(given);
        return new HttpAlerter(
                "hivealerter",
                List.of(address),
                alert -> List.of(hive.payload(alert)),
                Json.object().put("key", "sourceRef"),
                Map.of("type", "hivealerter", "hive_host", Python.str(server.getOrDefault("hive_host", ""))));
    }

    private ObjectNode payload(Alert alert) {
        Map<String, Object> match = alert.matches().get(0);
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("date", System.currentTimeMillis() / 1000 * 1000);
        payload.put("description", MessageLimits.text(given.body(alert), LONGEST_BODY));
        payload.put("sourceRef", "");
        payload.put("title", given.title(alert));
        payload.putAll(config);
        Set<Object> tags = new LinkedHashSet<>();
        List<Object> observables = new ArrayList<>();
        for (Map<String, Object> one : alert.matches()) {
            tags(one, tags);
            observables(one, observables);
        }
        payload.put("tags", tags);
        payload.put("artifacts", observables);
        payload.put("customFields", customFields(match));
        for (String field : FORMATTED) {
            if (payload.remove(field + "_args") instanceof List<?> args && payload.get(field) != null) {
                payload.put(field, formatted(field, Python.str(payload.get(field)), args, match));
            }
            payload.remove(field + "_missing_value");
        }
        return Json.of(payload);
    }

    private Object value(Map<String, Object> match, String field, Object otherwise) {
        Object value = Document.lookup(match, field);
        value = value == null ? PublicOptions.of(given.rule(), field) : value;
        return value == null ? otherwise : value;
    }

    private void tags(Map<String, Object> match, Set<Object> tags) {
        for (Object tag : config.get("tags") instanceof List<?> list ? list : List.of()) {
            Object value = value(match, Python.str(tag), tag);
            (value instanceof List<?> values ? values : List.of(value)).forEach(v -> tags.add(Python.str(v)));
        }
    }

    private void observables(Map<String, Object> match, List<Object> observables) {
        for (Object mapping : given.value("hive_observable_data_mapping") instanceof List<?> list ? list : List.of()) {
            if (mapping instanceof Map<?, ?> map) {
                map.entrySet().stream()
                        .filter(e -> !Set.of("tlp", "message", "tags").contains(e.getKey()))
                        .findFirst()
                        .ifPresent(type -> {
                            String data = Python.str(value(match, Python.str(type.getValue()), ""));
                            if (!data.isEmpty()) {
                                Map<String, Object> observable = new LinkedHashMap<>();
                                observable.put("tlp", map.get("tlp") == null ? 2 : map.get("tlp"));
                                observable.put("tags", map.get("tags") == null ? List.of() : map.get("tags"));
                                observable.put("message", map.get("message"));
                                observable.put("dataType", type.getKey());
                                observable.put("data", data);
                                observables.add(observable);
                            }
                        });
            }
        }
    }

    private Map<String, Object> customFields(Map<String, Object> match) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Object field : config.get("customFields") instanceof List<?> list ? list : List.of()) {
            if (field instanceof Map<?, ?> map) {
                Object value = map.get("value") instanceof String text ? value(match, text, text) : map.get("value");
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("order", fields.size());
                one.put(Python.str(map.get("type")), value);
                fields.put(Python.str(map.get("name")), one);
            }
        }
        return fields;
    }

    private String formatted(String field, String text, List<?> args, Map<String, Object> match) {
        Object missing = config.getOrDefault(field + "_missing_value", "<MISSING VALUE>");
        List<Object> values = new ArrayList<>();
        args.forEach(arg -> values.add(value(match, Python.str(arg), missing)));
        return FormattedText.of(text, values);
    }
}
