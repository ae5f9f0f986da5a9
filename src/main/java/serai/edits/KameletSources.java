package serai.edits;

import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.ServiceStatus;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;

/**
 * Starts the kamelet that a route consumes from together with the route. {@link KameletShutdown} stops it. Without them
 * the timer of a stopped import keeps firing, and each run fails because the route that should receive its report is
 * stopped.
 */
final class KameletSources extends RoutePolicySupport implements RoutePolicyFactory {

    @Override
    public RoutePolicy createRoutePolicy(CamelContext context, String routeId, NamedNode node) {
        String from = node instanceof RouteDefinition route && route.getInput() != null
                ? route.getInput().getEndpointUri()
                : "";
        return from.startsWith("kamelet:") && !from.startsWith("kamelet:source") ? this : null;
    }

    @Override
    public void onStart(Route route) {
        start(route);
    }

    @Override
    public void onResume(Route route) {
        start(route);
    }

    private static void start(Route route) {
        CamelContext context = route.getCamelContext();
        if (route.getEndpoint() instanceof KameletEndpoint kamelet
                && status(context, kamelet) == ServiceStatus.Stopped) {
            try {
                context.getRouteController().startRoute(kamelet.getRouteId());
            } catch (Exception e) {
                throw RuntimeCamelException.wrapRuntimeCamelException(e);
            }
        }
    }

    /** Stops the kamelet that a route consumes from, if it consumes from one. */
    static void stop(Route route) {
        CamelContext context = route.getCamelContext();
        if (!context.isStopping()
                && route.getEndpoint() instanceof KameletEndpoint kamelet
                // the route of a kamelet that others send to begins with itself
                && !kamelet.getRouteId().equals(route.getRouteId())
                && status(context, kamelet) == ServiceStatus.Started) {
            try {
                context.getRouteController().stopRoute(kamelet.getRouteId());
            } catch (Exception e) {
                throw RuntimeCamelException.wrapRuntimeCamelException(e);
            }
        }
    }

    private static ServiceStatus status(CamelContext context, KameletEndpoint kamelet) {
        return context.getRouteController().getRouteStatus(kamelet.getRouteId());
    }
}
