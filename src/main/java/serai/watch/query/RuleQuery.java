package serai.watch.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import serai.watch.python.Python;
import serai.watch.rule.Rule;

/**
 * The requests of a rule for a range of time, {@code from} exclusive and {@code to} inclusive (spec/elastalert.md 1.3).
 * {@link #body()} is what ElastAlert sends; the others are what is asked here to learn the same with fewer bytes.
 */
public final class RuleQuery {

    /** A part of the range: from exclusive, to inclusive. */
    public record Range(Instant from, Instant to) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Rule rule;
    private final Instant from;
    private final Instant to;
    private final Instant bucketsFrom;
    private final RuleFilters filters;
    private final RuleFilters exact;

    public RuleQuery(Rule rule, Instant from, Instant to) {
        this(rule, from, to, null);
    }

    private RuleQuery(Rule rule, Instant from, Instant to, Instant bucketsFrom) {
        this.rule = rule;
        this.from = from;
        this.to = to;
        this.bucketsFrom = bucketsFrom;
        this.filters = new RuleFilters(rule, false);
        this.exact = new RuleFilters(rule, true);
    }

    /**
     * The same with its intervals counted from a moment, as ElastAlert counts them from the start of a run; without
     * effect where {@code bucket_interval} is not given, or {@code sync_bucket_interval} is true.
     */
    public RuleQuery bucketsFrom(Instant start) {
        return new RuleQuery(rule, from, to, start);
    }

    public Instant from() {
        return from;
    }

    public Instant to() {
        return to;
    }

    /** The indices to search: with {@code use_strftime_index} one name for each day (or hour, with %H) of the range. */
    public List<String> indices() {
        return IndexNames.of(rule, from, to);
    }

    /** EQL or ES|QL when a filter says so, which is then the question itself. */
    public Search.Kind kind() {
        if (rule.mode() != Rule.Mode.DOCUMENTS || !asksInALanguage()) {
            return Search.Kind.SEARCH;
        }
        return filters.language("eql") != null ? Search.Kind.EQL : Search.Kind.ESQL;
    }

    public boolean asksInALanguage() {
        return filters.language("eql") != null || filters.language("esql") != null;
    }

    /** A question with a body of this query. */
    public Search.Request request(ObjectNode body) {
        return new Search.Request(rule, kind(), indices(), body, from, to);
    }

    /** The body as ElastAlert sends it. */
    public ObjectNode body() {
        ObjectNode body = query(filters);
        switch (rule.mode()) {
            case DOCUMENTS -> {
                body.putArray("sort")
                        .addObject()
                        .putObject(rule.timestampField())
                        .put("order", "asc");
                if (!rule.flag("_source_enabled", true)) {
                    body.set("stored_fields", JSON.valueToTree(rule.option("include")));
                }
                includeFields(body);
            }
            case TERMS -> body.set("aggs", counts());
            case AGGREGATION -> body.set("aggs", new AggregationQuery(rule, bucketsFrom).aggregations());
            case COUNT -> {}
        }
        return body;
    }

    /** The body of EQL or ES|QL as ElastAlert sends it: the other filters beside the question. */
    ObjectNode rewritten() {
        boolean eql = kind() == Search.Kind.EQL;
        ObjectNode body = JSON.createObjectNode();
        ArrayNode must = body.putObject("filter").putObject("bool").putArray("must");
        for (JsonNode filter : filters.must(from, to)) {
            if (!Python.truthy(JSON.convertValue(filter.get(eql ? "eql" : "esql"), Object.class))) {
                must.add(filter);
            }
        }
        body.put("query", filters.language(eql ? "eql" : "esql"));
        if (eql) {
            body.put("size", rule.maxQuerySize());
        }
        return body;
    }

    private ObjectNode query() {
        return query(exact);
    }

    private ObjectNode query(RuleFilters of) {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("query")
                .putObject("bool")
                .putObject("filter")
                .putObject("bool")
                .set("must", of.must(from, to));
        return body;
    }

    /** A part of the time asked for, as a filter. */
    public ObjectNode range(Instant after, Instant until) {
        return exact.range(after, until);
    }

    private ObjectNode counts() {
        ObjectNode counts = JSON.createObjectNode();
        counts.putObject("counts")
                .putObject("terms")
                .put("field", rule.queryKey())
                .put("size", rule.whole("terms_size", 50))
                .put("min_doc_count", rule.whole("min_doc_count", 1));
        return counts;
    }

    private void includeFields(ObjectNode body) {
        if (rule.option("include_fields") != null) {
            body.set("fields", JSON.valueToTree(rule.option("include_fields")));
        }
    }

    /** The body for one page of whole documents, or for the one answer of the other modes. */
    public ObjectNode page(int size, JsonNode after) {
        return page(size, after, includes());
    }

    /**
     * The body for one page of documents with those of their fields that are named, or for the one answer of the other
     * modes.
     *
     * @param after {@link Search.Answer#last} of the page before, or null for the first
     * @param fields names as rules write them; a star among them is everything
     */
    public ObjectNode page(int size, JsonNode after, Collection<String> fields) {
        if (rule.mode() != Rule.Mode.DOCUMENTS) {
            ObjectNode body = body().put("size", 0).put("track_total_hits", rule.mode() != Rule.Mode.TERMS);
            return body.set("query", query().get("query"));
        }
        if (kind() != Search.Kind.SEARCH) {
            return languagePage(size);
        }
        ObjectNode body = query();
        ArrayNode sort = body.putArray("sort");
        sort.addObject().putObject(rule.timestampField()).put("order", "asc");
        // a second key, or documents of one instant would be lost between two pages
        sort.addObject().putObject("_seq_no").put("order", "asc");
        body.put("size", size).put("track_total_hits", false);
        if (after != null) {
            body.set("search_after", after);
        }
        return fetching(body, fields);
    }

    /**
     * Neither language can turn pages: both give the first. Of ES|QL without a LIMIT these would be 1000, and nothing
     * would say so.
     */
    private ObjectNode languagePage(int size) {
        ObjectNode body = rewritten();
        if (kind() == Search.Kind.EQL) {
            body.put("size", size).put("result_position", "head").put("timestamp_field", rule.timestampField());
        } else {
            // on a line of its own: the last one may end in a comment
            body.put("query", body.get("query").asText() + "\n| LIMIT " + size);
        }
        return body;
    }

    private Collection<String> includes() {
        return ((List<?>) rule.option("include")).stream().map(Python::str).toList();
    }

    private ObjectNode fetching(ObjectNode body, Collection<String> fields) {
        if (!rule.flag("_source_enabled", true)) {
            body.set("stored_fields", JSON.valueToTree(fields));
        } else if (!fields.contains("*")) {
            body.set("_source", JSON.valueToTree(SourceFields.of(rule, fields)));
        }
        includeFields(body);
        return body;
    }

    /** How many documents the query finds, and none of them: {@link Search.Answer#total}. */
    public ObjectNode count() {
        return query().put("size", 0).put("track_total_hits", true);
    }

    /**
     * The counts of parts of the range, in one answer: {@code aggregations.ranges.buckets} in the order given, each
     * with its {@code doc_count}; with a terms query each with {@code counts} as that query answers.
     */
    public ObjectNode counts(List<Range> ranges) {
        ObjectNode body = query().put("size", 0).put("track_total_hits", false);
        ObjectNode buckets = body.putObject("aggs").putObject("ranges");
        ArrayNode parts = buckets.putObject("filters").putArray("filters");
        ranges.forEach(part -> parts.add(range(part.from(), part.to())));
        if (rule.mode() == Rule.Mode.TERMS) {
            buckets.set("aggs", counts());
        }
        return body;
    }

    /** Whole documents by their ids, in the same indices: for matches that will be told. */
    public ObjectNode documents(Collection<String> ids) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("query").putObject("ids").set("values", JSON.valueToTree(new ArrayList<>(ids)));
        return fetching(body.put("size", Math.min(10_000, ids.size())).put("track_total_hits", false), includes());
    }
}
