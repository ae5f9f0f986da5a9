package serai.edits;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.support.RoutePolicySupport;

/** What a route consumes from, and whether several instances may do so at the same time. */
final class RouteInput {

    private static final String SHARED = "shared";
    private static final String SINGLE = "single";

    private static final String KAMELET = "kamelet:";

    /** Inputs that are another one on each instance: its folders, its ports, its other routes. */
    private static final Set<String> LOCAL = Set.of(
            "coap",
            "direct",
            "disruptor",
            "file",
            "file-watch",
            "grpc",
            "jetty",
            "mina",
            "mllp",
            "netty",
            "netty-http",
            "platform-http",
            "rest",
            "seda",
            "servlet",
            "stream",
            "stub",
            "undertow",
            "vertx-websocket");

    /** Timers of imports: a lease by source decides which instance imports. */
    private static final String IMPORTS = "quartz:load/";

    private RouteInput() {}

    /** Whether a route runs on one instance at a time. */
    static boolean isSingle(ModelCamelContext context, RouteDefinition route) {
        if (Boolean.TRUE.equals(route.isKamelet()) || route.getInput() == null) {
            return false;
        }
        return isShared(context, route)
                .map(shared -> !shared)
                .orElseGet(() -> !isLocal(context, route.getInput().getEndpointUri()));
    }

    /** The policies that a route can name to decide it, whatever its input is. They do nothing else. */
    static void bindPolicies(CamelContext context) {
        for (String policy : List.of(SHARED, SINGLE)) {
            context.getRegistry().bind(policy, RoutePolicy.class, new RoutePolicySupport() {});
        }
    }

    private static Optional<Boolean> isShared(ModelCamelContext context, RouteDefinition route) {
        String policies = route.getRoutePolicyRef();
        List<String> names = policies == null
                ? List.of()
                : List.of(context.resolvePropertyPlaceholders(policies).split("\\s*,\\s*"));
        return names.stream()
                .filter(name -> name.equals(SHARED) || name.equals(SINGLE))
                .map(SHARED::equals)
                .findFirst();
    }

    private static boolean isLocal(ModelCamelContext context, String uri) {
        String resolved = uri.startsWith("{{") ? context.resolvePropertyPlaceholders(uri) : uri;
        if (resolved.startsWith(KAMELET)) {
            String name = resolved.substring(KAMELET.length()).split("[/?]", 2)[0];
            RouteTemplateDefinition kamelet = context.getRouteTemplateDefinition(name);
            return kamelet == null
                    || isLocal(context, kamelet.getRoute().getInput().getEndpointUri());
        }
        return resolved.startsWith(IMPORTS) || LOCAL.contains(resolved.split("[:?]", 2)[0].toLowerCase(Locale.ROOT));
    }
}
