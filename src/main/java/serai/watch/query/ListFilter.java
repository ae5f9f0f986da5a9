package serai.watch.query;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The filter that {@code blacklist} and {@code whitelist} add to a query, so that only documents come whose value may
 * match; the rule type then compares exactly ({@code docs/reference/elastalert.md}, "Queries"). An entry between
 * slashes is a regular expression.
 */
final class ListFilter {

    /** The most clauses that every server takes in one query. */
    private static final int MOST_CLAUSES = 1_000;
    /** The most values that every server takes in one terms query. */
    private static final int MOST_TERMS = 65_000;

    private ListFilter() {}

    static ObjectNode of(String field, List<String> entries, boolean without) {
        return entries.size() <= MOST_CLAUSES ? queryString(field, entries, without) : terms(field, entries, without);
    }

    private static ObjectNode queryString(String field, List<String> entries, boolean without) {
        List<String> clauses =
                entries.stream().map(entry -> clause(field, entry)).toList();
        String query = without ? "NOT " + String.join(" AND NOT ", clauses) : String.join(" OR ", clauses);
        ObjectNode filter = JsonNodeFactory.instance.objectNode();
        filter.putObject("query_string").put("query", query);
        return filter;
    }

    private static String clause(String field, String entry) {
        return field + ":"
                + (pattern(entry) ? entry : '"' + entry.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }

    private static boolean pattern(String entry) {
        return entry.length() > 1 && entry.startsWith("/") && entry.endsWith("/");
    }

    /**
     * ElastAlert's form fails from 1,024 entries on. Values are searched in the field and in its keyword; of the
     * patterns only as many as a query takes. What is left out of a whitelist's filter only makes more documents come.
     */
    private static ObjectNode terms(String field, List<String> entries, boolean without) {
        ObjectNode filter = JsonNodeFactory.instance.objectNode();
        ObjectNode bool = filter.putObject("bool");
        ArrayNode any = bool.putArray(without ? "must_not" : "should");
        if (!without) {
            bool.put("minimum_should_match", 1);
        }
        List<String> values = entries.stream().filter(entry -> !pattern(entry)).toList();
        List<String> fields = field.endsWith(".keyword") ? List.of(field) : List.of(field, field + ".keyword");
        for (int start = 0; start < values.size(); start += MOST_TERMS) {
            List<String> part = values.subList(start, Math.min(values.size(), start + MOST_TERMS));
            for (String name : fields) {
                ArrayNode list = any.addObject().putObject("terms").putArray(name);
                part.forEach(list::add);
            }
        }
        List<String> patterns =
                new ArrayList<>(entries.stream().filter(ListFilter::pattern).toList());
        if (!patterns.isEmpty()) {
            any.add(queryString(field, patterns.subList(0, Math.min(patterns.size(), MOST_CLAUSES)), false));
        }
        return filter;
    }
}
