package serai.metabase;

import java.time.Clock;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
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

    /** The settings {@code metabase.*}. */
    public static final List<Setting<?>> SETTINGS = List.of(URL, API_KEY, USER, PASSWORD);

    private final String apiKey;
    private final MetabaseLogin login;

    private MetabaseClient(String apiKey, MetabaseLogin login) {
        this.apiKey = apiKey;
        this.login = login;
    }

    /** The client of the settings {@code metabase.*}; it sends nothing yet. */
    public static MetabaseClient of(CamelContext context, Settings settings, Warehouse warehouse) {
        MetabaseLogin login = new MetabaseLogin(
                context, warehouse, settings.get(URL), settings.get(USER), settings.get(PASSWORD), Clock.systemUTC());
        return new MetabaseClient(settings.get(API_KEY), login);
    }

    /** Whether a key or a user is set. */
    public static boolean hasLogin(Settings settings) {
        return !settings.get(API_KEY).isBlank() || !settings.get(USER).isBlank();
    }

    /** The address of Metabase. */
    public static String url(Settings settings) {
        return settings.get(URL);
    }

    /**
     * Sets the header that authenticates the exchange's message as a request.
     *
     * @throws IllegalStateException when a session is needed and Metabase refuses the login, or did so a short time ago
     */
    public void authenticate(Exchange exchange) throws Exception {
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
