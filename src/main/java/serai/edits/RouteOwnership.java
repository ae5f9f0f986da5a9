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
 * Which file has which route id and which endpoint that only one route may read from. Camel lets a second route of the
 * same id take the first one's place without a word.
 */
final class RouteOwnership {

    private final Map<String, Path> owners = new HashMap<>();

    /** The claims that are left when some files are taken away. */
    RouteOwnership without(Collection<Path> files) {
        RouteOwnership rest = new RouteOwnership();
        owners.forEach((claim, file) -> {
            if (!files.contains(file)) {
                rest.owners.put(claim, file);
            }
        });
        return rest;
    }

    void release(Path file) {
        owners.values().removeIf(file::equals);
    }

    /** Claims the ids of a file's routes before they are added. */
    RouteBuilderLifecycleStrategy ids(Path file) {
        return new RouteBuilderLifecycleStrategy() {
            @Override
            public void afterConfigure(RouteBuilder builder) {
                for (RouteDefinition route : builder.getRouteCollection().getRoutes()) {
                    claimId(file, route);
                }
            }
        };
    }

    private void claimId(Path file, RouteDefinition route) {
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
                    "the route id '" + route.getId() + "' is taken by "
                            + (other.equals(file) ? "another route of this file" : other) + ". Give it another id."));
        }
    }

    /** Claims what an added route reads from. */
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
                    "'" + endpoint.getEndpointBaseUri() + "', from which route '" + route.getRouteId()
                            + "' reads, is taken by " + (other.equals(file) ? "another route of this file" : other)
                            + ".");
        }
    }

    /** What no two routes may read from, or null. */
    private static String source(Endpoint endpoint) {
        if (endpoint instanceof QuartzEndpoint timer) {
            // Camel would take the first route's job away with the second
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
