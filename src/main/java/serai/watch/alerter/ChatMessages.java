package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;
import serai.watch.python.Python;
import serai.watch.rule.RuleException;

/** Mattermost and Rocket.Chat: messages with attachments in Slack's shape, each with its own differences. */
final class ChatMessages {

    /** Mattermost takes 16,383 characters in a message. */
    private static final int LONGEST_MATTERMOST = 16_000;

    private static final int LONGEST_ROCKET_CHAT = 39_000;
    private static final List<String> ATTACHED = List.of(
            "title_link",
            "footer",
            "footer_icon",
            "image_url",
            "thumb_url",
            "author_name",
            "author_link",
            "author_icon");

    private final AlerterOptions given;
    private final String prefix;

    private ChatMessages(AlerterOptions given, String prefix) {
        this.given = given;
        this.prefix = prefix;
    }

    static Alerter mattermost(AlerterOptions given) throws RuleException {
        ChatMessages chat = new ChatMessages(given.require("mattermost_webhook_url"), "mattermost_");
        chat.check("mattermost_msg_fields");
        return chat.alerter(
                "mattermost",
                AlerterHttpOptions.of(given, "mattermost"),
                chat::mattermost,
                Map.of(
                        "type",
                        "mattermost",
                        "mattermost_username_override",
                        chat.text("username_override", "elastalert")));
    }

    static Alerter rocketChat(AlerterOptions given) throws RuleException {
        ChatMessages chat = new ChatMessages(given.require("rocket_chat_webhook_url"), "rocket_chat_");
        chat.check("rocket_chat_alert_fields");
        return chat.alerter(
                "rocketchat",
                AlerterHttpOptions.of(given, "rocket_chat"),
                chat::rocketChat,
                Map.of(
                        "type",
                        "rocketchat",
                        "rocket_chat_username_override",
                        chat.text("username_override", "elastalert2")));
    }

    private void check(String fields) throws RuleException {
        given.oneOf(prefix + "msg_color", Set.of("good", "warning", "danger"));
        for (Object field : given.value(fields) instanceof List<?> list ? list : List.of()) {
            if (!(field instanceof Map<?, ?> map) || map.get("value") == null && !map.containsKey("args")) {
                throw given.refused(fields, "each entry must be a map of title and value");
            }
        }
    }

    private interface Payload {
        ObjectNode of(Alert alert);
    }

    private Alerter alerter(String name, HttpOptions connection, Payload payload, Map<String, Object> info)
            throws RuleException {
        List<HttpDestination> addresses = new ArrayList<>();
        for (String url : given.urls(prefix + "webhook_url")) {
            addresses.add(HttpDestination.of("http", url, connection));
        }
        List<String> named = given.strings(prefix + "channel_override");
        List<String> channels = named.isEmpty() ? List.of("") : named;
        return new HttpAlerter(
                name,
                addresses,
                alert -> channels.stream()
                        .map(channel -> payload.of(alert).put("channel", channel))
                        .toList(),
                Json.object(),
                info);
    }

    private ObjectNode mattermost(Alert alert) {
        String title = given.title(alert);
        String body = MessageLimits.text(given.fencedBody(alert), LONGEST_MATTERMOST);
        ObjectNode payload = Json.object().put("username", text("username_override", "elastalert"));
        ArrayNode attachments = payload.putArray("attachments");
        ObjectNode attachment = attachments
                .addObject()
                .put("fallback", title + ": " + text("msg_pretext", ""))
                .put("color", text("msg_color", "danger"))
                .put("title", text("title", "").isEmpty() ? title : text("title", ""))
                .put("pretext", text("msg_pretext", ""));
        ("alert_text_only".equals(given.rule().option("alert_text_type")) ? attachment : payload).put("text", body);
        ArrayNode fields = attachment.putArray("fields");
        if (given.value("mattermost_msg_fields") instanceof List<?> list) {
            list.forEach(field -> fields.add(mattermostField((Map<?, ?>) field, alert)));
        }
        ATTACHED.stream()
                .filter(name -> !text(name, "").isEmpty())
                .forEach(name -> attachment.put(name, text(name, "")));
        if (text("icon_url_override", "").isEmpty()) {
            payload.put("icon_emoji", text("emoji_override", ":ghost:"));
        } else {
            payload.put("icon_url", text("icon_url_override", ""));
        }
        links(alert, attachments);
        return payload;
    }

    private ObjectNode mattermostField(Map<?, ?> field, Alert alert) {
        Map<String, Object> node = new LinkedHashMap<>();
        field.forEach((name, value) -> node.put(Python.str(name), value));
        if (node.remove("args") instanceof List<?> args) {
            Object missing =
                    given.value("alert_missing_value") == null ? "<MISSING VALUE>" : given.value("alert_missing_value");
            List<Object> values = new ArrayList<>();
            for (Object arg : args) {
                Object value = AlerterOptions.first(alert, Python.str(arg));
                values.add(Python.truthy(value) ? value : missing);
            }
            node.put(
                    "value",
                    node.get("value") == null
                            ? String.join("\n", values.stream().map(Python::str).toList())
                            : FormattedText.of(Python.str(node.get("value")), values));
        }
        return Json.of(node);
    }

    private ObjectNode rocketChat(Alert alert) {
        ObjectNode payload = Json.object()
                .put("username", text("username_override", "elastalert2"))
                .put("text", text("text_string", ""));
        ArrayNode attachments = payload.putArray("attachments");
        ArrayNode fields = attachments
                .addObject()
                .put("color", text("msg_color", "danger"))
                .put("title", given.title(alert))
                .put("text", MessageLimits.text(given.fencedBody(alert), LONGEST_ROCKET_CHAT))
                .putArray("fields");
        if (given.value("rocket_chat_alert_fields") instanceof List<?> list) {
            for (Object field : list) {
                ObjectNode node = (ObjectNode) Json.of(field);
                node.set("value", Json.of(AlerterOptions.first(alert, Python.str(((Map<?, ?>) field).get("value")))));
                fields.add(node);
            }
        }
        if (!text("emoji_override", ":ghost:").isEmpty()) {
            payload.put("emoji", text("emoji_override", ":ghost:"));
        }
        links(alert, attachments);
        return payload;
    }

    private void links(Alert alert, ArrayNode attachments) {
        for (Map.Entry<String, String> product :
                List.of(Map.entry("kibana", "Discover in Kibana"), Map.entry("opensearch", "Discover in opensearch"))) {
            Object link = AlerterOptions.first(alert, product.getKey() + "_discover_url");
            if (Python.truthy(given.value(prefix + "attach_" + product.getKey() + "_discover_url"))
                    && Python.truthy(link)) {
                attachments
                        .addObject()
                        .put("color", text(product.getKey() + "_discover_color", "#ec4b98"))
                        .put("title", text(product.getKey() + "_discover_title", product.getValue()))
                        .put("title_link", Python.str(link));
            }
        }
    }

    private String text(String name, String otherwise) {
        Object value = given.value(prefix + name);
        return value == null ? otherwise : Python.str(value);
    }
}
