package serai.load;

import java.time.Clock;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import serai.http.BoundedReplies;
import serai.room.Room;
import serai.room.RoomContext;

/**
 * The room of imports, as far as it is the same for all sources. It binds {@link Imports} for the rooms of the sources,
 * which are opened after it, and the bean of the kamelet {@code replace-window}.
 */
public final class LoadRoom implements Room {

    private LoadRoom() {}

    /** Opens the room with the settings {@code load.*}. */
    public static LoadRoom open(RoomContext opened) {
        CamelContext context = opened.camel();
        Clock clock = Clock.systemUTC();
        ImportScheduler scheduler = new ImportScheduler(
                context, duration(context, "load.retry", "1m"), duration(context, "load.retry-at-most", "1h"));
        var beans = context.getRegistry();
        beans.bind("imports", new Imports(context, opened.warehouse(), scheduler, clock));
        beans.bind("replaceWindow", new ReplaceWindow());
        boolean compression = Boolean.parseBoolean(text(context, "load.compression", "true"));
        BoundedReplies bounds = new BoundedReplies(
                Long.parseLong(text(context, "load.max-bytes", "4000000000")),
                duration(context, "load.max-duration", "30m"),
                "load.max-bytes",
                "load.max-duration");
        beans.bind("boundedReplies", (HttpClientConfigurer) client -> {
            bounds.configureHttpClient(client);
            if (!compression) {
                client.disableContentCompression();
            }
        });
        context.getManagementStrategy().addEventNotifier(new SourceRegistry(opened.warehouse(), scheduler, clock));
        return new LoadRoom();
    }

    private static String text(CamelContext context, String key, String otherwise) {
        return context.resolvePropertyPlaceholders("{{" + key + ":" + otherwise + "}}");
    }

    private static Duration duration(CamelContext context, String key, String otherwise) {
        return context.getTypeConverter().convertTo(Duration.class, text(context, key, otherwise));
    }

    @Override
    public void close() {}
}
