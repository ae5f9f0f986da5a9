package serai.edits;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.SupervisingRouteController;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts added routes under Camel's supervising route controller, which by itself starts only the routes that exist
 * when Camel starts. A route that an operator stopped or started by hand keeps that state when another file makes it
 * restart.
 */
final class RouteSupervision {

    private static final Logger LOG = LoggerFactory.getLogger(RouteSupervision.class);

    private final ModelCamelContext context;
    private final RouteLeases leases;
    private final Map<String, Boolean> startedBefore = new HashMap<>();

    RouteSupervision(ModelCamelContext context, RouteLeases leases) {
        this.context = context;
        this.leases = leases;
        // the controller switches this off for all; a kamelet's route that does not start when it is made is made
        // twice, and one is lost
        context.setAutoStartup(true);
        context.addRoutePolicyFactory(new KameletSources());
        context.setShutdownStrategy(new KameletShutdown(context, context.getShutdownStrategy()));
    }

    /** Prepares the removal of routes. Remembers which of them run, for when they restart, or forgets it. */
    void removing(List<String> routeIds, boolean keep) {
        for (String id : routeIds) {
            startedBefore.remove(id);
            if (keep && !leases.isOnStandby(id)) {
                startedBefore.put(id, isWanted(id));
            }
            leases.detach(id);
        }
    }

    /** Ends what {@link #removing} has begun. */
    void removed(List<String> routeIds) {
        routeIds.forEach(leases::release);
    }

    private boolean isWanted(String id) {
        ServiceStatus status = context.getRouteController().getRouteStatus(id);
        return status != null && status.isStarted() || isRestarting(context, id);
    }

    /** Whether the controller keeps trying to start a route. */
    static boolean isRestarting(CamelContext context, String id) {
        SupervisingRouteController controller = context.getRouteController().supervising();
        return controller != null
                && controller.getRestartingRoutes().stream()
                        .anyMatch(r -> r.getRouteId().equals(id));
    }

    /**
     * Starts a route that was added, unless it has to stay stopped. The controller retries a route that does not start.
     */
    void start(String id) {
        RouteDefinition definition = context.getRouteDefinition(id);
        Route route = context.getRoute(id);
        if (route == null || Boolean.TRUE.equals(definition.isKamelet())) {
            // a kamelet's route was started when it was made
            return;
        }
        Boolean before = startedBefore.remove(id);
        boolean manual =
                "false".equals(context.resolvePropertyPlaceholders(String.valueOf(definition.getAutoStartup())));
        if (before == null ? manual : !before) {
            KameletSources.stop(route);
            return;
        }
        if (RouteInput.isSingle(context, definition) && !leases.add(route)) {
            return;
        }
        try {
            context.getRouteController().startRoute(id);
        } catch (Exception e) {
            LOG.warn("route={} The route does not start yet and will be tried again: {}", id, e.getMessage());
        }
    }
}
