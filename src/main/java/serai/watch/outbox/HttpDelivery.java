package serai.watch.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import serai.http.HttpClients;
import serai.watch.alerter.HttpDestination;

/** The two sides of a POST in the kamelets of HTTP channels: what is sent, and how the answer is judged. */
public final class HttpDelivery {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MESSAGE = "watchPosted";
    private static final String ADDRESS = "watchAddress";
    private static final int LONGEST_ANSWER = 1_000;
    private static final Map<String, String> PRODUCTS = Map.ofEntries(
            Map.entry("slack", "Slack"),
            Map.entry("telegram", "Telegram"),
            Map.entry("pagerduty", "PagerDuty"),
            Map.entry("opsgenie", "Opsgenie"),
            Map.entry("discord", "Discord"),
            Map.entry("power-automate", "Power Automate"));

    /** Parts of an address that are shorter are no secret, but words such as {@code api}. */
    private static final int SHORTEST_SECRET = 8;

    private final HttpClients clients;
    /** Messages whose marks Telegram could not read: they go without. */
    private final Set<Long> unmarked = ConcurrentHashMap.newKeySet();

    HttpDelivery(HttpClients clients) {
        this.clients = clients;
    }

    /**
     * Turns a message from the outbox into a request. The address goes as a header: an endpoint's address would be
     * logged.
     */
    public void request(Exchange exchange) throws InvalidPayloadException, IOException {
        OutboundMessage message = exchange.getMessage().getMandatoryBody(OutboundMessage.class);
        HttpDestination address = (HttpDestination) message.destination();
        String url = message.extra().path("url").asText(address.url());
        exchange.setProperty(MESSAGE, message);
        exchange.setProperty("watchClient", clients.endpoint(address.options(url)));
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setHeader(Exchange.HTTP_METHOD, "POST");
        exchange.getMessage().setHeader(Exchange.HTTP_URI, url);
        address.headers().forEach(exchange.getMessage()::setHeader);
        message.extra()
                .path("headers")
                .properties()
                .forEach(h ->
                        exchange.getMessage().setHeader(h.getKey(), h.getValue().asText()));
        exchange.setProperty(ADDRESS, url);
        exchange.getMessage().setBody(payload(message, address).getBytes(StandardCharsets.UTF_8));
    }

    private String payload(OutboundMessage message, HttpDestination address) {
        ObjectNode payload = message.payload().deepCopy();
        if (unmarked.contains(message.id())) {
            payload.remove("parse_mode");
        }
        fill(payload, address.fixed());
        if (message.ticket() != null && message.extra().path("ticket") instanceof ObjectNode shown) {
            payload.withArray("attachments").add(shown.deepCopy().put("title_link", message.ticket()));
        }
        // the same for each attempt: the other side recognises a repeat by it
        String key = message.extra().path("key").asText("");
        if (!key.isEmpty() && payload.path(key).asText("").isEmpty()) {
            payload.put(key, message.key());
        }
        return message.extra().path("list").asBoolean()
                ? JSON.createArrayNode().add(payload).toString()
                : payload.toString();
    }

    private static void fill(ObjectNode payload, ObjectNode fixed) {
        for (Map.Entry<String, JsonNode> field : fixed.properties()) {
            JsonNode there = payload.get(field.getKey());
            if (there == null) {
                payload.set(field.getKey(), field.getValue());
            } else if (there instanceof ObjectNode inner && field.getValue() instanceof ObjectNode innerFixed) {
                fill(inner, innerFixed);
            }
        }
    }

    /** Judges the answer, or that there was none: the body becomes a {@link Delivery}. */
    public void answer(Exchange exchange) {
        OutboundMessage message = exchange.getProperty(MESSAGE, OutboundMessage.class);
        String product = PRODUCTS.getOrDefault(message.channel(), "The address");
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        Integer code = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        String retryAfter = exchange.getMessage().getHeader("Retry-After", String.class);
        String word =
                failure == null ? word(exchange) : failure.getClass().getSimpleName() + ": " + failure.getMessage();
        word = hidden(word, exchange.getProperty(ADDRESS, "", String.class));
        Delivery delivery = failure != null
                ? Delivery.of(product, null, null, word)
                : judge(message.channel(), product, code, retryAfter, word);
        if (message.channel().equals("telegram")
                && code != null
                && code == 400
                && word.contains("can't parse entities")
                && unmarked.add(message.id())) {
            delivery = Delivery.later(delivery.reason(), Duration.ofSeconds(1));
        } else if (!delivery.again()) {
            unmarked.remove(message.id());
        }
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(delivery);
    }

    /** Without the parts of the address, which many servers quote when they refuse. */
    static String hidden(String word, String url) {
        String hidden = word;
        for (String part : url.substring(Math.max(0, url.indexOf("://") + 3)).split("[/?&=]")) {
            hidden = part.length() < SHORTEST_SECRET ? hidden : hidden.replace(part, "(address)");
        }
        return hidden;
    }

    static Delivery judge(String channel, String product, Integer code, String retryAfter, String word) {
        if (channel.equals("telegram") && code == 429) {
            return Delivery.of(product, code, telegramWait(word), word);
        }
        if (channel.equals("pagerduty-v1") && code == 403) {
            return Delivery.later(product + " answered 403, which is its rate limit", Delivery.seconds(retryAfter));
        }
        return Delivery.of(product, code, retryAfter, word);
    }

    private static String telegramWait(String word) {
        try {
            return JSON.readTree(word).at("/parameters/retry_after").asText(null);
        } catch (IOException e) {
            return null;
        }
    }

    private static String word(Exchange exchange) {
        try (InputStream body = exchange.getMessage().getBody(InputStream.class)) {
            return body == null ? "" : new String(body.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
