package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;

/** Messages to a channel of Discord. */
final class Discord {

    private static final int LONGEST_TITLE = 2000;
    private static final int LONGEST_BODY = 2047;
    private static final String CROPPED = "\n *message was cropped according to discord embed description limits!*";
    private static final int WHITE = 0xffffff;

    private static final OptionList OPTIONS = new OptionList();
    private static final Option<List<String>> WEBHOOKS = OPTIONS.required().urls("discord_webhook_url");
    private static final Option<String> EMOJI = OPTIONS.scalar("discord_emoji_title", ":warning:");
    private static final Option<Integer> COLOR = OPTIONS.whole("discord_embed_color", WHITE, 0, WHITE);
    private static final Option<String> FOOTER = OPTIONS.scalar("discord_embed_footer");
    private static final Option<String> FOOTER_ICON = OPTIONS.scalar("discord_embed_icon_url");
    private static final Option<HttpOptions> CONNECTION =
            ConnectionOptions.of(OPTIONS, "discord", "discord_proxy_login", "discord_proxy_password");

    /** A webhook takes five messages in two seconds. */
    static final AlerterType TYPE =
            new AlerterType("discord", "Discord", OPTIONS, Discord::open).withPace(Duration.ofMillis(400));

    private Discord() {}

    private static Alerter open(AlerterOptions options) {
        return HttpAlerter.of(options, options.destinations(WEBHOOKS, CONNECTION), alert -> payload(options, alert));
    }

    private static ObjectNode payload(AlerterOptions options, Alert alert) {
        String emoji = options.get(EMOJI);
        String title = emoji + " " + options.text().title(alert) + " " + emoji;
        ObjectNode payload = Json.object().put("content", MessageLimits.text(title, LONGEST_TITLE, "…"));
        ObjectNode embed = payload.putArray("embeds")
                .addObject()
                .put("description", MessageLimits.text(options.text().bodyOfMatches(alert), LONGEST_BODY, CROPPED))
                .put("color", options.get(COLOR));
        String footer = options.get(FOOTER);
        if (footer != null && !footer.isEmpty()) {
            embed.putObject("footer").put("text", footer).put("icon_url", options.get(FOOTER_ICON));
        }
        return payload;
    }
}
