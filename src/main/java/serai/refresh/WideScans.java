package serai.refresh;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Scans of whole tables that need few of the rows, found in the answer of {@code explain (analyze, verbose, format
 * json)}, with the index that would find these rows.
 */
final class WideScans {

    /** Below this, reading the whole table is quick. */
    private static final long FEW_ROWS = 10_000;
    /** An index helps when at most one row of so many is needed. */
    private static final long ONE_OF = 10;
    /** {@code alias.column OPERATOR}, with the alias to be filled in, and no function before it. */
    private static final String COMPARISON =
            "(?<![a-z0-9_\"])\\(%s\\.(?:\"((?:[^\"]|\"\")+)\"|([a-z_][a-z0-9_$]*))\\)?(?:::text)? (=|<=|>=|<|>) ";

    /**
     * A scan.
     *
     * @param relation the table, such as {@code star.fact_logins}
     * @param read how many rows are read
     * @param needed how many of them the filter keeps
     * @param filter PostgreSQL's text of it
     * @param columns of the index that would find them: those compared for equality, then one compared by order; empty
     *     when the filter does not compare plain columns
     */
    record WideScan(String relation, long read, long needed, String filter, List<String> columns) {}

    private WideScans() {}

    /**
     * Finds the scans of a plan.
     *
     * @param plan the element {@code Plan}, with the numbers of rows of its run
     */
    static List<WideScan> of(JsonNode plan) {
        List<WideScan> scans = new ArrayList<>();
        collect(plan, scans);
        return scans;
    }

    private static void collect(JsonNode node, List<WideScan> scans) {
        String filter = node.path("Filter").asText();
        if (node.path("Node Type").asText().equals("Seq Scan") && !filter.isEmpty()) {
            double loops = node.path("Actual Loops").asDouble();
            long needed = Math.round(node.path("Actual Rows").asDouble() * loops);
            long read = needed + Math.round(node.path("Rows Removed by Filter").asDouble() * loops);
            if (read >= FEW_ROWS && read >= ONE_OF * needed) {
                scans.add(new WideScan(
                        node.path("Schema").asText() + "."
                                + node.path("Relation Name").asText(),
                        read,
                        needed,
                        filter,
                        columns(filter, node.path("Alias").asText())));
            }
        }
        node.path("Plans").forEach(child -> collect(child, scans));
    }

    private static List<String> columns(String filter, String alias) {
        if (filter.contains(" OR ")) {
            return List.of();
        }
        Set<String> equal = new LinkedHashSet<>();
        Set<String> ordered = new LinkedHashSet<>();
        Matcher comparison =
                Pattern.compile(COMPARISON.formatted(Pattern.quote(alias))).matcher("(" + filter);
        while (comparison.find()) {
            String column = comparison.group(1) == null
                    ? comparison.group(2)
                    : comparison.group(1).replace("\"\"", "\"");
            (comparison.group(3).equals("=") ? equal : ordered).add(column);
        }
        List<String> columns = new ArrayList<>(equal);
        ordered.stream().filter(column -> !equal.contains(column)).findFirst().ifPresent(columns::add);
        return columns;
    }
}
