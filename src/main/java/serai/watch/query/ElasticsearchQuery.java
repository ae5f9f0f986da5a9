package serai.watch.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import serai.watch.python.Python;
import serai.watch.rule.Rule;

/**
 * A query as Elasticsearch and OpenSearch take it. Ranges, filters, sort order and aggregations are those that
 * ElastAlert sends ({@code docs/reference/elastalert.md}, "Queries"); beside them stand a page size and only the fields
 * that are needed, and several counts are asked for at once.
 *
 * @param rule whose options name the server and its login
 * @param indices the indices to search
 * @param body the request's body
 */
public record ElasticsearchQuery(Rule rule, QueryLanguage language, List<String> indices, ObjectNode body) {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Elasticsearch gives no more documents at once. */
    private static final int LARGEST_PAGE = 10_000;

    /** The query as it is sent. */
    public static ElasticsearchQuery of(Query query) {
        Rule rule = query.rule();
        if (query instanceof Query.ById byId) {
            return new ElasticsearchQuery(rule, QueryLanguage.QUERY_DSL, List.copyOf(byId.indices()), documents(byId));
        }
        List<String> indices = IndexNames.of(rule, query.window());
        if (query instanceof Query.Documents page && QueryLanguage.of(rule) != QueryLanguage.QUERY_DSL) {
            return new ElasticsearchQuery(rule, QueryLanguage.of(rule), indices, languagePage(page));
        }
        return new ElasticsearchQuery(rule, QueryLanguage.QUERY_DSL, indices, body(query));
    }

    /** The filters of a rule's queries but the time, in the query DSL: its own, and the one made of its list. */
    public static List<JsonNode> filters(Rule rule) {
        List<JsonNode> filters = new ArrayList<>();
        RuleFilters.all(rule).forEach(filters::add);
        return filters;
    }

    private static ObjectNode body(Query query) {
        if (query instanceof Query.Documents page) {
            return page(page);
        }
        if (query instanceof Query.FieldValues values) {
            return TermAggregations.body(values);
        }
        ObjectNode body = matching(query.rule(), query.window()).put("size", 0);
        if (query instanceof Query.Metrics metrics) {
            return body.put("track_total_hits", true).set("aggs", new MetricAggregation(metrics).aggregations());
        }
        Query.Counts counts = (Query.Counts) query;
        ArrayNode must = (ArrayNode) body.at("/query/bool/filter/bool/must");
        // a query in EQL or ES|QL cannot be a filter
        must.removeIf(filter -> filter.has("eql") || filter.has("esql"));
        counts.where()
                .forEach((field, value) -> must.addObject().putObject("term").set(field, JSON.valueToTree(value)));
        TermAggregations.add(body, counts);
        return body;
    }

    private static ObjectNode matching(Rule rule, Window window) {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("query")
                .putObject("bool")
                .putObject("filter")
                .putObject("bool")
                .set("must", must(rule, window));
        return body;
    }

    private static ArrayNode must(Rule rule, Window window) {
        return JSON.createArrayNode().add(RuleFilters.range(rule, window)).addAll(RuleFilters.all(rule));
    }

    private static ObjectNode page(Query.Documents query) {
        Rule rule = query.rule();
        ObjectNode body = matching(rule, query.window());
        ArrayNode sort = body.putArray("sort");
        sort.addObject().putObject(rule.timestampField()).put("order", "asc");
        // a second key, or documents of one instant would be lost between two pages
        sort.addObject().putObject("_seq_no").put("order", "asc");
        body.put("size", query.size()).put("track_total_hits", false);
        if (query.after() != null) {
            body.set("search_after", query.after());
        }
        if (query.late() != null) {
            body.set("post_filter", RuleFilters.range(rule, query.page()));
            TermAggregations.late(body.putObject("aggs"), rule, query.late());
        }
        return fetching(body, rule, query.fields() == null ? included(rule) : query.fields());
    }

    private static Collection<String> included(Rule rule) {
        return ((List<?>) rule.option("include")).stream().map(Python::str).toList();
    }

    private static ObjectNode fetching(ObjectNode body, Rule rule, Collection<String> fields) {
        if (!rule.flag("_source_enabled", true)) {
            body.set("stored_fields", JSON.valueToTree(fields));
        } else if (!fields.contains("*")) {
            body.set("_source", JSON.valueToTree(SourceFields.of(rule, fields)));
        }
        if (rule.option("include_fields") != null) {
            body.set("fields", JSON.valueToTree(rule.option("include_fields")));
        }
        return body;
    }

    private static ObjectNode documents(Query.ById query) {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("query").putObject("ids").set("values", JSON.valueToTree(query.ids()));
        // two indices may have documents of one id
        body.put(
                        "size",
                        Math.min(
                                LARGEST_PAGE,
                                query.ids().size() * query.indices().size()))
                .put("track_total_hits", false);
        return fetching(body, query.rule(), included(query.rule()));
    }

    /**
     * The rule's own query with its other filters beside it. Neither language has pages: both give the first. Without a
     * LIMIT ES|QL gives 1,000 rows and does not tell that there are more.
     */
    private static ObjectNode languagePage(Query.Documents query) {
        Rule rule = query.rule();
        QueryLanguage language = QueryLanguage.of(rule);
        boolean eql = language == QueryLanguage.EQL;
        ObjectNode body = JSON.createObjectNode();
        ArrayNode must = must(rule, query.window());
        must.removeIf(filter -> Python.truthy(JSON.convertValue(filter.get(eql ? "eql" : "esql"), Object.class)));
        body.putObject("filter").putObject("bool").set("must", must);
        return eql
                ? body.put("query", language.text(rule))
                        .put("size", query.size())
                        .put("result_position", "head")
                        .put("timestamp_field", rule.timestampField())
                // on a line of its own: the last one may end in a comment
                : body.put("query", language.text(rule) + "\n| LIMIT " + query.size());
    }
}
