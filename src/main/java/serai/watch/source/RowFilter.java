package serai.watch.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import serai.watch.query.Search;
import serai.watch.rule.Options;
import serai.watch.rule.RuleException;
import serai.watch.source.QueryColumns.Field;

/**
 * A filter of a rule over rows, read once from Elasticsearch's query language: {@code term}, {@code terms},
 * {@code range}, {@code exists}, {@code prefix}, {@code bool} and {@code match_all}.
 */
@FunctionalInterface
interface RowFilter {

    /**
     * The condition on rows {@code q}.
     *
     * @throws Search.FailedException when a column is missing, or cannot be compared so
     */
    SqlText sql(QueryColumns columns) throws Search.FailedException;

    /**
     * The filters of an option, in order; none when it is not set.
     *
     * @throws RuleException when a filter is not one for rows, with its line
     */
    static List<RowFilter> of(Options options, String option) throws RuleException {
        List<RowFilter> filters = new ArrayList<>();
        for (JsonNode query : Reader.nodes(Reader.JSON.valueToTree(options.value(option)))) {
            try {
                filters.add(Reader.filter(query.has("query") ? query.get("query") : query));
            } catch (IllegalArgumentException e) {
                throw options.refused(option, filters.size(), e.getMessage());
            }
        }
        return filters;
    }

    /** Every filter holds; true when there is none. */
    static RowFilter all(List<RowFilter> filters) {
        return columns -> SqlText.joined("and", each(filters, columns), "true");
    }

    /** At least one filter holds; false when there is none. */
    private static RowFilter any(List<RowFilter> filters) {
        return columns -> SqlText.joined("or", each(filters, columns), "false");
    }

    private static List<SqlText> each(List<RowFilter> filters, QueryColumns columns) throws Search.FailedException {
        List<SqlText> conditions = new ArrayList<>();
        for (RowFilter filter : filters) {
            conditions.add(filter.sql(columns));
        }
        return conditions;
    }

    /** Reads the query language; what it does not know is an {@link IllegalArgumentException}. */
    final class Reader {

        private static final ObjectMapper JSON = new ObjectMapper();
        private static final Map<String, String> COMPARISONS = Map.of("gt", ">", "gte", ">=", "lt", "<", "lte", "<=");
        private static final Pattern DATE_MATH = Pattern.compile("now.+|.*\\|\\|.*");

        private Reader() {}

        private static Iterable<JsonNode> nodes(JsonNode queries) {
            return queries.isObject() ? List.of(queries) : queries;
        }

        private static RowFilter filter(JsonNode query) {
            if (!query.isObject() || query.size() != 1) {
                throw new IllegalArgumentException(
                        "each filter is a map with one key, such as 'term: {status: failed}'");
            }
            Map.Entry<String, JsonNode> only = query.properties().iterator().next();
            JsonNode body = only.getValue();
            return switch (only.getKey()) {
                case "match_all" -> all(List.of());
                case "bool" -> bool(body);
                case "filter" -> filter(body);
                case "exists" -> exists(body.path("field").asText());
                case "term" -> term(one(body, "term"));
                case "terms" -> terms(one(body, "terms"));
                case "prefix" -> prefix(one(body, "prefix"));
                case "range" -> range(one(body, "range"));
                default ->
                    throw new IllegalArgumentException("'" + only.getKey()
                            + "' is not known over the warehouse: a filter there is term, terms,"
                            + " range, prefix, exists or bool; write anything else into the query's where");
            };
        }

        private static RowFilter bool(JsonNode body) {
            List<RowFilter> all = new ArrayList<>();
            List.of("must", "filter").forEach(clause -> all.addAll(filters(body.path(clause))));
            for (RowFilter not : filters(body.path("must_not"))) {
                // it holds for a row without the value
                all.add(columns -> SqlText.of("(").add(not.sql(columns)).add(" is not true)"));
            }
            List<RowFilter> should = filters(body.path("should"));
            int least = body.path("minimum_should_match").asInt(all.isEmpty() ? 1 : 0);
            if (least > 1) {
                throw new IllegalArgumentException("minimum_should_match above 1 is not known over the warehouse;"
                        + " write it into the query's where");
            }
            if (!should.isEmpty() && least == 1) {
                all.add(any(should));
            }
            return all(all);
        }

        private static List<RowFilter> filters(JsonNode queries) {
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

        private static RowFilter exists(String field) {
            return columns -> SqlText.of("(" + columns.require(field).text() + " is not null)");
        }

        private static RowFilter term(Map.Entry<String, JsonNode> only) {
            return compared(only.getKey(), "=", inner(only.getValue()), "term");
        }

        private static RowFilter prefix(Map.Entry<String, JsonNode> only) {
            String prefix = inner(only.getValue()).asText();
            return columns ->
                    SqlText.of("starts_with(" + columns.require(only.getKey()).text() + ", ?)", prefix);
        }

        /** The value, which may be written as {@code value:} of a map. */
        private static JsonNode inner(JsonNode value) {
            return value.isObject() ? value.path("value") : value;
        }

        private static RowFilter terms(Map.Entry<String, JsonNode> only) {
            if (!only.getValue().isArray()) {
                throw new IllegalArgumentException(
                        "terms has a list of values, such as 'terms: {status: [failed, lost]}'");
            }
            List<RowFilter> values = new ArrayList<>();
            only.getValue().forEach(value -> values.add(compared(only.getKey(), "=", value, "terms")));
            return any(values);
        }

        private static RowFilter range(Map.Entry<String, JsonNode> only) {
            List<RowFilter> bounds = new ArrayList<>();
            for (Map.Entry<String, JsonNode> bound : only.getValue().properties()) {
                String comparison = COMPARISONS.get(bound.getKey());
                if (comparison != null) {
                    bounds.add(compared(only.getKey(), comparison, bound.getValue(), "range"));
                } else if (!bound.getKey().equals("format")) {
                    throw new IllegalArgumentException("'" + bound.getKey()
                            + "' is not known in a range over the warehouse: use gt, gte, lt, lte");
                }
            }
            return all(bounds);
        }

        private static RowFilter compared(String field, String operator, JsonNode value, String kind) {
            if (!value.isValueNode() || value.isNull()) {
                throw new IllegalArgumentException(kind + " compares with values, and " + value
                        + " is not one; to test whether there is a value use 'exists'");
            }
            return columns -> {
                Field column = columns.require(field);
                if (column.kind() == QueryColumns.Kind.TIME
                        && DATE_MATH.matcher(value.asText()).matches()) {
                    throw new Search.FailedException(
                            "'" + value.asText() + "' is not known over the warehouse; write it into the query's"
                                    + " where, as in at > :to - interval '1 hour'",
                            null);
                }
                return column.compared(operator, value.isNumber() ? value.numberValue() : value.asText());
            };
        }
    }
}
