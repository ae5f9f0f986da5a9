package serai.edits;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteBuilderLifecycleStrategy;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.ToDefinition;

/**
 * Gives the route that Camel makes for each use of a kamelet the id {@code <route>.<kamelet>} instead of a generated
 * one. A route's kamelets then have the same names in logs and metrics after a restart, and a route can be removed with
 * its own kamelets and without another's.
 */
final class KameletRouteIds implements RouteBuilderLifecycleStrategy {

    private static final String SCHEME = "kamelet:";

    @Override
    public void afterConfigure(RouteBuilder builder) {
        for (RouteDefinition route : builder.getRouteCollection().getRoutes()) {
            name(route, route.getId());
        }
        for (RouteTemplateDefinition template :
                builder.getRouteTemplateCollection().getRouteTemplates()) {
            name(template.getRoute(), "{{routeId}}");
        }
    }

    private static void name(RouteDefinition route, String owner) {
        Map<String, Integer> uses = new HashMap<>();
        if (route.getInput() != null) {
            route.getInput().setUri(named(route.getInput().getUri(), owner, uses));
        }
        for (ProcessorDefinition<?> step :
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)) {
            ToDefinition to = (ToDefinition) step;
            to.setUri(named(to.getUri(), owner, uses));
        }
    }

    private static String named(String uri, String owner, Map<String, Integer> uses) {
        if (uri == null
                || !uri.startsWith(SCHEME)
                || uri.startsWith("kamelet:source")
                || uri.startsWith("kamelet:sink")) {
            return uri;
        }
        int query = uri.indexOf('?');
        String kamelet = uri.substring(SCHEME.length(), query < 0 ? uri.length() : query);
        if (kamelet.contains("/")) {
            return uri;
        }
        int use = uses.merge(kamelet, 1, Integer::sum);
        String id = owner + "." + kamelet + (use == 1 ? "" : "-" + use);
        return SCHEME + kamelet + "/" + id + (query < 0 ? "" : uri.substring(query));
    }
}
