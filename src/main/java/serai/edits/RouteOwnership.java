package serai.edits;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.Endpoint;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteBuilderLifecycleStrategy;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.model.RouteDefinition;

/**
 * Which file owns which route id, which endpoint that only one route can consume from, and what else its routes claim.
 * Without it, a second route with the same id silently replaces the first one in Camel.
 */
final class RouteOwnership {

    private final List<RouteClaims> finders;
    private final Map<String, Path> owners = new HashMap<>();
    private final Map<Path, List<RouteClaim>> claims = new TreeMap<>();

    /** @param finders of what routes take for themselves, besides ids and endpoints */
    RouteOwnership(List<RouteClaims> finders) {
        this.finders = finders;
    }

    /** The same without what some files own. */
    RouteOwnership without(Collection<Path> files) {
        RouteOwnership rest = new RouteOwnership(finders);
        rest.claims.putAll(claims);
        rest.claims.keySet().removeAll(files);
        owners.forEach((owned, file) -> {
            if (!files.contains(file)) {
                rest.owners.put(owned, file);
            }
        });
        return rest;
    }

    void release(Path file) {
        owners.values().removeIf(file::equals);
        claims.remove(file);
    }

    /** Registers the ids of a file's routes before they are added. */
    RouteBuilderLifecycleStrategy ids(Path file) {
        return new RouteBuilderLifecycleStrategy() {
            @Override
            public void afterConfigure(RouteBuilder builder) {
                for (RouteDefinition route : builder.getRouteCollection().getRoutes()) {
                    registerId(file, route);
                    registerClaims(file, route);
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

    private void registerClaims(Path file, RouteDefinition route) {
        for (RouteClaims finder : finders) {
            try {
                finder.of(route).forEach(claim -> register(file, claim));
            } catch (IllegalArgumentException e) {
                Integer line = route.getLineNumber() > 0 ? Integer.valueOf(route.getLineNumber()) : null;
                throw new TakenException(new EditRefusedException(file, line, e.getMessage()));
            }
        }
    }

    private void register(Path file, RouteClaim claim) {
        claims.forEach((other, held) -> held.forEach(rival -> {
            Optional<String> conflict = claim.conflict(rival, other);
            if (conflict.isPresent()) {
                Integer line = claim.line() > 0 ? Integer.valueOf(claim.line()) : null;
                throw new TakenException(new EditRefusedException(file, line, conflict.get()));
            }
        }));
        claims.computeIfAbsent(file, path -> new ArrayList<>()).add(claim);
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
