package serai.load;

import java.time.Clock;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import serai.http.BoundedReplies;
import serai.metabase.MetabaseLogin;
import serai.room.Room;
import serai.room.RoomContext;
import serai.warehouse.Warehouse;

/** The room that brings in what other systems hold: Metabase reports so far. Binds what its kamelets name. */
public final class LoadRoom implements Room {

    private final MetabaseLogin login;

    private LoadRoom(MetabaseLogin login) {
        this.login = login;
    }

    /** Reads the settings {@code metabase.*} and {@code load.*}; to be called before routes are loaded. */
    public static LoadRoom open(RoomContext opened) {
        CamelContext context = opened.camel();
        Warehouse warehouse = opened.warehouse();
        Clock clock = Clock.systemUTC();
        String url = text(context, "metabase.url", "");
        PollScheduler retry = new PollScheduler(
                context, duration(context, "load.retry", "1m"), duration(context, "load.retry-at-most", "1h"));
        MetabaseLogin login = new MetabaseLogin(
                context,
                warehouse,
                url,
                text(context, "metabase.user", ""),
                text(context, "metabase.password", ""),
                clock);
        var beans = context.getRegistry();
        beans.bind(
                "metabase",
                new MetabaseReport(context, warehouse, text(context, "metabase.api-key", ""), login, retry, clock));
        long maxBytes = Long.parseLong(text(context, "load.max-bytes", "4000000000"));
        beans.bind("replaceWindow", new ReplaceWindow(maxBytes));
        boolean compression = Boolean.parseBoolean(text(context, "load.compression", "true"));
        BoundedReplies bounds = new BoundedReplies(
                maxBytes, duration(context, "load.max-duration", "30m"), "load.max-bytes", "load.max-duration");
        beans.bind("boundedReplies", (HttpClientConfigurer) client -> {
            bounds.configureHttpClient(client);
            if (!compression) {
                client.disableContentCompression();
            }
        });
        context.getManagementStrategy().addEventNotifier(new SourceRegistry(warehouse, retry, clock));
        return new LoadRoom(login);
    }

    private static String text(CamelContext context, String key, String otherwise) {
        return context.resolvePropertyPlaceholders("{{" + key + ":" + otherwise + "}}");
    }

    private static Duration duration(CamelContext context, String key, String otherwise) {
        return context.getTypeConverter().convertTo(Duration.class, text(context, key, otherwise));
    }

    @Override
    public void close() {
        login.close();
    }
}
