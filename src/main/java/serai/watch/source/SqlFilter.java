package serai.watch.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import serai.watch.rule.Options;
import serai.watch.rule.RuleException;

/**
 * A filter of Elasticsearch's query language as a condition of SQL. It knows what rules and the queries made for them
 * use: {@code term}, {@code terms}, {@code range}, {@code exists}, {@code ids}, {@code prefix}, {@code bool} and
 * {@code match_all}.
 */
final class SqlFilter {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> COMPARISONS = Map.of("gt", ">", "gte", ">=", "lt", "<", "lte", "<=");

    private static final Pattern DATE_MATH = Pattern.compile("now.+|.*\\|\\|.*");

    private final QueryColumns columns;

    SqlFilter(QueryColumns columns) {
        this.columns = columns;
    }

    /** A filter that cannot become SQL. */
    static final class UnknownException extends Exception {
        UnknownException(String reason) {
            super(reason);
        }
    }

    /** @throws RuleException when a filter of a rule cannot become SQL */
    static void check(Options given, QueryColumns columns) throws RuleException {
        for (String option : List.of("filter", "match_bucket_filter")) {
            try {
                for (JsonNode query : nodes(JSON.valueToTree(given.value(option)))) {
                    new SqlFilter(columns).condition(query.has("query") ? query.get("query") : query);
                }
            } catch (UnknownException e) {
                throw given.refused(option, e.getMessage());
            }
        }
    }

    private static Iterable<JsonNode> nodes(JsonNode queries) {
        return queries.isObject() ? List.of(queries) : queries;
    }

    SqlText condition(JsonNode query) throws UnknownException {
        if (!query.isObject() || query.size() != 1) {
            throw new UnknownException("each filter is a map with one key, such as 'term: {status: failed}'");
        }
        Map.Entry<String, JsonNode> only = query.properties().iterator().next();
        JsonNode body = only.getValue();
        return switch (only.getKey()) {
            case "match_all" -> SqlText.of("true");
            case "bool" -> bool(body);
            case "filter" -> condition(body);
            case "exists" -> SqlText.of("(" + field(body.path("field").asText()).text() + " is not null)");
            case "ids" -> SqlText.of("(q.serai_id = any(?))", texts(body.path("values")));
            case "term" -> term(body);
            case "terms" -> terms(body);
            case "prefix" -> prefix(body);
            case "range" -> range(body);
            default ->
                throw new UnknownException(
                        "'" + only.getKey() + "' is not known over the warehouse: a filter there is term, terms,"
                                + " range, prefix, exists or bool; write anything else into the query's where");
        };
    }

    private QueryColumns.Field field(String name) throws UnknownException {
        return columns.field(name).orElseThrow(() -> new UnknownException(columns.unknown(name)));
    }

    private SqlText bool(JsonNode body) throws UnknownException {
        List<SqlText> all = new ArrayList<>();
        for (String kind : List.of("must", "filter")) {
            all.addAll(each(body.path(kind)));
        }
        for (SqlText not : each(body.path("must_not"))) {
            // a row without the value is one that does not have it
            all.add(SqlText.of("(").add(not).add(" is not true)"));
        }
        List<SqlText> should = each(body.path("should"));
        int least = body.path("minimum_should_match").asInt(all.isEmpty() ? 1 : 0);
        if (least > 1) {
            throw new UnknownException(
                    "minimum_should_match above 1 is not known over the warehouse; write it into the query's where");
        }
        if (!should.isEmpty() && least == 1) {
            all.add(SqlText.joined("or", should, "true"));
        }
        return SqlText.joined("and", all, "true");
    }

    private List<SqlText> each(JsonNode queries) throws UnknownException {
        List<SqlText> conditions = new ArrayList<>();
        for (JsonNode query : nodes(queries)) {
            conditions.add(condition(query));
        }
        return conditions;
    }

    private SqlText term(JsonNode body) throws UnknownException {
        Map.Entry<String, JsonNode> only = one(body, "term");
        JsonNode value = only.getValue().isObject() ? only.getValue().path("value") : only.getValue();
        return compared(field(only.getKey()), "=", value, "term");
    }

    private SqlText terms(JsonNode body) throws UnknownException {
        Map.Entry<String, JsonNode> only = one(body, "terms");
        QueryColumns.Field field = field(only.getKey());
        List<SqlText> values = new ArrayList<>();
        if (!only.getValue().isArray()) {
            throw new UnknownException("terms has a list of values, such as 'terms: {status: [failed, lost]}'");
        }
        for (JsonNode value : only.getValue()) {
            values.add(compared(field, "=", value, "terms"));
        }
        return SqlText.joined("or", values, "false");
    }

    private SqlText prefix(JsonNode body) throws UnknownException {
        Map.Entry<String, JsonNode> only = one(body, "prefix");
        JsonNode value = only.getValue().isObject() ? only.getValue().path("value") : only.getValue();
        return SqlText.of("starts_with(" + field(only.getKey()).text() + ", ?)", value.asText());
    }

    private SqlText range(JsonNode body) throws UnknownException {
        Map.Entry<String, JsonNode> only = one(body, "range");
        QueryColumns.Field field = field(only.getKey());
        List<SqlText> bounds = new ArrayList<>();
        for (Map.Entry<String, JsonNode> bound : only.getValue().properties()) {
            String comparison = COMPARISONS.get(bound.getKey());
            if (comparison != null) {
                bounds.add(compared(field, comparison, bound.getValue(), "range"));
            } else if (!bound.getKey().equals("format")) {
                throw new UnknownException(
                        "'" + bound.getKey() + "' is not known in a range over the warehouse: use gt, gte, lt, lte");
            }
        }
        return SqlText.joined("and", bounds, "true");
    }

    private static SqlText compared(QueryColumns.Field field, String operator, JsonNode value, String kind)
            throws UnknownException {
        if (!value.isValueNode() || value.isNull()) {
            throw new UnknownException(
                    kind + " compares with values, and " + value + " is none; whether there is one says 'exists'");
        }
        if (field.kind() == QueryColumns.Kind.TIME
                && DATE_MATH.matcher(value.asText()).matches()) {
            throw new UnknownException(
                    "'" + value.asText() + "' is not known over the warehouse; write it into the query's where, as in"
                            + " at > :to - interval '1 hour'");
        }
        return field.compared(operator, value);
    }

    private static Map.Entry<String, JsonNode> one(JsonNode body, String kind) throws UnknownException {
        if (!body.isObject() || body.size() != 1) {
            throw new UnknownException(kind + " names one column, such as '" + kind + ": {status: ...}'");
        }
        return body.properties().iterator().next();
    }

    private static List<String> texts(JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(value.asText()));
        return texts;
    }
}
