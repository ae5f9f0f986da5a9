package serai.watch.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import serai.http.HostAlias;
import serai.http.HttpClients;
import serai.watch.alerter.AlerterType;
import serai.watch.alerter.Alerters;
import serai.watch.alerter.HttpAnswer;
import serai.watch.alerter.HttpDestination;

/**
 * The request and the answer of a POST, in the route {@code watch-deliver-http}. The alerter's type judges the answer.
 */
final class HttpDelivery {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MESSAGE = "watchPosted";
    private static final String ADDRESS = "watchAddress";
    private static final int LONGEST_ANSWER = 1_000;
    /** Shorter parts of an address are not secrets but words such as {@code api}. */
    private static final int SHORTEST_SECRET = 8;

    private final HttpClients clients;

    HttpDelivery(HttpClients clients) {
        this.clients = clients;
    }

    /**
     * Turns a message of the outbox into a request. The address is a header, because the address of an endpoint would
     * be logged.
     */
    void request(Exchange exchange) throws InvalidPayloadException, IOException {
        OutboundMessage message = exchange.getMessage().getMandatoryBody(OutboundMessage.class);
        HttpDestination destination = (HttpDestination) message.destination();
        String url = message.extra().path("url").asText(destination.url());
        exchange.setProperty(MESSAGE, message);
        exchange.setProperty(ADDRESS, url);
        exchange.setProperty("watchClient", clients.endpoint(destination.options(url)));
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setHeader(Exchange.HTTP_METHOD, "POST");
        exchange.getMessage().setHeader(Exchange.HTTP_URI, HostAlias.in(url));
        destination.headers().forEach(exchange.getMessage()::setHeader);
        message.extra()
                .path("headers")
                .properties()
                .forEach(header -> exchange.getMessage()
                        .setHeader(header.getKey(), header.getValue().asText()));
        exchange.getMessage().setBody(body(message, destination).getBytes(StandardCharsets.UTF_8));
    }

    private static String body(OutboundMessage message, HttpDestination destination) {
        ObjectNode payload = message.payload().deepCopy();
        addMissing(payload, destination.fixed());
        if (message.ticket() != null && message.extra().path("ticket") instanceof ObjectNode attachment) {
            payload.withArray("attachments").add(attachment.deepCopy().put("title_link", message.ticket()));
        }
        // the same for each attempt, so that the receiver recognises a repeat
        String key = message.extra().path("key").asText("");
        if (!key.isEmpty() && payload.path(key).asText("").isEmpty()) {
            payload.put(key, message.key());
        }
        return message.extra().path("list").asBoolean()
                ? JSON.createArrayNode().add(payload).toString()
                : payload.toString();
    }

    private static void addMissing(ObjectNode payload, ObjectNode fixed) {
        for (Map.Entry<String, JsonNode> field : fixed.properties()) {
            JsonNode present = payload.get(field.getKey());
            if (present == null) {
                payload.set(field.getKey(), field.getValue());
            } else if (present instanceof ObjectNode inner && field.getValue() instanceof ObjectNode innerFixed) {
                addMissing(inner, innerFixed);
            }
        }
    }

    /** Replaces the answer, or the failure of the request, by the result of the delivery. */
    void answer(Exchange exchange) {
        OutboundMessage message = exchange.getProperty(MESSAGE, OutboundMessage.class);
        AlerterType type = Alerters.type(message.channel());
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        String text =
                failure == null ? text(exchange) : failure.getClass().getSimpleName() + ": " + failure.getMessage();
        HttpAnswer answer = new HttpAnswer(
                type.service(),
                failure == null ? exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class) : null,
                exchange.getMessage().getHeader("Retry-After", String.class),
                withoutAddress(text, exchange.getProperty(ADDRESS, "", String.class)));
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(type.judge().judge(answer, message.payload()));
    }

    /** Without the parts of the address, which many servers quote when they refuse. */
    private static String withoutAddress(String text, String url) {
        String hidden = text;
        for (String part : url.substring(Math.max(0, url.indexOf("://") + 3)).split("[/?&=]")) {
            hidden = part.length() < SHORTEST_SECRET ? hidden : hidden.replace(part, "(address)");
        }
        return hidden;
    }

    private static String text(Exchange exchange) {
        try (InputStream body = exchange.getMessage().getBody(InputStream.class)) {
            return body == null ? "" : new String(body.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
