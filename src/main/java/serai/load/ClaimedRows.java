package serai.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;
import serai.edits.RouteClaim;

/**
 * The rows that a step {@code replace-window} or {@code upsert-rows} of a route writes. Two routes that replace the
 * same rows would delete each other's, and so would one that replaces rows which another one merges by key. Several
 * routes may merge rows into one table: they delete nothing, and of a row that several have, the last one counts.
 *
 * @param kamelet which of the two
 * @param table as the route writes it
 */
record ClaimedRows(String route, String kamelet, String table, Scope scope, int line) implements RouteClaim {

    private static final String REPLACE = "replace-window";

    /**
     * The rows of all steps of a route.
     *
     * @param context which resolves settings
     * @throws IllegalArgumentException when a scope is wrong
     */
    static List<RouteClaim> of(CamelContext context, RouteDefinition route) {
        List<RouteClaim> claims = new ArrayList<>();
        for (KameletSteps.Step step : KameletSteps.of(route)) {
            if (step.kamelet().equals(REPLACE) || step.kamelet().equals(UpsertRows.KIND)) {
                claim(context, route, step).ifPresent(claims::add);
            }
        }
        return claims;
    }

    private static Optional<RouteClaim> claim(CamelContext context, RouteDefinition route, KameletSteps.Step step) {
        Map<String, Object> properties = step.properties(context);
        String needed = step.kamelet().equals(REPLACE) ? "window" : "key";
        if (!properties.containsKey("table") || !properties.containsKey(needed)) {
            // refused when the kamelet is made
            return Optional.empty();
        }
        Scope scope = Scope.of(text(properties, "scope"));
        String key = text(properties, "key");
        if (!scope.isAll()
                && !key.isBlank()
                && Arrays.stream(key.split(",")).map(String::strip).noneMatch(scope.column()::equals)) {
            throw new IllegalArgumentException("'key' does not have '" + scope.column() + "', the column of 'scope'."
                    + " Add it: keys of two sources are then never the same.");
        }
        return Optional.of(
                new ClaimedRows(route.getId(), step.kamelet(), text(properties, "table"), scope, step.line()));
    }

    private static String text(Map<String, Object> properties, String name) {
        return String.valueOf(properties.getOrDefault(name, ""));
    }

    private boolean replaces() {
        return kamelet.equals(REPLACE);
    }

    @Override
    public Optional<String> conflict(RouteClaim other, Path file) {
        if (!(other instanceof ClaimedRows rows)
                || rows.route.equals(route)
                || !rows.table.equals(table)
                || !replaces() && !rows.replaces()
                || !scope.overlaps(rows.scope)) {
            return Optional.empty();
        }
        return Optional.of("the table " + table + " is also filled by the route '" + rows.route + "' of " + file
                + (replaces() == rows.replaces() ? "" : ", by " + rows.kamelet)
                + (rows.scope.isAll() ? "" : ", with scope: " + rows.scope) + ", and "
                + (replaces() == rows.replaces() ? "each would delete rows of the other" : deletes(rows))
                + ". Give both a 'scope', such as country=DE, with the same column and different values.");
    }

    private String deletes(ClaimedRows other) {
        return (replaces() ? "this one" : "'" + other.route + "'") + " would delete rows of the other";
    }
}
