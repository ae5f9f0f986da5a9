package serai.edits;

import java.util.List;
import org.apache.camel.model.RouteDefinition;

/** Finds what a route takes for itself, before it is added. */
@FunctionalInterface
public interface RouteClaims {

    /** @throws IllegalArgumentException when the route is wrong in this respect; the message says what to do */
    List<RouteClaim> of(RouteDefinition route);
}
