package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;

/** Messages to a space of Google Chat, as plain text or as a card. */
final class GoogleChat {

    /** Bytes of a message. */
    private static final int LONGEST = 27_900;

    private static final OptionList OPTIONS = new OptionList();
    private static final Option<List<String>> WEBHOOKS = OPTIONS.required().urls("googlechat_webhook_url");
    private static final Option<String> FORMAT = OPTIONS.oneOf("googlechat_format", "basic", "basic", "card");
    private static final Option<String> TITLE = OPTIONS.scalar("googlechat_header_title", "");
    private static final Option<String> SUBTITLE = OPTIONS.scalar("googlechat_header_subtitle");
    private static final Option<String> IMAGE = OPTIONS.scalar("googlechat_header_image");
    private static final Option<String> LINK = OPTIONS.scalar("googlechat_footer_kibanalink", "");
    private static final Option<HttpOptions> CONNECTION = ConnectionOptions.of(OPTIONS, "googlechat");

    static final AlerterType TYPE = new AlerterType("googlechat", "Google Chat", OPTIONS, GoogleChat::open);

    private GoogleChat() {}

    private static Alerter open(AlerterOptions options) {
        return HttpAlerter.of(options, options.destinations(WEBHOOKS, CONNECTION), alert -> payload(options, alert));
    }

    private static ObjectNode payload(AlerterOptions options, Alert alert) {
        String body = MessageLimits.text(options.text().body(alert), LONGEST - 100);
        return MessageLimits.json(
                options.get(FORMAT).equals("card")
                        ? card(options, body)
                        : Json.object().put("text", body),
                LONGEST);
    }

    private static ObjectNode card(AlerterOptions options, String body) {
        ObjectNode payload = Json.object();
        ObjectNode card = payload.putArray("cards").addObject();
        ArrayNode sections = card.putArray("sections");
        sections.addObject()
                .putArray("widgets")
                .addObject()
                .putObject("textParagraph")
                .put("text", body);
        if (!options.get(TITLE).isEmpty()) {
            card.putObject("header")
                    .put("title", options.get(TITLE))
                    .put("subtitle", options.get(SUBTITLE))
                    .put("imageUrl", options.get(IMAGE));
        }
        if (!options.get(LINK).isEmpty()) {
            sections.addObject()
                    .putArray("widgets")
                    .addObject()
                    .putArray("buttons")
                    .addObject()
                    .putObject("textButton")
                    .put("text", "VISIT KIBANA")
                    .putObject("onClick")
                    .putObject("openLink")
                    .put("url", options.get(LINK));
        }
        return payload;
    }
}
