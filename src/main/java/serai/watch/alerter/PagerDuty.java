package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;
import serai.watch.python.Python;
import serai.watch.rule.RuleException;

/**
 * Incidents at PagerDuty, by its events API of version 1 or 2. An incident of a rule that says when it is over carries
 * the silence key, so that its end resolves it; any other without a key of the rule's own carries the message's, so
 * that a repeat is no second incident.
 */
final class PagerDuty {

    static final String V1 = "https://events.pagerduty.com/generic/2010-04-15/create_event.json";
    static final String V2 = "https://events.pagerduty.com/v2/enqueue";
    private static final int LONGEST_SUMMARY = 1024;
    private static final int LONGEST_KEY = 255;
    private static final int LONGEST_BODY = 200_000;

    private final AlerterOptions given;
    private final boolean v2;
    private final String event;
    private final FormattedText key;
    private final FormattedText type;
    private final FormattedText component;
    private final FormattedText group;
    private final FormattedText source;
    private final String severity;
    private final Map<String, Object> details;
    private final boolean allInfo;

    private PagerDuty(AlerterOptions given) throws RuleException {
        this.given = given;
        this.v2 = "v2".equals(given.oneOf("pagerduty_api_version", Set.of("v1", "v2")));
        String named = given.oneOf("pagerduty_event_type", Set.of("none", "trigger", "resolve", "acknowledge"));
        this.event = named == null ? "trigger" : named;
        this.key = FormattedText.positional(given, "pagerduty_incident_key", "pagerduty_incident_key_args", "");
        this.type = payloadText("class", "");
        this.component = payloadText("component", "");
        this.group = payloadText("group", "");
        this.source = payloadText("source", "ElastAlert");
        String grave = given.oneOf("pagerduty_v2_payload_severity", Set.of("critical", "error", "warning", "info"));
        this.severity = grave == null ? "critical" : grave;
        this.details = given.map("pagerduty_v2_payload_custom_details");
        this.allInfo = given.flag("pagerduty_v2_payload_include_all_info", true);
    }

    private FormattedText payloadText(String name, String otherwise) throws RuleException {
        return FormattedText.positional(
                given, "pagerduty_v2_payload_" + name, "pagerduty_v2_payload_" + name + "_args", otherwise);
    }

    static Alerter of(AlerterOptions given) throws RuleException {
        PagerDuty pagerDuty = new PagerDuty(given.require("pagerduty_service_key", "pagerduty_client_name"));
        String secret = given.string("pagerduty_service_key", null);
        String url = pagerDuty.v2 ? V2 : V1;
        // for a relay inside the house; PagerDuty's own address otherwise
        List<String> own = given.urls("pagerduty_url");
        HttpDestination address = HttpDestination.of(
                        pagerDuty.v2 ? "pagerduty" : "pagerduty-v1",
                        own.isEmpty() ? url : own.get(0),
                        AlerterHttpOptions.of(given, "pagerduty"))
                .as(url + " " + secret)
                .withFixed(Json.object().put(pagerDuty.v2 ? "routing_key" : "service_key", secret));
        ObjectNode extra = Json.object().put("key", pagerDuty.v2 ? "dedup_key" : "incident_key");
        return new HttpAlerter(
                "pagerduty",
                List.of(address),
                alert -> List.of(pagerDuty.payload(alert)),
                extra,
                Map.of("type", "pagerduty", "pagerduty_client_name", given.string("pagerduty_client_name", "")));
    }

    private ObjectNode payload(Alert alert) {
        String action = alert.resolved() ? "resolve" : event;
        String incident = AlerterOptions.key(key.of(alert.matches().get(0)), LONGEST_KEY);
        incident =
                incident.isEmpty() && alert.key() != null && given.endsByItself() ? given.troubleKey(alert) : incident;
        String title = MessageLimits.text(given.title(alert), LONGEST_SUMMARY, "… (%d more)");
        String body = MessageLimits.text(given.body(alert), LONGEST_BODY);
        ObjectNode payload = Json.object();
        if (!v2) {
            payload.put("description", title).put("event_type", action).put("incident_key", incident);
            payload.put("client", Python.str(given.value("pagerduty_client_name")))
                    .putObject("details")
                    .put("information", body);
            return payload;
        }
        payload.put("event_action", action)
                .put("dedup_key", incident)
                .put("client", Python.str(given.value("pagerduty_client_name")));
        Map<String, Object> match = alert.matches().get(0);
        ObjectNode inner = payload.putObject("payload");
        inner.put("class", type.of(match))
                .put("component", component.of(match))
                .put("group", group.of(match))
                .put("severity", severity)
                .put("source", source.of(match))
                .put("summary", title);
        ObjectNode custom = inner.putObject("custom_details");
        if (allInfo) {
            custom.put("information", body);
        }
        for (Map.Entry<String, Object> detail : details.entrySet()) {
            Object value = AlerterOptions.last(alert, Python.str(detail.getValue()));
            custom.set(detail.getKey(), Json.of(Python.truthy(value) ? value : detail.getValue()));
        }
        Object time = AlerterOptions.first(alert, given.rule().timestampField());
        if (Python.truthy(time)) {
            inner.set("timestamp", Json.of(time));
        }
        return payload;
    }
}
