package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;
import serai.watch.python.Python;

/** Adaptive cards for a workflow of Microsoft Power Automate, which posts them to Teams. */
final class PowerAutomate implements Alerter {

    private static final String[] SIZES = {"default", "small", "medium", "large", "extraLarge"};
    /** Teams accepts 28 KB in a message. */
    private static final int LONGEST_CARD = 27_900;

    private static final int LONGEST_TEXT = 20_000;

    private static final OptionList OPTIONS = new OptionList();
    private static final Option<List<String>> WEBHOOKS = OPTIONS.required().urls("ms_power_automate_webhook_url");
    private static final Option<String> WEBHOOK_FIELD = OPTIONS.text("ms_power_automate_webhook_url_from_field");
    private static final Option<String> SUMMARY = OPTIONS.scalar("ms_power_automate_alert_summary");
    private static final Option<String> SUMMARY_SIZE =
            OPTIONS.oneOf("ms_power_automate_summary_text_size", "large", SIZES);
    private static final Option<String> BODY_SIZE = OPTIONS.oneOf("ms_power_automate_body_text_size", null, SIZES);
    private static final Option<List<Map<String, Object>>> FACTS = OPTIONS.maps(
            "ms_power_automate_alert_facts",
            "name and value",
            fact -> fact.get("name") instanceof String && fact.get("value") instanceof String);
    private static final Option<Boolean> FULL_WIDTH = OPTIONS.flag("ms_power_automate_teams_card_width_full");
    private static final List<Link> LINKS =
            List.of(new Link("kibana", "Discover in Kibana"), new Link("opensearch", "Discover in opensearch"));
    private static final Option<HttpOptions> CONNECTION = ConnectionOptions.of(OPTIONS, "ms_power_automate");

    static final AlerterType TYPE = new AlerterType("ms_power_automate", "Power Automate", OPTIONS, PowerAutomate::new);

    private final AlerterOptions options;
    private final List<HttpDestination> webhooks;
    private final HttpDestination fromMatch;

    private PowerAutomate(AlerterOptions options) {
        this.options = options;
        this.webhooks = options.destinations(WEBHOOKS, CONNECTION);
        this.fromMatch = HttpDestination.open(TYPE.name(), options.rule().name(), options.get(CONNECTION));
    }

    @Override
    public String name() {
        return TYPE.name();
    }

    @Override
    public List<HttpDestination> destinations() {
        return options.get(WEBHOOK_FIELD) == null
                ? webhooks
                : Stream.concat(webhooks.stream(), Stream.of(fromMatch)).toList();
    }

    @Override
    public List<Message> messages(Alert alert) {
        ObjectNode card = MessageLimits.json(card(alert), LONGEST_CARD);
        List<Message> messages = new ArrayList<>();
        String field = options.get(WEBHOOK_FIELD);
        if (field != null && alert.field(field) instanceof String urls) {
            Stream.of(urls.split(","))
                    .map(String::strip)
                    .filter(OptionList::isUrl)
                    .forEach(url ->
                            // it is in the document, so it may be in the table; its own target makes it wait for
                            // nothing else
                            messages.add(new Message(
                                    fromMatch.withIdentity(url),
                                    card,
                                    Json.object().put("url", url))));
        }
        if (messages.isEmpty()) {
            webhooks.forEach(webhook -> messages.add(new Message(webhook, card)));
        }
        return messages;
    }

    private ObjectNode card(Alert alert) {
        ObjectNode message = Json.object().put("type", "message");
        ObjectNode card = message.putArray("attachments")
                .addObject()
                .put("contentType", "application/vnd.microsoft.card.adaptive")
                .putObject("content")
                .put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
                .put("type", "AdaptiveCard")
                .put("version", "1.4");
        ArrayNode body = card.putArray("body");
        String summary = options.get(SUMMARY);
        body.addObject()
                .put("type", "TextBlock")
                .put("text", summary == null ? options.text().title(alert) : summary)
                .put("weight", "Bolder")
                .put("wrap", true)
                .put("size", options.get(SUMMARY_SIZE));
        ObjectNode block = body.addObject()
                .put("type", "TextBlock")
                .put("text", MessageLimits.text(options.text().body(alert), LONGEST_TEXT))
                .put("spacing", "Large")
                .put("wrap", true);
        Json.putUnlessEmpty(block, "size", options.get(BODY_SIZE));
        if (!options.get(FACTS).isEmpty()) {
            ArrayNode facts = body.addObject().put("type", "FactSet").putArray("facts");
            options.get(FACTS).forEach(fact -> facts.add(fact(fact, alert)));
        }
        ArrayNode actions = card.putArray("actions");
        LINKS.forEach(link -> link.add(options, alert, actions));
        if (options.get(FULL_WIDTH)) {
            card.putObject("msteams").put("width", "Full");
        }
        return message;
    }

    private static ObjectNode fact(Map<String, Object> fact, Alert alert) {
        Object value = alert.field((String) fact.get("value"));
        return Json.object()
                .put("title", (String) fact.get("name"))
                .set("value", Json.of(value == null ? fact.get("value") : value));
    }

    /** A button that opens a product's Discover. */
    private static final class Link {

        private final String field;
        private final Option<Boolean> attach;
        private final Option<String> style;
        private final Option<String> title;

        Link(String product, String title) {
            String name = "ms_power_automate_" + product + "_discover_";
            this.field = product + "_discover_url";
            this.attach = OPTIONS.flag(name + "attach_url");
            this.style = OPTIONS.oneOf(name + "color", "default", "default", "positive", "destructive");
            this.title = OPTIONS.scalar(name + "title", title);
        }

        void add(AlerterOptions options, Alert alert, ArrayNode actions) {
            Object address = alert.field(field);
            if (options.get(attach) && Python.truthy(address)) {
                actions.addObject()
                        .put("type", "Action.OpenUrl")
                        .put("title", options.get(title))
                        .put("url", Python.str(address))
                        .put("style", options.get(style));
            }
        }
    }
}
