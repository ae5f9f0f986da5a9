package serai.load;

import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.LineNumberAware;
import org.apache.camel.model.KameletDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.util.URISupport;

/** The steps of a route that use kamelets. */
final class KameletSteps {

    private static final String SCHEME = "kamelet:";

    private KameletSteps() {}

    /**
     * A step.
     *
     * @param address the kamelet's name and its properties, as in an address
     * @param line in the route's file
     */
    record Step(String address, int line) {

        String kamelet() {
            return address.split("[/?]", 2)[0];
        }

        /** Its properties by name, without placeholders; empty when there are none. */
        Map<String, Object> properties(CamelContext context) {
            int query = address.indexOf('?');
            try {
                Map<String, Object> properties = URISupport.parseQuery(
                        query < 0 ? "" : context.resolvePropertyPlaceholders(address.substring(query + 1)));
                URISupport.resolveRawParameterValues(properties);
                return properties;
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }
    }

    static List<Step> of(RouteDefinition route) {
        List<Step> steps = new ArrayList<>();
        for (ToDefinition to : ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)) {
            if (to.getUri().startsWith(SCHEME)) {
                steps.add(step(to.getUri().substring(SCHEME.length()), to));
            }
        }
        for (KameletDefinition kamelet :
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), KameletDefinition.class)) {
            steps.add(step(kamelet.getName(), kamelet));
        }
        return steps;
    }

    private static Step step(String address, LineNumberAware definition) {
        return new Step(address, definition.getLineNumber());
    }

    static boolean has(RouteDefinition route, String kamelet) {
        return of(route).stream().anyMatch(step -> step.kamelet().equals(kamelet));
    }
}
