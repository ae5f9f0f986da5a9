package serai.watch.alerter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.message.AlertText;
import serai.watch.message.MessageLimits;

/** Messages to channels of Slack: one for each webhook and channel (docs/reference/elastalert.md, "Slack"). */
final class Slack implements Alerter {

    /** Slack accepts 40,000 characters in a text. */
    static final int LONGEST_TEXT = 39_000;

    /** As of a section of Slack's blocks: attachments have no documented limits of their own. */
    static final int LONGEST_TITLE = 3_000;

    /** As of a field of such a section. */
    static final int LONGEST_FIELD = 2_000;

    private static final OptionList OPTIONS = new OptionList();
    private static final Option<List<String>> WEBHOOKS = OPTIONS.urls("slack_webhook_url");
    private static final Option<List<String>> CHANNELS = OPTIONS.texts("slack_channel_override");
    private static final Option<String> USER = OPTIONS.text("slack_username_override", "elastalert");
    private static final Option<String> EMOJI = OPTIONS.text("slack_emoji_override", ":ghost:");
    private static final Option<String> ICON = OPTIONS.text("slack_icon_url_override", "");
    private static final Option<String> COLOR = OPTIONS.oneOf("slack_msg_color", "danger", "good", "warning", "danger");
    private static final Option<String> PARSE = OPTIONS.oneOf("slack_parse_override", "none", "none", "full");
    private static final Option<String> TEXT = OPTIONS.text("slack_text_string", "");
    private static final Option<String> TITLE = OPTIONS.text("slack_title", "");
    private static final Option<String> PRETEXT = OPTIONS.text("slack_msg_pretext", "");
    private static final Option<List<Map<String, Object>>> FIELDS =
            OPTIONS.maps("slack_alert_fields", "title, value and, optionally, short", Slack::isField);
    private static final AttachmentOptions ATTACHMENT = new AttachmentOptions(
            OPTIONS,
            "slack_",
            "Discover in Opensearch",
            OPTIONS::text,
            "title_link",
            "footer",
            "footer_icon",
            "image_url",
            "thumb_url",
            "author_name",
            "author_link",
            "author_icon");
    private static final Option<Boolean> ATTACH_TICKET = OPTIONS.flag("slack_attach_jira_ticket_url");
    private static final Option<String> TICKET_COLOR = OPTIONS.text("slack_jira_ticket_color", "#ec4b98");
    private static final Option<String> TICKET_TITLE = OPTIONS.text("slack_jira_ticket_title", "Jira Ticket");
    private static final Option<HttpOptions> CONNECTION = ConnectionOptions.of(OPTIONS, "slack");

    /** A webhook takes a message a second. */
    static final AlerterType TYPE =
            new AlerterType("slack", "Slack", OPTIONS, Slack::new).withPace(Duration.ofSeconds(1));

    private final AlerterOptions options;
    private final List<HttpDestination> webhooks;

    private Slack(AlerterOptions options) {
        this.options = options;
        this.webhooks = options.destinations(WEBHOOKS, CONNECTION);
        if (webhooks.isEmpty()) {
            // watch.slack-webhook may be empty where rules are tried
            options.notice("slack_webhook_url: this alerter notifies nobody; set watch.slack-webhook for all rules,"
                    + " or slack_webhook_url here.");
        }
    }

    private static boolean isField(Map<String, Object> field) {
        return field.get("value") instanceof String
                && Set.of("title", "value", "short").containsAll(field.keySet())
                && (field.get("title") == null || field.get("title") instanceof String)
                && (field.get("short") == null || field.get("short") instanceof Boolean);
    }

    @Override
    public String name() {
        return TYPE.name();
    }

    @Override
    public List<HttpDestination> destinations() {
        return webhooks;
    }

    @Override
    public Map<String, Object> info() {
        return Map.of("type", name(), USER.name(), options.get(USER));
    }

    @Override
    public List<Message> messages(Alert alert) {
        if (webhooks.isEmpty()) {
            return List.of();
        }
        ObjectNode payload = payload(SlackMentions.escaped(alert));
        List<String> channels = options.get(CHANNELS).isEmpty() ? List.of("") : options.get(CHANNELS);
        return webhooks.stream()
                .flatMap(webhook -> channels.stream()
                        .map(channel -> new Message(webhook, payload.deepCopy().put("channel", channel), ticket())))
                .toList();
    }

    private ObjectNode payload(Alert alert) {
        ObjectNode payload = Json.object()
                .put("username", options.get(USER))
                .put("parse", options.get(PARSE))
                .put("text", options.get(TEXT));
        ArrayNode attachments = payload.putArray("attachments").add(attachment(alert));
        ATTACHMENT.addLinks(options, alert, attachments);
        return options.get(ICON).isEmpty()
                ? payload.put("icon_emoji", options.get(EMOJI))
                : payload.put("icon_url", options.get(ICON));
    }

    private ObjectNode attachment(Alert alert) {
        String title = options.get(TITLE).isEmpty() ? options.text().title(alert) : options.get(TITLE);
        String body = options.text().body(alert, AlertText.Layout.FENCED);
        ObjectNode attachment = Json.object()
                .put("color", options.get(COLOR))
                .put("title", MessageLimits.text(title, LONGEST_TITLE))
                .put("text", MessageLimits.text(body, LONGEST_TEXT));
        attachment.putArray("mrkdwn_in").add("text").add("pretext");
        ArrayNode fields = attachment.putArray("fields");
        for (Map<String, Object> field : options.get(FIELDS)) {
            JsonNode value = Json.of(alert.field((String) field.get("value")));
            fields.add(Json.of(field).set("value", value.isTextual() ? cutField(value) : value));
        }
        Json.putUnlessEmpty(attachment, "pretext", options.get(PRETEXT));
        ATTACHMENT.putFields(options, attachment);
        return attachment;
    }

    private static JsonNode cutField(JsonNode value) {
        return Json.of(MessageLimits.text(value.textValue(), LONGEST_FIELD));
    }

    /** How the Jira ticket of the same alert is shown. Its address is known once the jira alerter has opened it. */
    private ObjectNode ticket() {
        ObjectNode extra = Json.object();
        if (options.get(ATTACH_TICKET)) {
            extra.putObject("ticket").put("color", options.get(TICKET_COLOR)).put("title", options.get(TICKET_TITLE));
        }
        return extra;
    }
}
