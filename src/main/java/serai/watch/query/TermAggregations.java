package serai.watch.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.watch.query.Search.Bucket;
import serai.watch.query.Search.Count;
import serai.watch.rule.Rule;

/** The aggregations that count documents and find values of fields, and what their responses hold. */
final class TermAggregations {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TERMS = "counts";
    private static final String LATE = "late";
    private static final String INTERVALS = "ranges";
    private static final String VALUES = "values";
    private static final String KEYWORD = ".keyword";

    private TermAggregations() {}

    static ObjectNode terms(Query.Terms terms) {
        return JSON.createObjectNode()
                .put("field", terms.field())
                .put("size", terms.size())
                .put("min_doc_count", terms.minDocuments());
    }

    /** The documents of the time before, as one number. */
    static void late(ObjectNode aggregations, Rule rule, Window late) {
        aggregations.putObject(LATE).set("filter", RuleFilters.range(rule, late));
    }

    static long late(JsonNode aggregations) {
        return aggregations.path(LATE).path("doc_count").asLong();
    }

    /** Counts what a query for its whole window finds: of one interval as ElastAlert counts it, of several each. */
    static void add(ObjectNode body, Query.Counts query) {
        if (isWhole(query)) {
            body.put("track_total_hits", true);
            if (query.terms() != null) {
                body.putObject("aggs").putObject(TERMS).set("terms", terms(query.terms()));
            }
            return;
        }
        ObjectNode aggregations = body.put("track_total_hits", false).putObject("aggs");
        ObjectNode intervals = aggregations.putObject(INTERVALS);
        ArrayNode filters = intervals.putObject("filters").putArray("filters");
        query.intervals().forEach(interval -> filters.add(RuleFilters.range(query.rule(), interval)));
        if (query.terms() != null) {
            intervals.putObject("aggs").putObject(TERMS).set("terms", terms(query.terms()));
        }
        if (query.late() != null) {
            late(aggregations, query.rule(), query.late());
        }
    }

    private static boolean isWhole(Query.Counts query) {
        return query.late() == null && query.intervals().size() == 1;
    }

    static List<Count> counts(Query.Counts query, long total, JsonNode aggregations) {
        if (isWhole(query)) {
            return List.of(new Count(total, counted(aggregations)));
        }
        List<Count> counts = new ArrayList<>();
        JsonNode buckets = aggregations.path(INTERVALS).path("buckets");
        // where no index is there, there are no buckets either
        for (int i = 0; i < query.intervals().size(); i++) {
            counts.add(new Count(buckets.path(i).path("doc_count").asLong(), counted(buckets.path(i))));
        }
        return counts;
    }

    private static Map<Object, Long> counted(JsonNode bucket) {
        Map<Object, Long> terms = new LinkedHashMap<>();
        for (JsonNode term : bucket.path(TERMS).path("buckets")) {
            terms.put(key(term), term.path("doc_count").asLong());
        }
        return terms;
    }

    /** The key of a term; of a boolean, which has a number for its key, the boolean that documents hold. */
    private static Object key(JsonNode bucket) {
        String text = bucket.path("key_as_string").asText();
        boolean flag = bucket.path("key").isNumber() && (text.equals("true") || text.equals("false"));
        return flag ? (Object) Boolean.valueOf(text) : scalar(bucket.path("key"));
    }

    static Object scalar(JsonNode key) {
        return key.isNumber()
                ? key.numberValue()
                : key.isBoolean() ? (Object) key.booleanValue() : key.isNull() ? null : key.asText();
    }

    /**
     * The whole body for the values of a field: all at once as ElastAlert asks for them, or page by page, since a
     * server refuses to give more buckets than its setting {@code search.max_buckets} at once.
     */
    static ObjectNode body(Query.FieldValues query) {
        ObjectNode body = JSON.createObjectNode().put("size", 0);
        if (query.size() == 0) {
            ObjectNode level = body.putObject("aggs").putObject("filtered");
            level.set("filter", filter(query));
            for (String field : query.fields()) {
                level = level.putObject("aggs").putObject(VALUES);
                level.putObject("terms").put("field", keyword(query, field)).put("size", Integer.MAX_VALUE);
            }
            return body;
        }
        body.put("track_total_hits", false).set("query", filter(query));
        ObjectNode composite = body.putObject("aggs").putObject(VALUES).putObject("composite");
        composite.put("size", query.size());
        ArrayNode parts = composite.putArray("sources");
        for (String field : query.fields()) {
            parts.addObject()
                    .putObject("part" + (parts.size() - 1))
                    .putObject("terms")
                    .put("field", keyword(query, field));
        }
        if (query.after() != null) {
            composite.set("after", query.after());
        }
        return body;
    }

    /** The time with its beginning and without its end, and the rule's own filters without its list. */
    private static ObjectNode filter(Query.FieldValues query) {
        Rule rule = query.rule();
        ObjectNode filter = JsonNodeFactory.instance.objectNode();
        ArrayNode must = filter.putObject("bool").putArray("must");
        ObjectNode range = must.addObject().putObject("range").putObject(rule.timestampField());
        range.set("gte", JSON.valueToTree(rule.queryBound(query.window().from())));
        range.set("lt", JSON.valueToTree(rule.queryBound(query.window().to())));
        must.addAll(RuleFilters.own(rule));
        return filter;
    }

    private static String keyword(Query.FieldValues query, String field) {
        boolean postfix = query.rule().flag("use_keyword_postfix", true);
        return !postfix || field.endsWith(KEYWORD) ? field : field + KEYWORD;
    }

    static Search.Answer values(Query.FieldValues query, JsonNode aggregations) {
        List<Bucket> values = new ArrayList<>();
        JsonNode page = aggregations.path(VALUES);
        collect(List.of(), query.size() == 0 ? aggregations.at("/filtered/" + VALUES) : page, values);
        boolean full = query.size() > 0 && page.has("after_key") && values.size() >= query.size();
        return Search.Answer.values(values, full ? page.get("after_key") : null);
    }

    /** The innermost values, each with those around it; a page has all parts of a value in one key. */
    private static void collect(List<Object> outer, JsonNode level, List<Bucket> values) {
        for (JsonNode bucket : level.path("buckets")) {
            List<Object> keys = new ArrayList<>(outer);
            if (bucket.path("key").isObject()) {
                bucket.get("key").forEach(part -> keys.add(scalar(part)));
            } else {
                keys.add(key(bucket));
            }
            if (bucket.has(VALUES)) {
                collect(keys, bucket.get(VALUES), values);
            } else {
                values.add(new Bucket(keys, null, bucket.path("doc_count").asLong(), null));
            }
        }
    }
}
