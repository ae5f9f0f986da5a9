package serai.elasticsearch;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import serai.http.BoundedReplies;
import serai.http.HttpOptions;

/**
 * The settings {@code watch.elasticsearch*} and {@code watch.search*} of application.properties. A wrong one is an
 * {@link IllegalArgumentException} whose message names it.
 */
public final class ElasticsearchSettings {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final CamelContext context;
    private final Map<ServerOption, Object> values = new EnumMap<>(ServerOption.class);
    private final URI proxy;
    private final long maxBytes;

    /** @param context resolves the settings */
    public ElasticsearchSettings(CamelContext context) {
        this.context = context;
        this.proxy = proxy(text("elasticsearch-proxy", ""));
        this.maxBytes = number("search-max-bytes", 32_000_000, 100_000, 1_000_000_000);
        for (ServerOption option : ServerOption.values()) {
            if (option.setting() != null) {
                values.put(option, text(option.setting(), option == ServerOption.HOSTS ? "127.0.0.1:9200" : ""));
            }
        }
        values.put(ServerOption.TIMEOUT, number(ServerOption.TIMEOUT.setting(), 20, 1, 600));
    }

    /** The configured value of an option; null or empty when there is none. */
    public Object value(ServerOption option) {
        return values.get(option);
    }

    /**
     * The server that has these options, with the proxy and the bounds of these settings.
     *
     * @param options the value of each option; null or empty for none: {@link #value} of these settings, or another
     *     with them as defaults
     * @throws ServerOptionException when the value of an option cannot be used
     */
    public ElasticsearchServer server(Function<ServerOption, Object> options) throws ServerOptionException {
        ServerOptions checked = new ServerOptions(options);
        List<URI> hosts = checked.hosts();
        Duration timeout = checked.timeout();
        BoundedReplies replies =
                new BoundedReplies(maxBytes, timeout.multipliedBy(2), "watch.search-max-bytes", "es_conn_timeout");
        return new ElasticsearchServer(
                hosts.stream().map(ElasticsearchSettings::withoutLogin).toList(),
                checked.authorization(hosts.get(0).getUserInfo()),
                new HttpOptions(checked.tls(), proxy, CONNECT_TIMEOUT, timeout, replies));
    }

    private static URI withoutLogin(URI host) {
        try {
            return new URI(host.getScheme(), null, host.getHost(), host.getPort(), host.getPath(), null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the address was valid with the login", e);
        }
    }

    private static URI proxy(String address) {
        if (address.isEmpty()) {
            return null;
        }
        try {
            URI proxy = new URI(address.contains("://") ? address : "http://" + address);
            if (proxy.getHost() != null && proxy.getPort() > 0) {
                return proxy;
            }
        } catch (URISyntaxException e) {
            // the exception quotes the address, which may contain a password
        }
        throw new IllegalArgumentException(
                "watch.elasticsearch-proxy is not an address; write one such as http://proxy.example.org:3128");
    }

    /** The whole number that is the setting {@code watch.<name>}. */
    public long number(String name, long otherwise, long least, long most) {
        String value = text(name, String.valueOf(otherwise));
        if (!value.matches("\\d{1,12}") || Long.parseLong(value) < least || Long.parseLong(value) > most) {
            throw new IllegalArgumentException(
                    "watch." + name + " = " + value + " is not a number from " + least + " to " + most);
        }
        return Long.parseLong(value);
    }

    private String text(String name, String otherwise) {
        return context.resolvePropertyPlaceholders("{{watch." + name + ":" + otherwise + "}}")
                .strip();
    }
}
