package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import serai.http.HttpOptions;
import serai.settings.Secrets;
import serai.watch.python.Python;

/**
 * An address that takes JSON by HTTP POST.
 *
 * @param channel the alerter, which judges the answers
 * @param identity what makes it the same place: its URL, with a key where several share one
 * @param url where to post; null when each message names its own
 * @param headers headers of each request, secrets among them
 * @param fixed what is added to each payload where it has no value of its own: keys, and texts of the rule's author
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

    /** Whoever knows the address of a webhook can post there. */
    public HttpDestination {
        if (url != null) {
            Secrets.addAddress(url);
        }
    }

    /** An address that takes JSON without a login. */
    public static HttpDestination of(String channel, String url, HttpOptions connection) {
        return new HttpDestination(
                channel, url, url, Map.of("content-type", "application/json"), Json.object(), connection);
    }

    /** A place that only messages name. */
    static HttpDestination open(String channel, String rule, HttpOptions connection) {
        HttpDestination any = of(channel, null, connection);
        return any.withIdentity(channel + " of " + rule);
    }

    /** How an address is reached: as in ElastAlert, a rule's proxy is for https addresses only. */
    public HttpOptions options(String address) {
        return address.startsWith("https:") ? connection : connection.withoutProxy();
    }

    HttpDestination withIdentity(String other) {
        return new HttpDestination(channel, other, url, headers, fixed, connection);
    }

    HttpDestination withFixed(ObjectNode other) {
        return new HttpDestination(channel, identity, url, headers, other, connection);
    }

    /** With other headers, over those that name JSON as what is sent and accepted. */
    HttpDestination withHeaders(Map<String, ?> others) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Content-Type", "application/json");
        all.put("Accept", "application/json;charset=utf-8");
        others.forEach((name, value) -> {
            all.keySet().removeIf(name::equalsIgnoreCase);
            all.put(name, Python.str(value));
        });
        return new HttpDestination(channel, identity, url, all, fixed, connection);
    }

    /** With a header {@code Authorization}. */
    HttpDestination withAuthorization(String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Authorization", value);
        return new HttpDestination(channel, identity, url, all, fixed, connection);
    }

    /** The value of {@code Authorization} for a user and a password. */
    public static String basicAuth(String user, String password) {
        String login = user + ":" + password;
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean isOpen() {
        return url == null;
    }

    /** Without anything that is secret. */
    /** All services that take JSON are reached in one way. */
    @Override
    public String delivery() {
        return "http";
    }

    @Override
    public String toString() {
        return channel + " address";
    }
}
