package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;

/** Records in a table of ServiceNow. They describe every match, where ElastAlert describes only the last. */
final class ServiceNow {

    private static final int LONGEST_BODY = 100_000;

    private static final OptionList OPTIONS = new OptionList();
    private static final Option<List<String>> ADDRESSES = OPTIONS.required().urls("servicenow_rest_url");
    private static final Option<String> USER = OPTIONS.required().text("username");
    private static final Option<String> PASSWORD = OPTIONS.required().text("password");
    private static final List<Option<Object>> FIELDS = Stream.of(
                    "short_description",
                    "comments",
                    "assignment_group",
                    "category",
                    "subcategory",
                    "cmdb_ci",
                    "caller_id")
            .map(name -> OPTIONS.required().any(name))
            .toList();
    private static final Option<Integer> IMPACT = OPTIONS.whole("servicenow_impact", null, 1, 3);
    private static final Option<Integer> URGENCY = OPTIONS.whole("servicenow_urgency", null, 1, 3);
    private static final Option<Map<String, Object>> OTHER_FIELDS = OPTIONS.map("service_now_additional_fields");
    private static final Option<HttpOptions> CONNECTION = ConnectionOptions.of(OPTIONS, "servicenow");

    static final AlerterType TYPE = new AlerterType("servicenow", "ServiceNow", OPTIONS, ServiceNow::open);

    private ServiceNow() {}

    private static Alerter open(AlerterOptions options) {
        String login = HttpDestination.basicAuth(options.get(USER), options.get(PASSWORD));
        List<HttpDestination> destinations = options.destinations(ADDRESSES, CONNECTION).stream()
                .map(address ->
                        address.withHeaders(Map.of("Authorization", login)).withFixed(fields(options)))
                .toList();
        return HttpAlerter.of(options, destinations, alert -> payload(options, alert))
                .withInfo(Map.of("type", "ServiceNow"));
    }

    private static ObjectNode fields(AlerterOptions options) {
        Map<String, Object> fields = new LinkedHashMap<>();
        FIELDS.forEach(field -> fields.put(field.name(), options.get(field)));
        if (options.has(IMPACT)) {
            fields.put("impact", options.get(IMPACT));
        }
        if (options.has(URGENCY)) {
            fields.put("urgency", options.get(URGENCY));
        }
        fields.putAll(options.get(OTHER_FIELDS));
        return Json.of(fields);
    }

    private static ObjectNode payload(AlerterOptions options, Alert alert) {
        return Json.object()
                .put("description", MessageLimits.text(options.text().bodyOfMatches(alert), LONGEST_BODY));
    }
}
