package serai.show;

import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.support.DefaultHeaderFilterStrategy;
import serai.room.Room;
import serai.room.RoomContext;
import serai.warehouse.Warehouse;

/**
 * The room that says how things stand: the page, {@code /status.json}, a readiness check and gauges, all from one
 * reading of {@code meta.*}. Its kamelets find it by the names {@code show-page}, {@code show-status} and
 * {@code show-gauges}.
 */
public final class ShowRoom implements Room {

    private final LatestStatus latest;

    private ShowRoom(LatestStatus latest) {
        this.latest = latest;
    }

    /**
     * Call it once properties can be resolved and before any route is loaded.
     *
     * @throws IllegalArgumentException when a {@code show.*} setting is not a time
     */
    public static ShowRoom open(RoomContext opened) {
        CamelContext context = opened.camel();
        Warehouse warehouse = opened.warehouse();
        LatestStatus latest =
                new LatestStatus(new StatusReader(warehouse.dataSource(), ShowSettings.of(context))::read);
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

    // the usual strategy drops Cache-Control, of all things
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
