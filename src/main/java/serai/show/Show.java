package serai.show;

import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckRegistry;

import serai.warehouse.Warehouse;

/**
 * The room that says how things stand: the page, {@code /status.json}, a readiness check and gauges, all from one reading of
 * {@code meta.*}. Its kamelets find it by the names {@code show-page}, {@code show-status} and {@code show-gauges}.
 */
public final class Show implements AutoCloseable {

    private final LatestStatus latest;

    private Show(LatestStatus latest) {
        this.latest = latest;
    }

    /**
     * Call it once properties can be resolved and before any route is loaded.
     *
     * @throws IllegalArgumentException when a {@code show.*} setting is not a time
     */
    public static Show open(CamelContext context, Warehouse warehouse) {
        LatestStatus latest = new LatestStatus(new StatusReader(warehouse.dataSource(), ShowSettings.of(context))::read);
        context.getRegistry().bind("show-page", new Page(latest));
        context.getRegistry().bind("show-status", new StatusAnswer(latest));
        context.getRegistry().bind("show-gauges", new Gauges(latest));
        HealthCheckRegistry health = HealthCheckRegistry.get(context);
        if (health != null) {
            health.register(new WarehouseHealth(latest));
        }
        return new Show(latest);
    }

    @Override
    public void close() {
        latest.close();
    }
}
