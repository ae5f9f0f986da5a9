package serai.watch.outbox;

import org.apache.camel.Exchange;
import serai.watch.message.MessageLimits;

/** The bean of the kamelet {@code notify-slack}, one for each use. */
public final class SlackNotice {

    /** Slack cuts longer texts. */
    private static final int LONGEST = 40_000;

    /** The variable of the exchange that has the key of the notice, or the empty text. */
    private static final String KEY = "noticeKey";

    private boolean markup;

    /** Whether the text is Slack's markup. */
    public void setMarkup(boolean markup) {
        this.markup = markup;
    }

    /** Queues the body as a message. */
    public void queue(Exchange exchange) throws Exception {
        String body = exchange.getMessage().getBody(String.class);
        if (body == null || body.isBlank()) {
            return;
        }
        String key = exchange.getVariable(KEY, "", String.class);
        exchange.getContext()
                .getRegistry()
                .findSingleByType(NoticeQueue.class)
                .queue(
                        exchange.getFromRouteId(),
                        // a run that is repeated is another exchange
                        key.isBlank() ? exchange.getExchangeId() : key,
                        MessageLimits.text(markup ? body : plain(body), LONGEST));
    }

    /** As Slack asks for it; then nothing in the text is a command, a mention or a link. */
    private static String plain(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
