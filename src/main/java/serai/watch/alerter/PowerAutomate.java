package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;
import serai.watch.python.Python;
import serai.watch.rule.RuleException;

/** Adaptive cards to a workflow of Microsoft Power Automate, and by it to Teams. */
final class PowerAutomate implements Alerter {

    private static final Set<String> SIZES = Set.of("default", "small", "medium", "large", "extraLarge");
    private static final Set<String> STYLES = Set.of("default", "positive", "destructive");
    /** Teams takes 28 KB in a message. */
    private static final int LONGEST_CARD = 27_900;

    private static final int LONGEST_TEXT = 20_000;

    private final AlerterOptions given;
    private final List<HttpDestination> addresses = new ArrayList<>();
    private final HttpDestination open;
    private final String field;

    PowerAutomate(AlerterOptions given) throws RuleException {
        this.given = given.require("ms_power_automate_webhook_url");
        HttpOptions connection = AlerterHttpOptions.of(given, "ms_power_automate");
        for (String url : given.urls("ms_power_automate_webhook_url")) {
            addresses.add(HttpDestination.of("power-automate", url, connection));
        }
        this.field = given.string("ms_power_automate_webhook_url_from_field", null);
        this.open = new HttpDestination(
                "power-automate",
                "power-automate of " + given.rule().name(),
                null,
                HttpDestination.JSON_HEADERS,
                Json.object(),
                connection);
        given.oneOf("ms_power_automate_summary_text_size", SIZES);
        given.oneOf("ms_power_automate_body_text_size", SIZES);
        for (String product : List.of("kibana", "opensearch")) {
            given.oneOf("ms_power_automate_" + product + "_discover_color", STYLES);
            given.flag("ms_power_automate_" + product + "_discover_attach_url", false);
        }
        given.flag("ms_power_automate_teams_card_width_full", false);
        for (Object fact : facts()) {
            if (!(fact instanceof Map<?, ?> map)
                    || !(map.get("name") instanceof String)
                    || !(map.get("value") instanceof String)) {
                throw given.refused("ms_power_automate_alert_facts", "each entry must be a map of name and value");
            }
        }
    }

    private List<?> facts() {
        return given.value("ms_power_automate_alert_facts") instanceof List<?> list ? list : List.of();
    }

    @Override
    public String name() {
        return "ms_power_automate";
    }

    @Override
    public List<Destination> destinations() {
        List<Destination> all = new ArrayList<>(addresses);
        if (field != null) {
            all.add(open);
        }
        return all;
    }

    @Override
    public List<Message> messages(Alert alert) {
        ObjectNode payload = payload(alert);
        List<Message> messages = new ArrayList<>();
        if (field != null && AlerterOptions.first(alert, field) instanceof String urls) {
            for (String url : urls.split(",")) {
                if (AlerterOptions.isUrl(url.strip())) {
                    // it stands in the document, so it may stand in the table; its own target makes it wait for nobody
                    // else
                    messages.add(new Message(
                            open.as(url.strip()), payload, Json.object().put("url", url.strip())));
                }
            }
        }
        if (messages.isEmpty()) {
            addresses.forEach(address -> messages.add(new Message(address, payload)));
        }
        return messages;
    }

    private ObjectNode payload(Alert alert) {
        ObjectNode payload = Json.object().put("type", "message");
        ObjectNode card = payload.putArray("attachments")
                .addObject()
                .put("contentType", "application/vnd.microsoft.card.adaptive")
                .putObject("content");
        card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
                .put("type", "AdaptiveCard")
                .put("version", "1.4");
        ArrayNode body = card.putArray("body");
        body.addObject()
                .put("type", "TextBlock")
                .put("text", text("alert_summary", given.title(alert)))
                .put("weight", "Bolder")
                .put("wrap", true)
                .put("size", text("summary_text_size", "large"));
        ObjectNode block = body.addObject()
                .put("type", "TextBlock")
                .put("text", MessageLimits.text(given.body(alert), LONGEST_TEXT))
                .put("spacing", "Large")
                .put("wrap", true);
        if (!text("body_text_size", "").isEmpty()) {
            block.put("size", text("body_text_size", ""));
        }
        ArrayNode actions = card.putArray("actions");
        if (Python.truthy(given.value("ms_power_automate_teams_card_width_full"))) {
            card.putObject("msteams").put("width", "Full");
        }
        if (!facts().isEmpty()) {
            ArrayNode facts = body.addObject().put("type", "FactSet").putArray("facts");
            facts().forEach(fact -> facts.add(fact((Map<?, ?>) fact, alert)));
        }
        action(alert, actions, "kibana", "Discover in Kibana");
        action(alert, actions, "opensearch", "Discover in opensearch");
        return MessageLimits.json(payload, LONGEST_CARD);
    }

    private static ObjectNode fact(Map<?, ?> fact, Alert alert) {
        Object value = AlerterOptions.first(alert, (String) fact.get("value"));
        ObjectNode node = Json.object().put("title", (String) fact.get("name"));
        node.set("value", Json.of(value == null ? fact.get("value") : value));
        return node;
    }

    private void action(Alert alert, ArrayNode actions, String product, String title) {
        Object link = AlerterOptions.first(alert, product + "_discover_url");
        if (Python.truthy(given.value("ms_power_automate_" + product + "_discover_attach_url"))
                && Python.truthy(link)) {
            actions.addObject()
                    .put("type", "Action.OpenUrl")
                    .put("title", text(product + "_discover_title", title))
                    .put("url", Python.str(link))
                    .put("style", text(product + "_discover_color", "default"));
        }
    }

    private String text(String name, String otherwise) {
        Object value = given.value("ms_power_automate_" + name);
        return value == null ? otherwise : Python.str(value);
    }
}
