package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.watch.message.Alert;
import serai.watch.rule.RuleException;

/** Messages by a Telegram bot. The bot's token is part of the address. */
final class Telegram {

    private static final int LONGEST = 4095;
    private static final int CROPPED = 4000;
    private static final String NOTE = "\n⚠ *message was cropped according to telegram limits!* ⚠";

    private Telegram() {}

    static Alerter of(AlerterOptions given) throws RuleException {
        given.require("telegram_bot_token", "telegram_room_id");
        String named = given.oneOf("telegram_parse_mode", Set.of("markdown", "markdownV2", "html"));
        String mode = named == null ? "markdown" : named;
        String api = given.string("telegram_api_url", "api.telegram.org");
        // upstream puts https:// before it; a whole address is for a relay
        String url = (api.contains("://") ? api : "https://" + api) + "/bot" + given.string("telegram_bot_token", null)
                + "/sendMessage";
        if (!AlerterOptions.isUrl(url)) {
            throw given.refused(
                    "telegram_bot_token", "gives no address with telegram_api_url; is its environment variable set?");
        }
        String room = given.string("telegram_room_id", null);
        HttpDestination address = HttpDestination.of("telegram", url, AlerterHttpOptions.of(given, "telegram"))
                .as(url + " " + room);
        return new HttpAlerter(
                "telegram",
                List.of(address),
                alert -> List.of(payload(given, alert, room, mode)),
                Json.object(),
                Map.of("type", "telegram", "telegram_room_id", room));
    }

    private static ObjectNode payload(AlerterOptions given, Alert alert, String room, String mode) {
        boolean html = mode.equals("html");
        String title = given.title(alert);
        String body = (html ? "⚠ " + title + " ⚠ \n" : "⚠ *" + title + "* ⚠ ```\n") + given.bodyOfMatches(alert);
        if (body.codePointCount(0, body.length()) > LONGEST) {
            body = body.substring(0, body.offsetByCodePoints(0, CROPPED)) + NOTE;
        }
        ObjectNode payload = Json.object()
                .put("chat_id", room)
                .put("text", html ? body : body + " ```")
                .put("parse_mode", mode)
                .put("disable_web_page_preview", true);
        payload.set("message_thread_id", Json.of(given.value("telegram_thread_id")));
        return payload;
    }
}
