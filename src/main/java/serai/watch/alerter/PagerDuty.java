package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.message.FormattedText;
import serai.watch.message.MessageLimits;
import serai.watch.python.Python;
import serai.watch.rule.Document;

/**
 * Incidents at PagerDuty, by version 1 or 2 of its events API. When the rule reports the end of alerts, an incident's
 * key is that of the problem, so that the end resolves it. Otherwise, without a key of the rule's own, it is the
 * message's key, so that a repeat opens no second incident.
 */
final class PagerDuty {

    private static final String V1 = "https://events.pagerduty.com/generic/2010-04-15/create_event.json";
    private static final String V2 = "https://events.pagerduty.com/v2/enqueue";
    private static final int LONGEST_SUMMARY = 1024;
    private static final int LONGEST_KEY = 255;
    private static final int LONGEST_BODY = 200_000;

    private static final OptionList OPTIONS = new OptionList();
    private static final Option<String> SERVICE_KEY = OPTIONS.required().text("pagerduty_service_key");
    private static final Option<String> CLIENT = OPTIONS.required().text("pagerduty_client_name");
    private static final Option<String> VERSION = OPTIONS.oneOf("pagerduty_api_version", "v1", "v1", "v2");
    private static final Option<String> EVENT =
            OPTIONS.oneOf("pagerduty_event_type", "trigger", "none", "trigger", "resolve", "acknowledge");
    private static final Option<FormattedText> INCIDENT_KEY =
            OPTIONS.withValues("pagerduty_incident_key", "pagerduty_incident_key_args", "");
    private static final Option<FormattedText> CLASS = payloadText("class", "");
    private static final Option<FormattedText> COMPONENT = payloadText("component", "");
    private static final Option<FormattedText> GROUP = payloadText("group", "");
    private static final Option<FormattedText> SOURCE = payloadText("source", "ElastAlert");
    private static final Option<String> SEVERITY =
            OPTIONS.oneOf("pagerduty_v2_payload_severity", "critical", "critical", "error", "warning", "info");
    private static final Option<Map<String, Object>> DETAILS = OPTIONS.map("pagerduty_v2_payload_custom_details");
    private static final Option<Boolean> ALL_INFO = OPTIONS.flag("pagerduty_v2_payload_include_all_info", true);
    /** For a relay; PagerDuty's own address by default. */
    private static final Option<List<String>> URL = OPTIONS.urls("pagerduty_url");

    private static final Option<HttpOptions> CONNECTION = ConnectionOptions.of(OPTIONS, "pagerduty");

    static final AlerterType TYPE =
            new AlerterType("pagerduty", "PagerDuty", OPTIONS, PagerDuty::open).withJudge(PagerDuty::judge);

    private PagerDuty() {}

    private static Option<FormattedText> payloadText(String name, String otherwise) {
        String option = "pagerduty_v2_payload_" + name;
        return OPTIONS.withValues(option, option + "_args", otherwise);
    }

    private static Alerter open(AlerterOptions options) {
        boolean v2 = isV2(options);
        String url = v2 ? V2 : V1;
        String secret = options.get(SERVICE_KEY);
        HttpDestination destination = HttpDestination.of(
                        TYPE.name(),
                        options.get(URL).isEmpty() ? url : options.get(URL).get(0),
                        options.get(CONNECTION))
                .withIdentity(url + " " + secret)
                .withFixed(Json.object().put(v2 ? "routing_key" : "service_key", secret));
        return HttpAlerter.of(options, List.of(destination), alert -> v2 ? v2(options, alert) : v1(options, alert))
                .withExtra("key", v2 ? "dedup_key" : "incident_key")
                .withInfo(Map.of("type", TYPE.name(), CLIENT.name(), options.get(CLIENT)));
    }

    private static boolean isV2(AlerterOptions options) {
        return options.get(VERSION).equals("v2");
    }

    private static ObjectNode v1(AlerterOptions options, Alert alert) {
        ObjectNode event = Json.object()
                .put("description", title(options, alert))
                .put("event_type", action(options, alert))
                .put("incident_key", incident(options, alert))
                .put("client", options.get(CLIENT));
        event.putObject("details").put("information", body(options, alert));
        return event;
    }

    private static ObjectNode v2(AlerterOptions options, Alert alert) {
        Map<String, Object> match = alert.first();
        ObjectNode event = Json.object()
                .put("event_action", action(options, alert))
                .put("dedup_key", incident(options, alert))
                .put("client", options.get(CLIENT));
        ObjectNode payload = event.putObject("payload")
                .put("class", options.get(CLASS).of(match))
                .put("component", options.get(COMPONENT).of(match))
                .put("group", options.get(GROUP).of(match))
                .put("severity", options.get(SEVERITY))
                .put("source", options.get(SOURCE).of(match))
                .put("summary", title(options, alert));
        ObjectNode details = payload.putObject("custom_details");
        if (options.get(ALL_INFO)) {
            details.put("information", body(options, alert));
        }
        options.get(DETAILS).forEach((name, field) -> {
            Object value = Document.lookup(alert.last(), Python.str(field));
            details.set(name, Json.of(Python.truthy(value) ? value : field));
        });
        Object time = alert.field(options.rule().timestampField());
        if (Python.truthy(time)) {
            payload.set("timestamp", Json.of(time));
        }
        return event;
    }

    private static String action(AlerterOptions options, Alert alert) {
        return alert.resolved() ? "resolve" : options.get(EVENT);
    }

    private static String incident(AlerterOptions options, Alert alert) {
        String own = options.get(INCIDENT_KEY).of(alert.first());
        return own.isEmpty() ? options.incidentKey(alert) : AlerterOptions.shortened(own, LONGEST_KEY);
    }

    private static String title(AlerterOptions options, Alert alert) {
        return MessageLimits.text(options.text().title(alert), LONGEST_SUMMARY, "… (%d more)");
    }

    private static String body(AlerterOptions options, Alert alert) {
        return MessageLimits.text(options.text().body(alert), LONGEST_BODY);
    }

    /** Version 1 of the API answers 403 to too many events. */
    private static DeliveryResult judge(HttpAnswer answer, ObjectNode event) {
        return answer.is(403) && event.has("event_type")
                ? DeliveryResult.retry(
                        "PagerDuty answered 403, which is its rate limit", HttpAnswer.seconds(answer.retryAfter()))
                : answer.result(event);
    }
}
