package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;
import serai.watch.rule.RuleException;

/** Incidents at Splunk On-Call, which ElastAlert knows as VictorOps. */
final class SplunkOnCall {

    private static final int LONGEST_BODY = 100_000;
    private static final String ADDRESS = "https://alert.victorops.com/integrations/generic/20131114/alert";

    private static final OptionList OPTIONS = new OptionList();
    private static final Option<String> API_KEY = OPTIONS.required().text("victorops_api_key");
    private static final Option<String> ROUTING_KEY = OPTIONS.required().text("victorops_routing_key");
    private static final Option<String> TYPE_OF_MESSAGE = OPTIONS.required()
            .oneOf("victorops_message_type", null, "INFO", "WARNING", "ACKNOWLEDGEMENT", "CRITICAL", "RECOVERY");
    private static final Option<String> DISPLAY_NAME = OPTIONS.scalar("victorops_entity_display_name");
    private static final Option<String> ENTITY = OPTIONS.scalar("victorops_entity_id", "");
    private static final Option<List<String>> URL = OPTIONS.urls("victorops_url");
    private static final Option<HttpOptions> CONNECTION = ConnectionOptions.of(OPTIONS, "victorops");

    static final AlerterType TYPE = new AlerterType("victorops", "Splunk On-Call", OPTIONS, SplunkOnCall::open);

    private SplunkOnCall() {}

    private static Alerter open(AlerterOptions options) throws RuleException {
        String server = options.get(URL).isEmpty() ? ADDRESS : options.get(URL).get(0);
        String url = String.join("/", server, options.get(API_KEY), options.get(ROUTING_KEY));
        if (!OptionList.isUrl(url)) {
            throw options.refused(
                    API_KEY.name(), "gives no address with victorops_routing_key; is its environment variable set?");
        }
        HttpDestination destination = HttpDestination.of(TYPE.name(), url, options.get(CONNECTION));
        return HttpAlerter.of(options, List.of(destination), alert -> payload(options, alert))
                .withExtra("key", "entity_id");
    }

    private static ObjectNode payload(AlerterOptions options, Alert alert) {
        String displayName = options.get(DISPLAY_NAME);
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("message_type", alert.resolved() ? "RECOVERY" : options.get(TYPE_OF_MESSAGE));
        payload.put("entity_display_name", displayName == null ? options.text().title(alert) : displayName);
        payload.put("monitoring_tool", "ElastAlert");
        payload.put("state_message", MessageLimits.text(options.text().body(alert), LONGEST_BODY));
        payload.putAll(alert.first());
        String entity = options.get(ENTITY).isEmpty() ? options.incidentKey(alert) : options.get(ENTITY);
        if (!entity.isEmpty()) {
            payload.put("entity_id", entity);
        }
        return Json.of(payload);
    }
}
