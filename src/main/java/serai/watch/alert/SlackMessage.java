package serai.watch.alert;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import serai.watch.rule.Document;
import serai.watch.rule.Options;
import serai.watch.rule.Python;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.rule.Scope;

/** What one Slack alerter of a rule posts: a payload for each webhook and channel (spec/elastalert.md 2.1, 2.2). */
public final class SlackMessage implements Alerter {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Slack takes 40,000 characters in a text. */
    private static final int LONGEST_TEXT = 39_000;
    private static final List<String> ATTACHED = List.of("footer", "footer_icon", "image_url", "thumb_url", "author_name", "author_link",
            "author_icon");

    private final AlertText text;
    private final Options options;
    private final List<String> webhooks;
    private final List<String> channels;

    private SlackMessage(Rule rule, AlertText text, Options options) throws RuleException {
        this.text = text;
        this.options = options;
        this.webhooks = webhooks(options);
        this.channels = options.texts("slack_channel_override").isEmpty() ? List.of("") : options.texts("slack_channel_override");
        options.oneOf("slack_msg_color", Set.of("good", "warning", "danger"), null);
        options.oneOf("slack_parse_override", Set.of("none", "full"), null);
        checkFields(options);
    }

    /**
     * The Slack alerters under {@code alert}; options inside an entry of that list go before the rule's.
     *
     * @param notices gets a sentence for each alerter that is not Slack, or has no webhook
     */
    public static List<SlackMessage> all(Rule rule, AlertText text, List<String> notices) throws RuleException {
        Options given = rule.given();
        List<SlackMessage> messages = new ArrayList<>();
        Object alert = given.value("alert");
        for (Object entry : alert instanceof List<?> list ? list : List.of(alert)) {
            Map<?, ?> named = entry instanceof Map<?, ?> map ? map : java.util.Collections.singletonMap(entry, Map.of());
            for (Map.Entry<?, ?> alerter : named.entrySet()) {
                Options own = "slack".equals(alerter.getKey()) ? inline(given, alerter.getValue()) : null;
                if (own != null && own.has("slack_webhook_url")) {
                    messages.add(new SlackMessage(rule, text, own));
                } else if (own != null) {
                    notices.add(given.line("alert") + ": slack_webhook_url: nobody is told of this rule's matches; set watch.slack-webhook"
                            + " for all rules, or slack_webhook_url here.");
                } else {
                    notices.add(given.line("alert") + ": alert: '" + alerter.getKey()
                            + "' is not an alerter of this version; the rule runs without it. Use slack.");
                }
            }
        }
        return messages;
    }

    private static Options inline(Options given, Object own) throws RuleException {
        if (own != null && !(own instanceof Map)) {
            throw given.refused("alert", "what stands under an alerter must be a map of its options");
        }
        Map<String, Object> values = new java.util.LinkedHashMap<>(given.values());
        ((Map<?, ?>) (own == null ? Map.of() : own)).forEach((k, v) -> values.put(Python.str(k), v));
        Options all = given.with(values).over(Map.of());
        Scope.check(all);
        return all;
    }

    private static List<String> webhooks(Options options) throws RuleException {
        List<String> webhooks = options.texts("slack_webhook_url");
        for (String webhook : webhooks) {
            if (!isAddress(webhook)) {
                // without the value: it is a secret, even a broken one
                throw options.refused("slack_webhook_url", "must be a whole address that begins with https:// or http://;"
                        + " is its environment variable set?");
            }
        }
        return webhooks;
    }

    private static boolean isAddress(String text) {
        try {
            URI address = new URI(text);
            return ("https".equals(address.getScheme()) || "http".equals(address.getScheme())) && address.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static void checkFields(Options options) throws RuleException {
        for (Object field : options.list("slack_alert_fields") == null ? List.of() : options.list("slack_alert_fields")) {
            if (!(field instanceof Map<?, ?> map) || !map.containsKey("title") || !map.containsKey("value")
                    || !Set.of("title", "value", "short").containsAll(map.keySet())) {
                throw options.refused("slack_alert_fields", "each entry must be a map of title, value and, if wanted, short");
            }
        }
    }

    /** Every webhook by every channel, in that order. */
    @Override
    public List<Message> messages(Alert alert) {
        List<Message> posts = new ArrayList<>();
        for (String webhook : webhooks) {
            for (String channel : channels) {
                posts.add(new Message("slack", webhook, payload(Mentions.defused(alert)).put("channel", channel)));
            }
        }
        return posts;
    }

    @Override
    public String name() {
        return "slack";
    }

    @Override
    public List<String> addresses() {
        return webhooks;
    }

    private ObjectNode payload(Alert alert) {
        List<Map<String, Object>> matches = alert.matches();
        ObjectNode payload = JSON.createObjectNode();
        payload.put("username", text("slack_username_override", "elastalert"));
        payload.put("parse", text("slack_parse_override", "none"));
        payload.put("text", text("slack_text_string", ""));
        ArrayNode attachments = payload.putArray("attachments");
        attachments.add(attachment(alert));
        link(matches.get(0), attachments, "kibana", "Discover in Kibana");
        link(matches.get(0), attachments, "opensearch", "Discover in Opensearch");
        if (text("slack_icon_url_override", "").isEmpty()) {
            payload.put("icon_emoji", text("slack_emoji_override", ":ghost:"));
        } else {
            payload.put("icon_url", text("slack_icon_url_override", ""));
        }
        return payload;
    }

    private ObjectNode attachment(Alert alert) {
        List<Map<String, Object>> matches = alert.matches();
        ObjectNode attachment = JSON.createObjectNode();
        attachment.put("color", text("slack_msg_color", "danger"));
        attachment.put("title", text("slack_title", "").isEmpty() ? text.title(alert) : text("slack_title", ""));
        attachment.put("text", bounded(text.body(alert, AlertText.Layout.FENCED)));
        attachment.putArray("mrkdwn_in").add("text").add("pretext");
        ArrayNode fields = attachment.putArray("fields");
        if (options.value("slack_alert_fields") instanceof List<?> list) {
            list.forEach(field -> fields.add(field((Map<?, ?>) field, matches.get(0))));
        }
        putIfGiven(attachment, "title_link", "slack_title_link");
        putIfGiven(attachment, "pretext", "slack_msg_pretext");
        ATTACHED.forEach(name -> putIfGiven(attachment, name, "slack_" + name));
        return attachment;
    }

    private static ObjectNode field(Map<?, ?> field, Map<String, Object> match) {
        ObjectNode node = JSON.createObjectNode();
        node.set("title", JSON.valueToTree(field.get("title")));
        node.set("value", JSON.valueToTree(Document.lookup(match, Python.str(field.get("value")))));
        if (field.containsKey("short")) {
            node.set("short", JSON.valueToTree(field.get("short")));
        }
        return node;
    }

    private void link(Map<String, Object> match, ArrayNode attachments, String product, String title) {
        Object address = match.get(product + "_discover_url");
        if (address != null && Python.truthy(options.value("slack_attach_" + product + "_discover_url"))) {
            attachments.addObject().put("color", text("slack_" + product + "_discover_color", "#ec4b98"))
                    .put("title", text("slack_" + product + "_discover_title", title)).put("title_link", Python.str(address));
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

    private static String bounded(String text) {
        if (text.length() <= LONGEST_TEXT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1)) ? LONGEST_TEXT - 1 : LONGEST_TEXT;
        return text.substring(0, end) + "\n… and " + (text.length() - end) + " more characters";
    }
}
