package serai.metabase;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpClientConfigurer;
import serai.http.BoundedReplies;
import serai.http.HttpOptions;
import serai.http.TlsOptions;
import serai.settings.Setting;
import serai.settings.SettingType;
import serai.settings.Settings;
import serai.warehouse.Warehouse;

/**
 * Authenticates requests to Metabase's API: by the API key if one is set, otherwise by a session. A session is opened
 * at the first request that needs one, and renewed when Metabase refuses it, once for each exchange.
 */
public final class MetabaseClient implements AutoCloseable {

    /** Exchange properties: the session of the last request, and whether it was renewed in this exchange. */
    private static final String SESSION = "metabaseSession";

    private static final String RENEWED = "metabaseSessionRenewed";

    private static final Setting<String> URL =
            Setting.of("metabase.url", SettingType.address(), "http://127.0.0.1:3000", "Address of Metabase.");
    private static final Setting<String> API_KEY = Setting.optional(
            "metabase.api-key",
            SettingType.secret(),
            "API key (Metabase 49 or newer). Without it, set user and password.");
    private static final Setting<String> USER =
            Setting.optional("metabase.user", SettingType.text(), "User of Metabase.");
    private static final Setting<String> PASSWORD =
            Setting.optional("metabase.password", SettingType.secret(), "Password of the user.");

    private static final Setting<String> CA = Setting.optional(
            "metabase.ca",
            SettingType.file(),
            "PEM file of the authority that signed Metabase's certificate. Empty: the authorities that Java trusts.");
    private static final Setting<URI> PROXY = Setting.optional(
            "metabase.proxy",
            SettingType.proxy(),
            "HTTP proxy on the way to Metabase, such as http://user:password@proxy.example.org:3128.");
    private static final Setting<Map<String, String>> HEADERS = Setting.optional(
            "metabase.headers",
            SettingType.headers(),
            "Headers of each request, as something before Metabase requires them: NAME: VALUE, separated by"
                    + " semicolons.");

    /** The settings {@code metabase.*}. */
    public static final List<Setting<?>> SETTINGS = List.of(URL, API_KEY, USER, PASSWORD, CA, PROXY, HEADERS);

    /** The client of requests with short replies, in Camel's registry. */
    private static final String SHORT_REPLIES = "metabaseShortReplies";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(60);

    private final String apiKey;
    private final Map<String, String> headers;
    private final TlsOptions tls;
    private final URI proxy;
    private final MetabaseLogin login;

    private MetabaseClient(CamelContext context, Settings settings, Warehouse warehouse) {
        this.apiKey = settings.get(API_KEY);
        this.headers = settings.get(HEADERS);
        String ca = settings.get(CA);
        this.tls = new TlsOptions(true, ca.isBlank() ? null : Path.of(ca), null, null);
        this.proxy = settings.get(PROXY);
        this.login = new MetabaseLogin(
                context,
                warehouse,
                uri(settings, "/api/session", "POST"),
                headers,
                settings.get(USER),
                settings.get(PASSWORD),
                Clock.systemUTC());
        context.getRegistry()
                .bind(SHORT_REPLIES, HttpClientConfigurer.class, HttpOptions.of(tls, proxy, SHORT_TIMEOUT));
    }

    /** How Metabase is reached for replies that may be large and take long: by these bounds alone. */
    public HttpOptions downloads(BoundedReplies bounds) {
        return new HttpOptions(tls, proxy, CONNECT_TIMEOUT, bounds.maxTime(), bounds);
    }

    /** The endpoint of a request with a short reply, of any status. */
    public static String uri(Settings settings, String path, String method) {
        return settings.get(URL) + path + "?httpMethod=" + method
                + "&throwExceptionOnFailure=false&httpClientConfigurer=#" + SHORT_REPLIES;
    }

    /** The client of the settings {@code metabase.*}; it sends nothing yet. */
    public static MetabaseClient of(CamelContext context, Settings settings, Warehouse warehouse) {
        return new MetabaseClient(context, settings, warehouse);
    }

    /** Whether a key or a user is set. */
    public static boolean hasLogin(Settings settings) {
        return !settings.get(API_KEY).isBlank() || !settings.get(USER).isBlank();
    }

    /**
     * Sets the headers of the exchange's message as a request: those of the settings, and the one that authenticates
     * it.
     *
     * @throws IllegalStateException when a session is needed and Metabase refuses the login, or did so a short time ago
     */
    public void authenticate(Exchange exchange) throws Exception {
        headers.forEach(exchange.getMessage()::setHeader);
        if (apiKey.isBlank()) {
            String session = login.session();
            exchange.setProperty(SESSION, session);
            exchange.getMessage().setHeader("X-Metabase-Session", session);
        } else {
            exchange.getMessage().setHeader("x-api-key", apiKey);
        }
    }

    /**
     * Discards the session of the exchange's last request, which Metabase refused with 401.
     *
     * @return whether the request should be authenticated and sent again
     */
    public boolean renewSession(Exchange exchange) {
        String session = exchange.getProperty(SESSION, String.class);
        if (session == null || exchange.getProperty(RENEWED) != null) {
            return false;
        }
        exchange.setProperty(RENEWED, true);
        login.discard(session);
        return true;
    }

    /** The names of the settings with which requests are authenticated, for messages. */
    public String credentials() {
        return apiKey.isBlank() ? "metabase.user and metabase.password" : "metabase.api-key";
    }

    @Override
    public void close() {
        login.close();
    }
}
