package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.message.FormattedText;
import serai.watch.message.MessageLimits;
import serai.watch.message.PublicOptions;
import serai.watch.python.Python;
import serai.watch.rule.Document;
import serai.watch.rule.RuleException;

/** Alerts with observables at TheHive, which refuses a repeat by its {@code sourceRef}. */
final class TheHive {

    private static final int LONGEST_BODY = 100_000;
    private static final Set<String> FORMATTED = Set.of("description", "title", "type", "source");
    private static final Set<String> ABOUT_OBSERVABLE = Set.of("tlp", "message", "tags");

    private static final OptionList OPTIONS = new OptionList();
    private static final Option<Map<String, Object>> SERVER = OPTIONS.required().map("hive_connection");
    private static final Option<Map<String, Object>> ALERT = OPTIONS.required().map("hive_alert_config");
    private static final Option<Object> OBSERVABLES = OPTIONS.any("hive_observable_data_mapping");

    static final AlerterType TYPE = new AlerterType("hivealerter", "TheHive", OPTIONS, TheHive::open);

    private final AlerterOptions options;
    private final Map<String, Object> config;

    private TheHive(AlerterOptions options) {
        this.options = options;
        this.config = options.get(ALERT);
    }

    private static Alerter open(AlerterOptions options) throws RuleException {
        Map<String, Object> server = options.get(SERVER);
        String url = server.getOrDefault("hive_host", "http://localhost") + ":" + server.getOrDefault("hive_port", 9000)
                + "/api/alert";
        if (!OptionList.isUrl(url)) {
            throw options.missing(SERVER.name(), "hive_host must begin with https:// or http://");
        }
        HttpDestination destination = HttpDestination.of(TYPE.name(), url, connection(server))
                .withAuthorization("Bearer " + server.getOrDefault("hive_apikey", ""));
        return HttpAlerter.of(options, List.of(destination), new TheHive(options)::payload)
                .withExtra("key", "sourceRef")
                .withInfo(Map.of("type", TYPE.name(), "hive_host", Python.str(server.getOrDefault("hive_host", ""))));
    }

    private static HttpOptions connection(Map<String, Object> server) {
        Object verify = server.getOrDefault("hive_verify", false);
        String proxy = server.get("hive_proxies") instanceof Map<?, ?> proxies && Python.truthy(proxies.get("https"))
                ? Python.str(proxies.get("https"))
                : null;
        return ConnectionOptions.of(!Boolean.FALSE.equals(verify), verify instanceof String file ? file : null, proxy);
    }

    private ObjectNode payload(Alert alert) {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toEpochMilli());
        payload.put("description", MessageLimits.text(options.text().body(alert), LONGEST_BODY));
        // the message's own key
        payload.put("sourceRef", "");
        payload.put("title", options.text().title(alert));
        payload.putAll(config);
        Set<String> tags = new LinkedHashSet<>();
        List<Map<String, Object>> observables = new ArrayList<>();
        for (Map<String, Object> match : alert.matches()) {
            addTags(match, tags);
            addObservables(match, observables);
        }
        payload.put("tags", tags);
        payload.put("artifacts", observables);
        payload.put("customFields", customFields(alert.first()));
        for (String field : FORMATTED) {
            if (payload.remove(field + "_args") instanceof List<?> args && payload.get(field) != null) {
                payload.put(field, formatted(field, Python.str(payload.get(field)), args, alert.first()));
            }
            payload.remove(field + "_missing_value");
        }
        return Json.of(payload);
    }

    /** A field of the match, else an option of the rule, else a default. */
    private Object value(Map<String, Object> match, String name, Object otherwise) {
        Object value = Document.lookup(match, name);
        value = value == null ? PublicOptions.of(options.rule(), name) : value;
        return value == null ? otherwise : value;
    }

    private static List<?> list(Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private void addTags(Map<String, Object> match, Set<String> tags) {
        for (Object tag : list(config.get("tags"))) {
            Object value = value(match, Python.str(tag), tag);
            (value instanceof List<?> values ? values : List.of(value)).forEach(one -> tags.add(Python.str(one)));
        }
    }

    private void addObservables(Map<String, Object> match, List<Map<String, Object>> observables) {
        for (Object mapping : list(options.get(OBSERVABLES))) {
            if (mapping instanceof Map<?, ?> map) {
                map.entrySet().stream()
                        .filter(entry -> !ABOUT_OBSERVABLE.contains(entry.getKey()))
                        .findFirst()
                        .map(type -> observable(match, map, type))
                        .filter(observable -> !observable.get("data").equals(""))
                        .ifPresent(observables::add);
            }
        }
    }

    private Map<String, Object> observable(Map<String, Object> match, Map<?, ?> mapping, Map.Entry<?, ?> type) {
        Map<String, Object> observable = new LinkedHashMap<>();
        observable.put("tlp", mapping.get("tlp") == null ? 2 : mapping.get("tlp"));
        observable.put("tags", mapping.get("tags") == null ? List.of() : mapping.get("tags"));
        observable.put("message", mapping.get("message"));
        observable.put("dataType", type.getKey());
        observable.put("data", Python.str(value(match, Python.str(type.getValue()), "")));
        return observable;
    }

    private Map<String, Object> customFields(Map<String, Object> match) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Object field : list(config.get("customFields"))) {
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
        return FormattedText.fill(
                text,
                args.stream().map(arg -> value(match, Python.str(arg), missing)).toList());
    }
}
