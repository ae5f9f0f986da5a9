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

    /** The terms of a field, the most frequent first. */
    static ObjectNode terms(Query query, String field, int size) {
        return JSON.createObjectNode().put("field", field).put("size", size).put("min_doc_count", query.minDocCount());
    }

    /** The documents of the time before, as one number. */
    static void late(ObjectNode aggregations, Rule rule, Window late) {
        if (late != null) {
            aggregations.putObject(LATE).set("filter", RuleFilters.range(rule, late));
        }
    }

    static long late(JsonNode aggregations) {
        return aggregations.path(LATE).path("doc_count").asLong();
    }

    static ObjectNode of(Query.IntervalCounts query) {
        Rule rule = query.rule();
        ObjectNode aggregations = JSON.createObjectNode();
        ObjectNode intervals = aggregations.putObject(INTERVALS);
        ArrayNode filters = intervals.putObject("filters").putArray("filters");
        query.intervals().forEach(interval -> filters.add(RuleFilters.range(rule, interval)));
        if (rule.mode() == Rule.Mode.TERMS) {
            intervals.putObject("aggs").putObject(TERMS).set("terms", terms(query, rule.queryKey(), query.termsSize()));
        }
        late(aggregations, rule, query.late());
        return aggregations;
    }

    static List<Count> counts(Query.IntervalCounts query, JsonNode aggregations) {
        List<Count> counts = new ArrayList<>();
        for (int i = 0; i < query.intervals().size(); i++) {
            counts.add(count(aggregations.at("/" + INTERVALS + "/buckets").path(i)));
        }
        return counts;
    }

    static ObjectNode of(Query.TopTerms query) {
        ObjectNode aggregations = JSON.createObjectNode();
        aggregations
                .putObject(TERMS)
                .set("terms", terms(query, query.field(), query.size()).put("min_doc_count", 1));
        return aggregations;
    }

    /** The count of a bucket, or of a whole response, with its terms. */
    static Count count(JsonNode bucket) {
        Map<Object, Long> terms = new LinkedHashMap<>();
        for (JsonNode term : bucket.path(TERMS).path("buckets")) {
            terms.put(term(term), term.path("doc_count").asLong());
        }
        return new Count(bucket.path("doc_count").asLong(), terms);
    }

    /** The key of a term; of a boolean, which has a number for its key, the boolean that documents hold. */
    private static Object term(JsonNode bucket) {
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
                keys.add(term(bucket));
            }
            if (bucket.has(VALUES)) {
                collect(keys, bucket.get(VALUES), values);
            } else {
                values.add(new Bucket(keys, null, bucket.path("doc_count").asLong(), null));
            }
        }
    }
}
