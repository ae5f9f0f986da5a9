package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.message.MatchTemplate;
import serai.watch.message.MessageLimits;
import serai.watch.python.Python;
import serai.watch.template.TemplateException;

/** Alerts to Prometheus' Alertmanager, which recognises a repeat by its labels. */
final class Alertmanager {

    private static final int LONGEST_BODY = 100_000;

    private static final OptionList OPTIONS = new OptionList();
    private static final Option<List<String>> HOSTS = OPTIONS.required().urls("alertmanager_hosts");
    /** Version 1 of the API ended with Alertmanager 0.27; it is still ElastAlert's default. */
    private static final Option<String> VERSION = OPTIONS.text("alertmanager_api_version", "v1");

    private static final Option<String> NAME = OPTIONS.scalar("alertmanager_alertname");
    private static final Option<String> SUBJECT_LABEL =
            OPTIONS.scalar("alertmanager_alert_subject_labelname", "summary");
    private static final Option<String> TEXT_LABEL = OPTIONS.scalar("alertmanager_alert_text_labelname", "description");
    private static final Option<Map<String, MatchTemplate>> LABELS = OPTIONS.templates("alertmanager_labels");
    private static final Option<Map<String, MatchTemplate>> ANNOTATIONS = OPTIONS.templates("alertmanager_annotations");
    private static final Option<Map<String, Object>> FIELDS = OPTIONS.map("alertmanager_fields");
    private static final Option<Duration> RESOLVE_TIME = OPTIONS.time("alertmanager_resolve_time");
    private static final Option<String> USER = OPTIONS.text("alertmanager_basic_auth_login");
    private static final Option<String> PASSWORD = OPTIONS.text("alertmanager_basic_auth_password", "");
    private static final Option<HttpOptions> CONNECTION = ConnectionOptions.of(OPTIONS, "alertmanager");

    static final AlerterType TYPE = new AlerterType("alertmanager", "Alertmanager", OPTIONS, Alertmanager::open);

    private Alertmanager() {}

    private static Alerter open(AlerterOptions options) {
        List<HttpDestination> destinations = options.get(HOSTS).stream()
                .map(host -> destination(options, host + "/api/" + options.get(VERSION) + "/alerts"))
                .toList();
        return HttpAlerter.of(options, destinations, alert -> payload(options, alert))
                .withExtra("list", true);
    }

    private static HttpDestination destination(AlerterOptions options, String url) {
        HttpDestination destination = HttpDestination.of(TYPE.name(), url, options.get(CONNECTION));
        return options.get(USER) == null
                ? destination
                : destination.withAuthorization(HttpDestination.basicAuth(options.get(USER), options.get(PASSWORD)));
    }

    private static ObjectNode payload(AlerterOptions options, Alert alert) {
        String rule = options.rule().name();
        ObjectNode payload = Json.object();
        ObjectNode annotations = payload.putObject("annotations");
        options.get(ANNOTATIONS).forEach((name, template) -> annotations.put(name, rendered(template, alert)));
        annotations
                .put(options.get(SUBJECT_LABEL), options.text().title(alert))
                .put(options.get(TEXT_LABEL), MessageLimits.text(options.text().body(alert), LONGEST_BODY));
        ObjectNode labels = payload.putObject("labels");
        options.get(LABELS).forEach((name, template) -> labels.put(name, rendered(template, alert)));
        options.get(FIELDS).forEach((name, field) -> {
            Object value = alert.field(Python.str(field));
            labels.put(
                    name, value instanceof String text ? text : Json.of(value).toString());
        });
        labels.put("alertname", options.get(NAME) == null ? rule : options.get(NAME))
                .put("elastalert_rule", rule);
        Duration untilEnd = alert.resolved() ? Duration.ZERO : options.get(RESOLVE_TIME);
        if (untilEnd != null) {
            payload.put("endsAt", Instant.now().plus(untilEnd).toString());
        }
        return payload;
    }

    private static String rendered(MatchTemplate template, Alert alert) {
        try {
            return template.render(alert.first());
        } catch (TemplateException e) {
            return "";
        }
    }
}
