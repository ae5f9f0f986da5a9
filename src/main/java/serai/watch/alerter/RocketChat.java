package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.message.AlertText;
import serai.watch.message.MessageLimits;
import serai.watch.python.Python;

/** Messages to channels of Rocket.Chat, with attachments in Slack's shape. */
final class RocketChat {

    private static final int LONGEST_TEXT = 39_000;

    private static final OptionList OPTIONS = new OptionList();
    private static final Option<List<String>> WEBHOOKS = OPTIONS.required().urls("rocket_chat_webhook_url");
    private static final Option<List<String>> CHANNELS = OPTIONS.texts("rocket_chat_channel_override");
    private static final Option<String> USER = OPTIONS.scalar("rocket_chat_username_override", "elastalert2");
    private static final Option<String> EMOJI = OPTIONS.scalar("rocket_chat_emoji_override", ":ghost:");
    private static final Option<String> COLOR =
            OPTIONS.oneOf("rocket_chat_msg_color", "danger", "good", "warning", "danger");
    private static final Option<String> TEXT = OPTIONS.scalar("rocket_chat_text_string", "");
    private static final Option<List<Map<String, Object>>> FIELDS = OPTIONS.maps(
            "rocket_chat_alert_fields",
            "title and value",
            field -> field.get("value") != null || field.containsKey("args"));
    private static final AttachmentOptions ATTACHMENT =
            new AttachmentOptions(OPTIONS, "rocket_chat_", "Discover in opensearch", OPTIONS::scalar);
    private static final Option<HttpOptions> CONNECTION = ConnectionOptions.of(OPTIONS, "rocket_chat");

    static final AlerterType TYPE = new AlerterType("rocketchat", "Rocket.Chat", OPTIONS, RocketChat::open);

    private RocketChat() {}

    private static Alerter open(AlerterOptions options) {
        return HttpAlerter.ofEach(
                        options,
                        options.destinations(WEBHOOKS, CONNECTION),
                        alert -> HttpAlerter.toChannels(payload(options, alert), options.get(CHANNELS)))
                .withInfo(Map.of("type", TYPE.name(), USER.name(), options.get(USER)));
    }

    private static ObjectNode payload(AlerterOptions options, Alert alert) {
        ObjectNode payload = Json.object().put("username", options.get(USER)).put("text", options.get(TEXT));
        ArrayNode attachments = payload.putArray("attachments");
        String body = options.text().body(alert, AlertText.Layout.FENCED);
        ArrayNode fields = attachments
                .addObject()
                .put("color", options.get(COLOR))
                .put("title", options.text().title(alert))
                .put("text", MessageLimits.text(body, LONGEST_TEXT))
                .putArray("fields");
        for (Map<String, Object> field : options.get(FIELDS)) {
            fields.add(Json.of(field).set("value", Json.of(alert.field(Python.str(field.get("value"))))));
        }
        Json.putUnlessEmpty(payload, "emoji", options.get(EMOJI));
        ATTACHMENT.addLinks(options, alert, attachments);
        return payload;
    }
}
