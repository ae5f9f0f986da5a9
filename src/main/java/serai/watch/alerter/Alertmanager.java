package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;
import serai.watch.python.Python;
import serai.watch.rule.RuleException;
import serai.watch.template.Template;
import serai.watch.template.TemplateException;

/** Alerts to Prometheus' Alertmanager, which knows a repeat by its labels. */
final class Alertmanager {

    private static final int LONGEST_BODY = 100_000;

    private final AlerterOptions given;
    private final Map<String, Template> labels;
    private final Map<String, Template> annotations;
    private final Map<String, Object> fields;
    private final Duration resolveTime;

    private Alertmanager(AlerterOptions given) throws RuleException {
        this.given = given;
        this.labels = templates(given, "alertmanager_labels");
        this.annotations = templates(given, "alertmanager_annotations");
        this.fields = given.map("alertmanager_fields");
        this.resolveTime =
                given.has("alertmanager_resolve_time") ? given.options().time("alertmanager_resolve_time", null) : null;
    }

    static Alerter of(AlerterOptions given) throws RuleException {
        given.require("alertmanager_hosts");
        Alertmanager manager = new Alertmanager(given);
        Map<String, String> headers = new LinkedHashMap<>(HttpDestination.JSON_HEADERS);
        if (given.has("alertmanager_basic_auth_login")) {
            String login = given.string("alertmanager_basic_auth_login", "") + ":"
                    + given.string("alertmanager_basic_auth_password", "");
            headers.put(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
        }
        List<HttpDestination> addresses = new ArrayList<>();
        for (String host : given.urls("alertmanager_hosts")) {
            // version 1 of the API has been gone since Alertmanager 0.27; ElastAlert still asks for it unless told
            // otherwise
            String version = given.string("alertmanager_api_version", "v1");
            addresses.add(HttpDestination.of(
                            "http", host + "/api/" + version + "/alerts", AlerterHttpOptions.of(given, "alertmanager"))
                    .withHeaders(headers));
        }
        return new HttpAlerter(
                "alertmanager",
                addresses,
                alert -> List.of(manager.payload(alert)),
                Json.object().put("list", true),
                Map.of("type", "alertmanager"));
    }

    private static Map<String, Template> templates(AlerterOptions given, String option) throws RuleException {
        Map<String, Template> templates = new LinkedHashMap<>();
        for (Map.Entry<String, Object> one : given.map(option).entrySet()) {
            templates.put(one.getKey(), given.template(option, Python.str(one.getValue())));
        }
        return templates;
    }

    private ObjectNode payload(Alert alert) {
        Map<String, Object> match = alert.matches().get(0);
        ObjectNode payload = Json.object();
        ObjectNode notes = payload.putObject("annotations");
        annotations.forEach((name, template) -> notes.put(name, rendered(template, match)));
        notes.put(text("alertmanager_alert_subject_labelname", "summary"), given.title(alert));
        notes.put(
                text("alertmanager_alert_text_labelname", "description"),
                MessageLimits.text(given.body(alert), LONGEST_BODY));
        ObjectNode named = payload.putObject("labels");
        labels.forEach((name, template) -> named.put(name, rendered(template, match)));
        fields.forEach((name, field) -> {
            Object value = AlerterOptions.first(alert, Python.str(field));
            named.put(name, value instanceof String text ? text : Json.of(value).toString());
        });
        named.put("alertname", text("alertmanager_alertname", given.rule().name()))
                .put("elastalert_rule", given.rule().name());
        if (alert.resolved()) {
            payload.put("endsAt", Instant.now().toString());
        } else if (resolveTime != null) {
            payload.put("endsAt", Instant.now().plus(resolveTime).toString());
        }
        return payload;
    }

    private String rendered(Template template, Map<String, Object> match) {
        try {
            return template.render(given.variables(match));
        } catch (TemplateException e) {
            return "";
        }
    }

    private String text(String name, String otherwise) {
        Object value = given.value(name);
        return value == null ? otherwise : Python.str(value);
    }
}
