package serai.show;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import serai.status.LatestStatus;
import serai.status.WarehouseUnavailableException;

/** Ready while the warehouse answers. Not a liveness check: a restart of Serai does not repair a warehouse. */
final class WarehouseHealth extends AbstractHealthCheck {

    private final LatestStatus latest;

    WarehouseHealth(LatestStatus latest) {
        super("serai", "serai-warehouse");
        this.latest = latest;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        try {
            latest.get();
            builder.up();
        } catch (WarehouseUnavailableException e) {
            builder.message(e.getMessage()).down();
        }
    }
}
