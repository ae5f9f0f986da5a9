package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.http.HttpOptions;
import serai.watch.message.MessageLimits;
import serai.watch.python.Python;
import serai.watch.rule.RuleException;

/** Services that take one small JSON object: Discord, Google Chat, Gitter, PagerTree, Splunk On-Call, ServiceNow. */
final class SmallPosts {

    private static final int LONGEST_DISCORD = 2047;
    private static final int LONGEST_GOOGLE_CHAT = 27_900;
    private static final int LONGEST_BODY = 100_000;

    private SmallPosts() {}

    private static List<HttpDestination> addresses(
            AlerterOptions given, String channel, String option, HttpOptions connection) throws RuleException {
        List<HttpDestination> addresses = new ArrayList<>();
        for (String url : given.require(option).urls(option)) {
            addresses.add(HttpDestination.of(channel, url, connection));
        }
        return addresses;
    }

    static Alerter discord(AlerterOptions given) throws RuleException {
        HttpOptions connection =
                AlerterHttpOptions.of(given, "discord", "discord_proxy_login", "discord_proxy_password");
        int color = given.whole("discord_embed_color", 0xffffff, 0, 0xffffff);
        return new HttpAlerter("discord", addresses(given, "discord", "discord_webhook_url", connection), alert -> {
            String emoji = text(given, "discord_emoji_title", ":warning:");
            String body = MessageLimits.text(
                    given.bodyOfMatches(alert),
                    LONGEST_DISCORD,
                    "\n *message was cropped according to discord embed description limits!*");
            ObjectNode payload = Json.object()
                    .put("content", MessageLimits.text(emoji + " " + given.title(alert) + " " + emoji, 2000, "…"));
            ObjectNode embed = payload.putArray("embeds")
                    .addObject()
                    .put("description", body)
                    .put("color", color);
            if (!text(given, "discord_embed_footer", "").isEmpty()) {
                embed.putObject("footer")
                        .put("text", text(given, "discord_embed_footer", ""))
                        .put("icon_url", text(given, "discord_embed_icon_url", null));
            }
            return List.of(payload);
        });
    }

    static Alerter googleChat(AlerterOptions given) throws RuleException {
        boolean card = "card".equals(given.oneOf("googlechat_format", Set.of("basic", "card")));
        List<HttpDestination> addresses =
                addresses(given, "http", "googlechat_webhook_url", AlerterHttpOptions.of(given, "googlechat"));
        return new HttpAlerter("googlechat", addresses, alert -> {
            String body = MessageLimits.text(given.body(alert), LONGEST_GOOGLE_CHAT - 100);
            return List.of(MessageLimits.json(
                    card ? googleCard(given, body) : Json.object().put("text", body), LONGEST_GOOGLE_CHAT));
        });
    }

    private static ObjectNode googleCard(AlerterOptions given, String body) {
        ObjectNode payload = Json.object();
        ObjectNode card = payload.putArray("cards").addObject();
        ArrayNode sections = card.putArray("sections");
        sections.addObject()
                .putArray("widgets")
                .addObject()
                .putObject("textParagraph")
                .put("text", body);
        if (!text(given, "googlechat_header_title", "").isEmpty()) {
            card.putObject("header")
                    .put("title", text(given, "googlechat_header_title", ""))
                    .put("subtitle", text(given, "googlechat_header_subtitle", null))
                    .put("imageUrl", text(given, "googlechat_header_image", null));
        }
        String link = text(given, "googlechat_footer_kibanalink", "");
        if (!link.isEmpty()) {
            sections.addObject()
                    .putArray("widgets")
                    .addObject()
                    .putArray("buttons")
                    .addObject()
                    .putObject("textButton")
                    .put("text", "VISIT KIBANA")
                    .putObject("onClick")
                    .putObject("openLink")
                    .put("url", link);
        }
        return payload;
    }

    static Alerter gitter(AlerterOptions given) throws RuleException {
        String named = given.oneOf("gitter_msg_level", Set.of("info", "error"));
        return new HttpAlerter(
                "gitter",
                addresses(given, "http", "gitter_webhook_url", AlerterHttpOptions.of(given, "gitter")),
                alert -> List.of(Json.object()
                        .put("message", MessageLimits.text(given.body(alert), LONGEST_BODY))
                        .put("level", alert.resolved() ? "info" : named == null ? "error" : named)));
    }

    static Alerter pagerTree(AlerterOptions given) throws RuleException {
        // PagerTree knows a repeat by the Id, which is the message's own
        List<HttpDestination> addresses =
                addresses(given, "http", "pagertree_integration_url", AlerterHttpOptions.of(given, "pagertree"));
        return new HttpAlerter(
                "pagertree",
                addresses,
                alert -> {
                    String id = given.endsByItself() && alert.key() != null ? given.troubleKey(alert) : "";
                    return List.of(Json.object()
                            .put("event_type", alert.resolved() ? "resolve" : "create")
                            .put("Id", id)
                            .put("Title", given.title(alert))
                            .put("Description", MessageLimits.text(given.body(alert), LONGEST_BODY)));
                },
                Json.object().put("key", "Id"),
                Map.of("type", "pagertree"));
    }

    static Alerter victorOps(AlerterOptions given) throws RuleException {
        given.require("victorops_api_key", "victorops_routing_key", "victorops_message_type");
        String type = given.oneOf(
                "victorops_message_type", Set.of("INFO", "WARNING", "ACKNOWLEDGEMENT", "CRITICAL", "RECOVERY"));
        List<String> own = given.urls("victorops_url");
        String url = (own.isEmpty() ? "https://alert.victorops.com/integrations/generic/20131114/alert" : own.get(0))
                + "/" + given.string("victorops_api_key", null) + "/" + given.string("victorops_routing_key", null);
        if (!AlerterOptions.isUrl(url)) {
            throw given.refused(
                    "victorops_api_key",
                    "gives no address with victorops_routing_key; is its environment variable set?");
        }
        return new HttpAlerter(
                "victorops",
                List.of(HttpDestination.of("http", url, AlerterHttpOptions.of(given, "victorops"))),
                alert -> {
                    Map<String, Object> payload = new LinkedHashMap<>();
                    payload.put("message_type", alert.resolved() ? "RECOVERY" : type);
                    payload.put(
                            "entity_display_name", text(given, "victorops_entity_display_name", given.title(alert)));
                    payload.put("monitoring_tool", "ElastAlert");
                    payload.put("state_message", MessageLimits.text(given.body(alert), LONGEST_BODY));
                    payload.putAll(alert.matches().get(0));
                    if (!text(given, "victorops_entity_id", "").isEmpty()) {
                        payload.put("entity_id", text(given, "victorops_entity_id", ""));
                    } else if (given.endsByItself() && alert.key() != null) {
                        payload.put("entity_id", given.troubleKey(alert));
                    }
                    return List.of(Json.of(payload));
                },
                Json.object().put("key", "entity_id"),
                Map.of("type", "victorops"));
    }

    static Alerter serviceNow(AlerterOptions given) throws RuleException {
        List<String> texts = List.of(
                "short_description", "comments", "assignment_group", "category", "subcategory", "cmdb_ci", "caller_id");
        given.require("username", "password").require(texts.toArray(String[]::new));
        String login = given.string("username", "") + ":" + given.string("password", "");
        Map<String, String> headers = HttpPost.headers(Map.of(
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8))));
        Map<String, Object> fixed = new LinkedHashMap<>();
        for (String text : texts) {
            fixed.put(text, given.value(text));
        }
        for (String name : List.of("impact", "urgency")) {
            if (given.has("servicenow_" + name)) {
                fixed.put(name, given.whole("servicenow_" + name, 1, 1, 3));
            }
        }
        fixed.putAll(given.map("service_now_additional_fields"));
        List<HttpDestination> addresses =
                addresses(given, "http", "servicenow_rest_url", AlerterHttpOptions.of(given, "servicenow")).stream()
                        .map(address -> address.withHeaders(headers).withFixed(Json.of(fixed)))
                        .toList();
        // every match, where ElastAlert describes the last one alone
        return new HttpAlerter(
                "servicenow",
                addresses,
                alert -> List.of(
                        Json.object().put("description", MessageLimits.text(given.bodyOfMatches(alert), LONGEST_BODY))),
                Json.object(),
                Map.of("type", "ServiceNow"));
    }

    private static String text(AlerterOptions given, String name, String otherwise) {
        Object value = given.value(name);
        return value == null ? otherwise : Python.str(value);
    }
}
