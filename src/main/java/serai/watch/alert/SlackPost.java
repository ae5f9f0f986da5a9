package serai.watch.alert;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;

/** The two sides of the POST in the kamelet {@code slack-webhook}: what is sent, and how the answer is judged. */
public final class SlackPost {

    private static final String MESSAGE = "watchMessage";
    private static final int LONGEST_ANSWER = 1_000;

    private final Outbox outbox;

    public SlackPost(Outbox outbox) {
        this.outbox = outbox;
    }

    /** Turns a message from the outbox into a request. The address goes as a header: an endpoint's address would be logged. */
    public void request(Exchange exchange) throws InvalidPayloadException {
        Outbox.Message message = exchange.getMessage().getMandatoryBody(Outbox.Message.class);
        exchange.setProperty(MESSAGE, message);
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setHeader(Exchange.HTTP_METHOD, "POST");
        exchange.getMessage().setHeader(Exchange.HTTP_URI, message.address());
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json; charset=utf-8");
        exchange.getMessage().setBody(message.payload().getBytes(StandardCharsets.UTF_8));
    }

    /** Judges the answer, or that there was none, and writes it down. */
    public void answer(Exchange exchange) throws Exception {
        Outbox.Message message = exchange.getProperty(MESSAGE, Outbox.Message.class);
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        Delivery delivery = failure != null ? Delivery.of(null, null, failure.getClass().getSimpleName() + ": " + failure.getMessage())
                : Delivery.of(exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class),
                        exchange.getMessage().getHeader("Retry-After", String.class), word(exchange));
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(null);
        outbox.settle(message, delivery);
    }

    private static String word(Exchange exchange) {
        try (InputStream body = exchange.getMessage().getBody(InputStream.class)) {
            return body == null ? "" : new String(body.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
