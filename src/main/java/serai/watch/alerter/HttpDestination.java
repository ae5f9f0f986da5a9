package serai.watch.alerter;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import serai.http.HttpOptions;

/**
 * An address that takes JSON by HTTP POST.
 *
 * @param channel how it is delivered and how its answers are judged
 * @param identity what makes it the same place: its URL, with a key where several share one
 * @param url where to post; null when each message names its own
 * @param headers headers of each request, secrets among them
 * @param fixed what is put into each payload where it says nothing of its own: keys, and texts of the rule's author
 * @param connection how the server is reached
 */
public record HttpDestination(
        String channel,
        String identity,
        String url,
        Map<String, String> headers,
        ObjectNode fixed,
        HttpOptions connection)
        implements Destination {

    public static final Map<String, String> JSON_HEADERS = Map.of("content-type", "application/json");
    private static final ObjectMapper JSON = new ObjectMapper();

    public static HttpDestination of(String channel, String url, HttpOptions connection) {
        return new HttpDestination(channel, url, url, JSON_HEADERS, JSON.createObjectNode(), connection);
    }

    HttpDestination withHeaders(Map<String, String> others) {
        return new HttpDestination(channel, identity, url, Map.copyOf(others), fixed, connection);
    }

    HttpDestination withFixed(ObjectNode others) {
        return new HttpDestination(channel, identity, url, headers, others, connection);
    }

    HttpDestination as(String otherIdentity) {
        return new HttpDestination(channel, otherIdentity, url, headers, fixed, connection);
    }

    /** How an address is reached: ElastAlert uses a rule's proxy for https addresses only. */
    public HttpOptions options(String address) {
        return address.startsWith("https:") ? connection : connection.withoutProxy();
    }

    @Override
    public boolean open() {
        return url == null;
    }

    /** Without anything that is secret. */
    @Override
    public String toString() {
        return channel + " address";
    }
}
