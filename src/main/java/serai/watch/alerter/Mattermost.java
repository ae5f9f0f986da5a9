package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.message.AlertText;
import serai.watch.message.FormattedText;
import serai.watch.message.MessageLimits;
import serai.watch.python.Python;

/** Messages to channels of Mattermost, with attachments in Slack's shape. */
final class Mattermost {

    /** Mattermost accepts 16,383 characters in a message. */
    private static final int LONGEST_TEXT = 16_000;

    private static final OptionList OPTIONS = new OptionList();
    private static final Option<List<String>> WEBHOOKS = OPTIONS.required().urls("mattermost_webhook_url");
    private static final Option<List<String>> CHANNELS = OPTIONS.texts("mattermost_channel_override");
    private static final Option<String> USER = OPTIONS.scalar("mattermost_username_override", "elastalert");
    private static final Option<String> EMOJI = OPTIONS.scalar("mattermost_emoji_override", ":ghost:");
    private static final Option<String> ICON = OPTIONS.scalar("mattermost_icon_url_override", "");
    private static final Option<String> COLOR =
            OPTIONS.oneOf("mattermost_msg_color", "danger", "good", "warning", "danger");
    private static final Option<String> TITLE = OPTIONS.scalar("mattermost_title", "");
    private static final Option<String> PRETEXT = OPTIONS.scalar("mattermost_msg_pretext", "");
    private static final Option<List<Map<String, Object>>> FIELDS = OPTIONS.maps(
            "mattermost_msg_fields",
            "title and value",
            field -> field.get("value") != null || field.containsKey("args"));
    private static final AttachmentOptions ATTACHMENT = new AttachmentOptions(
            OPTIONS,
            "mattermost_",
            "Discover in opensearch",
            OPTIONS::scalar,
            "title_link",
            "footer",
            "footer_icon",
            "image_url",
            "thumb_url",
            "author_name",
            "author_link",
            "author_icon");
    private static final Option<HttpOptions> CONNECTION = ConnectionOptions.of(OPTIONS, "mattermost");

    static final AlerterType TYPE = new AlerterType("mattermost", "Mattermost", OPTIONS, Mattermost::open);

    private Mattermost() {}

    private static Alerter open(AlerterOptions options) {
        return HttpAlerter.ofEach(
                        options,
                        options.destinations(WEBHOOKS, CONNECTION),
                        alert -> HttpAlerter.toChannels(payload(options, alert), options.get(CHANNELS)))
                .withInfo(Map.of("type", TYPE.name(), USER.name(), options.get(USER)));
    }

    private static ObjectNode payload(AlerterOptions options, Alert alert) {
        ObjectNode payload = Json.object().put("username", options.get(USER));
        ObjectNode attachment = attachment(options, alert);
        ArrayNode attachments = payload.putArray("attachments").add(attachment);
        String body = options.text().body(alert, AlertText.Layout.FENCED);
        ("alert_text_only".equals(options.rule().option("alert_text_type")) ? attachment : payload)
                .put("text", MessageLimits.text(body, LONGEST_TEXT));
        ATTACHMENT.addLinks(options, alert, attachments);
        return options.get(ICON).isEmpty()
                ? payload.put("icon_emoji", options.get(EMOJI))
                : payload.put("icon_url", options.get(ICON));
    }

    private static ObjectNode attachment(AlerterOptions options, Alert alert) {
        String title = options.text().title(alert);
        ObjectNode attachment = Json.object()
                .put("fallback", title + ": " + options.get(PRETEXT))
                .put("color", options.get(COLOR))
                .put("title", options.get(TITLE).isEmpty() ? title : options.get(TITLE))
                .put("pretext", options.get(PRETEXT));
        ArrayNode fields = attachment.putArray("fields");
        options.get(FIELDS).forEach(field -> fields.add(field(options, field, alert)));
        ATTACHMENT.putFields(options, attachment);
        return attachment;
    }

    private static ObjectNode field(AlerterOptions options, Map<String, Object> field, Alert alert) {
        Map<String, Object> filled = new LinkedHashMap<>(field);
        if (filled.remove("args") instanceof List<?> args) {
            Object missing = FormattedText.missing(options.rule());
            List<Object> values = args.stream()
                    .map(arg -> alert.field(Python.str(arg)))
                    .map(value -> Python.truthy(value) ? value : missing)
                    .toList();
            filled.put(
                    "value",
                    field.get("value") == null
                            ? String.join("\n", values.stream().map(Python::str).toList())
                            : FormattedText.fill(Python.str(field.get("value")), values));
        }
        return Json.of(filled);
    }
}
