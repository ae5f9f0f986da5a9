package serai.edits;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteBuilderLifecycleStrategy;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.model.RouteDefinition;

/**
 * Which file owns which route id, and which endpoint that only one route can consume from. Without it, a second route
 * with the same id silently replaces the first one in Camel.
 */
final class RouteOwnership {

    private final Map<String, Path> owners = new HashMap<>();

    /** The same without what some files own. */
    RouteOwnership without(Collection<Path> files) {
        RouteOwnership rest = new RouteOwnership();
        owners.forEach((owned, file) -> {
            if (!files.contains(file)) {
                rest.owners.put(owned, file);
            }
        });
        return rest;
    }

    void release(Path file) {
        owners.values().removeIf(file::equals);
    }

    /** Registers the ids of a file's routes before they are added. */
    RouteBuilderLifecycleStrategy ids(Path file) {
        return new RouteBuilderLifecycleStrategy() {
            @Override
            public void afterConfigure(RouteBuilder builder) {
                for (RouteDefinition route : builder.getRouteCollection().getRoutes()) {
                    registerId(file, route);
                }
            }
        };
    }

    private void registerId(Path file, RouteDefinition route) {
        Integer line = route.getLineNumber() > 0 ? Integer.valueOf(route.getLineNumber()) : null;
        if (route.getId() == null || !route.hasCustomIdAssigned()) {
            throw new TakenException(
                    new EditRefusedException(file, line, "a route has no id. Give it one: 'id: <room>-<what>'."));
        }
        Path other = owners.putIfAbsent("the route id '" + route.getId() + "'", file);
        if (other != null) {
            throw new TakenException(new EditRefusedException(
                    file,
                    line,
                    "the route id '" + route.getId() + "' is already used by "
                            + (other.equals(file) ? "another route of this file" : other) + ". Give it another id."));
        }
    }

    /** Registers the endpoint that an added route consumes from. */
    void endpoint(Path file, Route route) throws EditRefusedException {
        Endpoint endpoint = route.getEndpoint();
        String source = source(endpoint);
        if (source == null) {
            return;
        }
        Path other = owners.putIfAbsent(source, file);
        if (other != null) {
            throw new EditRefusedException(
                    file,
                    null,
                    "'" + endpoint.getEndpointBaseUri() + "', which route '" + route.getRouteId()
                            + "' consumes from, is already used by "
                            + (other.equals(file) ? "another route of this file" : other)
                            + ".");
        }
    }

    /** What only one route can consume from, or null. */
    private static String source(Endpoint endpoint) {
        if (endpoint instanceof QuartzEndpoint timer) {
            // Camel would remove the first route's job together with the second route's
            return "timer " + timer.getTriggerKey();
        }
        boolean many = endpoint instanceof MultipleConsumersSupport support
                && support.isMultipleConsumersSupported()
                && !(endpoint instanceof PlatformHttpEndpoint);
        return endpoint == null || many ? null : "endpoint " + endpoint.getEndpointUri();
    }

    /** Carries a refusal through Camel's builder. */
    static final class TakenException extends RuntimeException {

        private static final long serialVersionUID = 1;

        TakenException(EditRefusedException refused) {
            super(refused);
        }

        EditRefusedException refused() {
            return (EditRefusedException) getCause();
        }
    }
}
