package serai.load.ga4;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a route asks of a property, as Google's JSON. A request is for one day (or week, or month), which is not a
 * dimension of it: the day of a row is then known, also where Google writes {@code (other)}.
 *
 * @param dimensions names of Google's, without {@code date}
 * @param metrics names of Google's
 * @param filter conditions of {@link #filter}
 * @param currency a code of ISO 4217 for amounts; empty for the property's own
 */
record Ga4Query(List<String> dimensions, List<String> metrics, String filter, String currency) {

    /** The first column of the report. */
    static final String DATE = "date";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*(:[^,;=\\s]+)?");
    private static final Pattern CONDITION = Pattern.compile("\\s*([^=!]+?)\\s*(!?=)(.*)", Pattern.DOTALL);

    /**
     * The names of a list, separated by commas.
     *
     * @param property its name, for the message
     * @param most how many Google allows
     * @throws IllegalArgumentException when one cannot be a name of Google's, comes twice, or they are too many
     */
    static List<String> names(String property, String text, int most) {
        List<String> names = Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        for (String name : names) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("'" + property + "': '" + name
                        + "' is not a name of Google Analytics; write one such as sessionSource or customEvent:plan.");
            }
        }
        if (names.contains(DATE)) {
            throw new IllegalArgumentException(
                    "'" + property + "': leave out 'date'; it is the first column of each report.");
        }
        if (new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException("'" + property + "': a name comes twice.");
        }
        if (names.size() > most) {
            throw new IllegalArgumentException(
                    "'" + property + "' has " + names.size() + " names; Google allows " + most + ".");
        }
        return names;
    }

    /**
     * Conditions {@code FIELD=VALUE[,VALUE]} or {@code FIELD!=VALUE[,VALUE]}, separated by semicolons, as a
     * FilterExpression; all must hold, and case counts.
     *
     * @throws IllegalArgumentException when they are not of this form
     */
    static ObjectNode filter(String text) {
        ObjectNode all = JSON.createObjectNode();
        ArrayNode expressions = all.putObject("andGroup").putArray("expressions");
        for (String part : text.split(";")) {
            if (part.isBlank()) {
                continue;
            }
            Matcher condition = CONDITION.matcher(part);
            if (!condition.matches() || !NAME.matcher(condition.group(1)).matches()) {
                throw new IllegalArgumentException("'filter': '" + part.strip()
                        + "' is not 'FIELD=VALUE' or 'FIELD!=VALUE', with further values after commas.");
            }
            ObjectNode expression = expressions.addObject();
            ObjectNode filter = (condition.group(2).equals("=") ? expression : expression.putObject("notExpression"))
                    .putObject("filter")
                    .put("fieldName", condition.group(1));
            ObjectNode list = filter.putObject("inListFilter").put("caseSensitive", true);
            ArrayNode values = list.putArray("values");
            for (String value : condition.group(3).split(",", -1)) {
                values.add(value.strip());
            }
        }
        return all;
    }

    /** The names of the report's columns, in order. */
    List<String> columns() {
        List<String> columns = new ArrayList<>(List.of(DATE));
        columns.addAll(dimensions);
        columns.addAll(metrics);
        return columns;
    }

    /**
     * The body of a request for one page. The order is by all dimensions: without one Google sorts by the first metric,
     * and pages over equal values repeat and omit rows.
     */
    String body(LocalDate first, LocalDate last, long offset, long limit) {
        ObjectNode body = JSON.createObjectNode();
        body.putArray("dateRanges")
                .addObject()
                .put("startDate", first.toString())
                .put("endDate", last.toString());
        ArrayNode requested = body.putArray("dimensions");
        ArrayNode order = body.putArray("orderBys");
        for (String dimension : dimensions) {
            requested.addObject().put("name", dimension);
            order.addObject().putObject("dimension").put("dimensionName", dimension);
        }
        ArrayNode values = body.putArray("metrics");
        metrics.forEach(metric -> values.addObject().put("name", metric));
        ObjectNode conditions = filter(filter);
        if (!conditions.at("/andGroup/expressions").isEmpty()) {
            body.set("dimensionFilter", conditions);
        }
        if (!currency.isEmpty()) {
            body.put("currencyCode", currency);
        }
        return body.put("offset", String.valueOf(offset))
                .put("limit", String.valueOf(limit))
                .put("returnPropertyQuota", true)
                .toString();
    }
}
