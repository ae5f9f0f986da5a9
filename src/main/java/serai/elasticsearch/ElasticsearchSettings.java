package serai.elasticsearch;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import serai.http.BoundedReplies;
import serai.http.HttpOptions;
import serai.settings.Secrets;
import serai.settings.Setting;
import serai.settings.SettingType;
import serai.settings.Settings;

/** The settings {@code watch.elasticsearch*}, and the time and size of an answer. */
public final class ElasticsearchSettings {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    static final Setting<String> HOSTS = Setting.of(
            "watch.elasticsearch",
            SettingType.address(ElasticsearchSettings::requireHosts, ""),
            "127.0.0.1:9200",
            "Where alert rules search: host:port, several hosts of one cluster separated by commas. A rule can name its"
                    + " own server.");
    static final Setting<Boolean> TLS =
            Setting.of("watch.elasticsearch-tls", SettingType.flag(), "false", "Whether TLS is used.");
    static final Setting<String> URL_PREFIX = Setting.optional(
            "watch.elasticsearch-url-prefix",
            SettingType.text(),
            "Path in front of every request, if a proxy needs one.");
    static final Setting<String> API_KEY = Setting.optional(
            "watch.elasticsearch-api-key",
            SettingType.secret(),
            "API key, as Kibana shows it (base64). It takes precedence over a bearer token, and that over user and"
                    + " password.");
    static final Setting<String> BEARER =
            Setting.optional("watch.elasticsearch-bearer", SettingType.secret(), "Bearer token.");
    static final Setting<String> USER = Setting.optional("watch.elasticsearch-user", SettingType.text(), "User.");
    static final Setting<String> PASSWORD =
            Setting.optional("watch.elasticsearch-password", SettingType.secret(), "Password of the user.");
    static final Setting<String> CA = Setting.optional(
            "watch.elasticsearch-ca",
            SettingType.file(),
            "PEM file of the authority that signed the server's certificate. Empty: the authorities that Java trusts.");
    static final Setting<String> CERTIFICATE = Setting.optional(
            "watch.elasticsearch-certificate", SettingType.file(), "PEM file of a client certificate.");
    static final Setting<String> CERTIFICATE_KEY = Setting.optional(
            "watch.elasticsearch-certificate-key", SettingType.file(), "PEM file of the client certificate's key.");
    static final Setting<Boolean> VERIFY = Setting.of(
            "watch.elasticsearch-verify", SettingType.flag(), "true", "Whether the server's certificate is verified.");
    static final Setting<Long> TIMEOUT = Setting.of(
            "watch.search-timeout", SettingType.number(1, 600), "20", "Seconds to wait for an answer, 1 to 600.");
    private static final Setting<URI> PROXY = Setting.optional(
            "watch.elasticsearch-proxy",
            SettingType.proxy(),
            "HTTP proxy, such as http://user:password@proxy.example.org:3128.");
    private static final Setting<Long> MAX_BYTES = Setting.of(
            "watch.search-max-bytes",
            SettingType.number(100_000, 1_000_000_000),
            "32000000",
            "Largest answer in bytes.");

    /** The settings {@code watch.elasticsearch*} and those of its requests. */
    public static final List<Setting<?>> ALL = List.of(
            HOSTS,
            TLS,
            URL_PREFIX,
            API_KEY,
            BEARER,
            USER,
            PASSWORD,
            CA,
            CERTIFICATE,
            CERTIFICATE_KEY,
            VERIFY,
            PROXY,
            TIMEOUT,
            MAX_BYTES);

    private final Map<ServerOption, Object> values = new EnumMap<>(ServerOption.class);
    private final URI proxy;
    private final long maxBytes;

    /** @param settings checked */
    public ElasticsearchSettings(Settings settings) {
        this.proxy = settings.get(PROXY);
        this.maxBytes = settings.get(MAX_BYTES);
        for (ServerOption option : ServerOption.values()) {
            if (option.setting() != null) {
                values.put(option, settings.get(option.setting()));
            }
        }
        if (proxy != null && proxy.getUserInfo() != null) {
            String[] login = proxy.getUserInfo().split(":", 2);
            Secrets.addLogin(login[0], login.length > 1 ? login[1] : "");
        }
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

    private static String requireHosts(String text) {
        try {
            new ServerOptions(option -> option == ServerOption.HOSTS ? text : null).hosts();
            return text.strip();
        } catch (ServerOptionException e) {
            throw new IllegalArgumentException(e.getMessage() + "; write one such as search.example.org:9200", e);
        }
    }
}
