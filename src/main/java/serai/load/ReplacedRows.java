package serai.load;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.LineNumberAware;
import org.apache.camel.model.KameletDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.util.URISupport;
import serai.edits.RouteClaim;

/**
 * The rows that a step {@code kamelet:replace-window} of a route deletes and loads. Two routes with the same rows would
 * delete each other's.
 *
 * @param table as the route writes it
 */
record ReplacedRows(String route, String table, Scope scope, int line) implements RouteClaim {

    private static final String KAMELET = "kamelet:";
    private static final String NAME = "replace-window";

    /**
     * The rows of all steps of a route.
     *
     * @param context which resolves settings
     * @throws IllegalArgumentException when a scope is wrong
     */
    static List<RouteClaim> of(CamelContext context, RouteDefinition route) {
        List<RouteClaim> rows = new ArrayList<>();
        for (ToDefinition to : ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)) {
            if (to.getUri().startsWith(KAMELET)) {
                add(rows, context, route, to.getUri().substring(KAMELET.length()), to);
            }
        }
        for (KameletDefinition kamelet :
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), KameletDefinition.class)) {
            add(rows, context, route, kamelet.getName(), kamelet);
        }
        return rows;
    }

    private static void add(
            List<RouteClaim> rows, CamelContext context, RouteDefinition route, String kamelet, LineNumberAware step) {
        if (!kamelet.startsWith(NAME + "?")) {
            return;
        }
        Map<String, Object> properties = properties(context, kamelet);
        if (!properties.containsKey("table") || !properties.containsKey("window")) {
            // refused when the kamelet is made
            return;
        }
        Scope scope = Scope.of(text(properties, "scope"));
        String key = text(properties, "key");
        if (!scope.isAll()
                && !key.isBlank()
                && Arrays.stream(key.split(",")).map(String::strip).noneMatch(scope.column()::equals)) {
            throw new IllegalArgumentException("'key' does not have '" + scope.column() + "', the column of 'scope'."
                    + " Add it: keys of two sources are then never the same.");
        }
        rows.add(new ReplacedRows(route.getId(), text(properties, "table"), scope, step.getLineNumber()));
    }

    private static Map<String, Object> properties(CamelContext context, String kamelet) {
        try {
            String query = context.resolvePropertyPlaceholders(kamelet.substring(NAME.length() + 1));
            Map<String, Object> properties = URISupport.parseQuery(query);
            URISupport.resolveRawParameterValues(properties);
            return properties;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static String text(Map<String, Object> properties, String name) {
        return String.valueOf(properties.getOrDefault(name, ""));
    }

    @Override
    public Optional<String> conflict(RouteClaim other, Path file) {
        if (!(other instanceof ReplacedRows rows)
                || rows.route.equals(route)
                || !rows.table.equals(table)
                || !scope.overlaps(rows.scope)) {
            return Optional.empty();
        }
        return Optional.of("the table " + table + " is also filled by the route '" + rows.route + "' of " + file
                + (rows.scope.isAll() ? "" : ", with scope: " + rows.scope)
                + ", and each would delete rows of the other. Give both a 'scope', such as country=DE, with the same"
                + " column and different values.");
    }
}
