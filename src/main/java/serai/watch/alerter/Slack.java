package serai.watch.alerter;

import com.fasterxml.jackson.databind.ObjectMapper;
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
import serai.watch.rule.Options;
import serai.watch.rule.RuleException;

/** What one Slack alerter of a rule posts: a payload for each webhook and channel (spec/elastalert.md 2.1, 2.2). */
final class Slack implements Alerter {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Slack takes 40,000 characters in a text. */
    static final int LONGEST_TEXT = 39_000;

    private static final List<String> ATTACHED =
            List.of("footer", "footer_icon", "image_url", "thumb_url", "author_name", "author_link", "author_icon");

    private static final Set<String> FIELD = Set.of("title", "value", "short");
    private static final List<String> TEXTS = List.of(
            "username_override",
            "emoji_override",
            "icon_url_override",
            "text_string",
            "title",
            "title_link",
            "msg_pretext",
            "kibana_discover_color",
            "kibana_discover_title",
            "opensearch_discover_color",
            "opensearch_discover_title",
            "jira_ticket_color",
            "jira_ticket_title");

    private final AlerterOptions given;
    private final Options options;
    private final List<HttpDestination> webhooks = new ArrayList<>();
    private final List<String> channels;

    /**
     * Without a webhook it tells nobody, and says so in the notices: watch.slack-webhook may well be empty where rules
     * are tried.
     */
    Slack(AlerterOptions given) throws RuleException {
        this.given = given;
        this.options = given.options();
        check();
        HttpOptions connection = AlerterHttpOptions.of(given, "slack");
        for (String webhook : given.urls("slack_webhook_url")) {
            webhooks.add(HttpDestination.of("slack", webhook, connection));
        }
        this.channels = given.strings("slack_channel_override").isEmpty()
                ? List.of("")
                : given.strings("slack_channel_override");
        if (webhooks.isEmpty()) {
            given.notices()
                    .add(Alerters.place(options)
                            + "slack_webhook_url: this alerter tells nobody; set watch.slack-webhook"
                            + " for all rules, or slack_webhook_url here.");
        }
    }

    private void check() throws RuleException {
        for (String text : TEXTS) {
            given.string("slack_" + text, null);
        }
        for (String text : ATTACHED) {
            given.string("slack_" + text, null);
        }
        for (String product : List.of("kibana_discover", "opensearch_discover", "jira_ticket")) {
            given.flag("slack_attach_" + product + "_url", false);
        }
        given.oneOf("slack_msg_color", Set.of("good", "warning", "danger"));
        given.oneOf("slack_parse_override", Set.of("none", "full"));
        for (Object field :
                options.list("slack_alert_fields") == null ? List.of() : options.list("slack_alert_fields")) {
            if (!(field instanceof Map<?, ?> map)
                    || !(map.get("value") instanceof String)
                    || !FIELD.containsAll(map.keySet())
                    || map.get("title") != null && !(map.get("title") instanceof String)
                    || map.get("short") != null && !(map.get("short") instanceof Boolean)) {
                throw given.refused(
                        "slack_alert_fields", "each entry must be a map of title, value and, if wanted, short");
            }
        }
    }

    /** Every webhook by every channel, in that order. */
    @Override
    public List<Message> messages(Alert alert) {
        List<Message> posts = new ArrayList<>();
        ObjectNode payload = webhooks.isEmpty() ? JSON.createObjectNode() : payload(SlackMentions.defused(alert));
        for (HttpDestination webhook : webhooks) {
            for (String channel : channels) {
                posts.add(new Message(webhook, payload.deepCopy().put("channel", channel), ticket()));
            }
        }
        return posts;
    }

    @Override
    public String name() {
        return "slack";
    }

    @Override
    public List<Destination> destinations() {
        return List.copyOf(webhooks);
    }

    @Override
    public Map<String, Object> info() {
        return Map.of("type", "slack", "slack_username_override", text("slack_username_override", "elastalert"));
    }

    private ObjectNode payload(Alert alert) {
        ObjectNode payload = JSON.createObjectNode();
        payload.put("username", text("slack_username_override", "elastalert"));
        payload.put("parse", text("slack_parse_override", "none"));
        payload.put("text", text("slack_text_string", ""));
        ArrayNode attachments = payload.putArray("attachments");
        attachments.add(attachment(alert));
        link(alert, attachments, "kibana", "Discover in Kibana");
        link(alert, attachments, "opensearch", "Discover in Opensearch");
        if (text("slack_icon_url_override", "").isEmpty()) {
            payload.put("icon_emoji", text("slack_emoji_override", ":ghost:"));
        } else {
            payload.put("icon_url", text("slack_icon_url_override", ""));
        }
        return payload;
    }

    /** How the ticket of the same alert is shown: its address is known when the jira alerter has opened it. */
    private ObjectNode ticket() {
        ObjectNode extra = JSON.createObjectNode();
        if (Python.truthy(options.value("slack_attach_jira_ticket_url"))) {
            extra.putObject("ticket")
                    .put("color", text("slack_jira_ticket_color", "#ec4b98"))
                    .put("title", text("slack_jira_ticket_title", "Jira Ticket"));
        }
        return extra;
    }

    private ObjectNode attachment(Alert alert) {
        ObjectNode attachment = JSON.createObjectNode();
        attachment.put("color", text("slack_msg_color", "danger"));
        attachment.put("title", text("slack_title", "").isEmpty() ? given.title(alert) : text("slack_title", ""));
        attachment.put("text", MessageLimits.text(given.fencedBody(alert), LONGEST_TEXT));
        attachment.putArray("mrkdwn_in").add("text").add("pretext");
        ArrayNode fields = attachment.putArray("fields");
        if (options.value("slack_alert_fields") instanceof List<?> list) {
            list.forEach(field -> fields.add(field((Map<?, ?>) field, alert)));
        }
        putIfGiven(attachment, "title_link", "slack_title_link");
        putIfGiven(attachment, "pretext", "slack_msg_pretext");
        ATTACHED.forEach(name -> putIfGiven(attachment, name, "slack_" + name));
        return attachment;
    }

    private static ObjectNode field(Map<?, ?> field, Alert alert) {
        ObjectNode node = JSON.createObjectNode();
        field.forEach((key, value) -> node.set((String) key, JSON.valueToTree(value)));
        node.set("value", JSON.valueToTree(AlerterOptions.first(alert, (String) field.get("value"))));
        return node;
    }

    private void link(Alert alert, ArrayNode attachments, String product, String title) {
        Object address = AlerterOptions.first(alert, product + "_discover_url");
        if (Python.truthy(address) && Python.truthy(options.value("slack_attach_" + product + "_discover_url"))) {
            attachments
                    .addObject()
                    .put("color", text("slack_" + product + "_discover_color", "#ec4b98"))
                    .put("title", text("slack_" + product + "_discover_title", title))
                    .put("title_link", Python.str(address));
        }
    }

    private void putIfGiven(ObjectNode node, String name, String option) {
        if (!text(option, "").isEmpty()) {
            node.put(name, text(option, ""));
        }
    }

    private String text(String option, String otherwise) {
        Object value = options.value(option);
        return value == null ? otherwise : Python.str(value);
    }
}
