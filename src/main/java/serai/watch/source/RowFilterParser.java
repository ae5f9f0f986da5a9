package serai.watch.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import serai.watch.rule.Options;
import serai.watch.rule.RuleException;

/**
 * Reads filters of Elasticsearch's query language: {@code term}, {@code terms}, {@code range}, {@code exists},
 * {@code prefix}, {@code bool} and {@code match_all}.
 */
final class RowFilterParser {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> COMPARISONS = Map.of("gt", ">", "gte", ">=", "lt", "<", "lte", "<=");

    private RowFilterParser() {}

    /**
     * The filters of an option, in order; none when it is not given.
     *
     * @throws RuleException when a filter is not one for rows, with its line
     */
    static List<RowFilter> parse(Options given, String option) throws RuleException {
        List<RowFilter> filters = new ArrayList<>();
        for (JsonNode query : nodes(JSON.valueToTree(given.value(option)))) {
            try {
                filters.add(filter(query.has("query") ? query.get("query") : query));
            } catch (IllegalArgumentException e) {
                throw given.refused(option, filters.size(), e.getMessage());
            }
        }
        return filters;
    }

    private static Iterable<JsonNode> nodes(JsonNode queries) {
        return queries.isObject() ? List.of(queries) : queries;
    }

    private static RowFilter filter(JsonNode query) {
        if (!query.isObject() || query.size() != 1) {
            throw new IllegalArgumentException("each filter is a map with one key, such as 'term: {status: failed}'");
        }
        Map.Entry<String, JsonNode> only = query.properties().iterator().next();
        JsonNode body = only.getValue();
        return switch (only.getKey()) {
            case "match_all" -> new RowFilter.All(List.of());
            case "bool" -> bool(body);
            case "filter" -> filter(body);
            case "exists" -> new RowFilter.Exists(body.path("field").asText());
            case "term" -> term(one(body, "term"));
            case "terms" -> terms(one(body, "terms"));
            case "prefix" -> prefix(one(body, "prefix"));
            case "range" -> range(one(body, "range"));
            default ->
                throw new IllegalArgumentException(
                        "'" + only.getKey() + "' is not known over the warehouse: a filter there is term, terms,"
                                + " range, prefix, exists or bool; write anything else into the query's where");
        };
    }

    private static RowFilter bool(JsonNode body) {
        List<RowFilter> all = new ArrayList<>();
        List.of("must", "filter").forEach(clause -> all.addAll(each(body.path(clause))));
        each(body.path("must_not")).forEach(not -> all.add(new RowFilter.Not(not)));
        List<RowFilter> should = each(body.path("should"));
        int least = body.path("minimum_should_match").asInt(all.isEmpty() ? 1 : 0);
        if (least > 1) {
            throw new IllegalArgumentException(
                    "minimum_should_match above 1 is not known over the warehouse; write it into the query's where");
        }
        if (!should.isEmpty() && least == 1) {
            all.add(new RowFilter.Any(should));
        }
        return new RowFilter.All(all);
    }

    private static List<RowFilter> each(JsonNode queries) {
        List<RowFilter> filters = new ArrayList<>();
        nodes(queries).forEach(query -> filters.add(filter(query)));
        return filters;
    }

    private static Map.Entry<String, JsonNode> one(JsonNode body, String kind) {
        if (!body.isObject() || body.size() != 1) {
            throw new IllegalArgumentException(kind + " names one column, such as '" + kind + ": {status: ...}'");
        }
        return body.properties().iterator().next();
    }

    private static RowFilter term(Map.Entry<String, JsonNode> only) {
        return new RowFilter.Compared(only.getKey(), "=", scalar(inner(only.getValue()), "term"));
    }

    private static RowFilter prefix(Map.Entry<String, JsonNode> only) {
        return new RowFilter.Prefix(only.getKey(), inner(only.getValue()).asText());
    }

    /** The value, which may be written as {@code value:} of a map. */
    private static JsonNode inner(JsonNode value) {
        return value.isObject() ? value.path("value") : value;
    }

    private static RowFilter terms(Map.Entry<String, JsonNode> only) {
        if (!only.getValue().isArray()) {
            throw new IllegalArgumentException("terms has a list of values, such as 'terms: {status: [failed, lost]}'");
        }
        List<RowFilter> values = new ArrayList<>();
        only.getValue()
                .forEach(value -> values.add(new RowFilter.Compared(only.getKey(), "=", scalar(value, "terms"))));
        return new RowFilter.Any(values);
    }

    private static RowFilter range(Map.Entry<String, JsonNode> only) {
        List<RowFilter> bounds = new ArrayList<>();
        for (Map.Entry<String, JsonNode> bound : only.getValue().properties()) {
            String comparison = COMPARISONS.get(bound.getKey());
            if (comparison != null) {
                bounds.add(new RowFilter.Compared(only.getKey(), comparison, scalar(bound.getValue(), "range")));
            } else if (!bound.getKey().equals("format")) {
                throw new IllegalArgumentException(
                        "'" + bound.getKey() + "' is not known in a range over the warehouse: use gt, gte, lt, lte");
            }
        }
        return new RowFilter.All(bounds);
    }

    private static Object scalar(JsonNode value, String kind) {
        if (!value.isValueNode() || value.isNull()) {
            throw new IllegalArgumentException(kind + " compares with values, and " + value
                    + " is not one; to test whether there is a value use 'exists'");
        }
        return value.isNumber()
                ? value.numberValue()
                : value.isBoolean() ? (Object) value.booleanValue() : value.asText();
    }
}
