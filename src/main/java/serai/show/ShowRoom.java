package serai.show;

import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.support.DefaultHeaderFilterStrategy;
import serai.room.Room;
import serai.room.RoomContext;
import serai.settings.Setting;
import serai.status.LatestStatus;
import serai.status.StatusReader;
import serai.status.StatusSettings;

/**
 * The room that shows the state of Serai: the page, {@code /status.json}, a readiness check and gauges, all from the
 * same reading of {@code meta.*}. Its routes use the beans {@code show-page}, {@code show-status} and
 * {@code show-gauges}.
 */
public final class ShowRoom implements Room {

    /** The settings {@code show.*}. */
    public static final List<Setting<?>> SETTINGS = StatusSettings.ALL;

    private final LatestStatus latest;

    private ShowRoom(LatestStatus latest) {
        this.latest = latest;
    }

    /** Binds the beans of the room's routes. */
    public static ShowRoom open(RoomContext opened) {
        CamelContext context = opened.camel();
        LatestStatus latest = new LatestStatus(() -> opened.status().read(StatusReader.PAGE_ROWS));
        context.getRegistry().bind("show-page", new PageResponse(latest));
        context.getRegistry().bind("show-status", new StatusResponse(latest));
        context.getRegistry().bind("show-gauges", new StatusGauges(latest));
        context.getRegistry().bind("show-headers", ownHeaders());
        HealthCheckRegistry health = HealthCheckRegistry.get(context);
        if (health != null) {
            health.register(new WarehouseHealth(latest));
        }
        return new ShowRoom(latest);
    }

    // Camel's default strategy drops Cache-Control from answers
    private static HeaderFilterStrategy ownHeaders() {
        DefaultHeaderFilterStrategy headers = new DefaultHeaderFilterStrategy();
        headers.setLowerCase(true);
        headers.setOutFilterStartsWith(DefaultHeaderFilterStrategy.CAMEL_FILTER_STARTS_WITH);
        headers.setOutFilter(
                Set.of("content-length", "content-type", "transfer-encoding", "connection", "date", "host"));
        return headers;
    }

    @Override
    public void close() {
        latest.close();
    }
}
