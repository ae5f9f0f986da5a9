package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.rule.RuleException;

/** Messages of a Telegram bot. The bot's token is part of the address. */
final class Telegram {

    private static final int LONGEST = 4095;
    private static final int CROPPED = 4000;
    private static final String NOTE = "\n⚠ *message was cropped according to telegram limits!* ⚠";

    private static final OptionList OPTIONS = new OptionList();
    private static final Option<String> TOKEN = OPTIONS.required().text("telegram_bot_token");
    private static final Option<String> ROOM = OPTIONS.required().text("telegram_room_id");
    private static final Option<Object> THREAD = OPTIONS.any("telegram_thread_id");
    private static final Option<String> PARSE_MODE =
            OPTIONS.oneOf("telegram_parse_mode", "markdown", "markdown", "markdownV2", "html");
    /** A host, or the complete address of a relay. */
    private static final Option<String> API = OPTIONS.text("telegram_api_url", "api.telegram.org");

    private static final Option<HttpOptions> CONNECTION = ConnectionOptions.of(OPTIONS, "telegram");

    static final AlerterType TYPE = new AlerterType("telegram", "Telegram", OPTIONS, Telegram::open)
            .withPace(Duration.ofSeconds(1))
            .withJudge(Telegram::judge);

    private Telegram() {}

    private static Alerter open(AlerterOptions options) throws RuleException {
        String api = options.get(API);
        String url = (api.contains("://") ? api : "https://" + api) + "/bot" + options.get(TOKEN) + "/sendMessage";
        if (!OptionList.isUrl(url)) {
            throw options.refused(
                    TOKEN.name(), "gives no address with telegram_api_url; is its environment variable set?");
        }
        String room = options.get(ROOM);
        HttpDestination destination =
                HttpDestination.of(TYPE.name(), url, options.get(CONNECTION)).withIdentity(url + " " + room);
        return HttpAlerter.of(options, List.of(destination), alert -> payload(options, alert))
                .withInfo(Map.of("type", TYPE.name(), ROOM.name(), room));
    }

    private static ObjectNode payload(AlerterOptions options, Alert alert) {
        String mode = options.get(PARSE_MODE);
        boolean isHtml = mode.equals("html");
        String title = options.text().title(alert);
        String text = (isHtml ? "⚠ " + title + " ⚠ \n" : "⚠ *" + title + "* ⚠ ```\n")
                + options.text().bodyOfMatches(alert);
        if (text.codePointCount(0, text.length()) > LONGEST) {
            text = text.substring(0, text.offsetByCodePoints(0, CROPPED)) + NOTE;
        }
        ObjectNode payload = Json.object()
                .put("chat_id", options.get(ROOM))
                .put("text", isHtml ? text : text + " ```")
                .put("parse_mode", mode)
                .put("disable_web_page_preview", true);
        return payload.set("message_thread_id", Json.of(options.get(THREAD)));
    }

    /** A text whose marks Telegram cannot parse is sent as plain text. The wait that it asks for is in the body. */
    private static DeliveryResult judge(HttpAnswer answer, ObjectNode payload) {
        if (answer.is(400) && answer.body().contains("can't parse entities") && payload.has("parse_mode")) {
            return DeliveryResult.retryWith(payload.deepCopy().without("parse_mode"), answer.reason());
        }
        return answer.is(429) ? DeliveryResult.retry(answer.reason(), wait(answer)) : answer.result(payload);
    }

    private static Duration wait(HttpAnswer answer) {
        try {
            return HttpAnswer.seconds(
                    Json.read(answer.body()).at("/parameters/retry_after").asText());
        } catch (IOException e) {
            return null;
        }
    }
}
