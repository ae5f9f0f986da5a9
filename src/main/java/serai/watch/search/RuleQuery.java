package serai.watch.search;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import serai.watch.rule.Rule;
import serai.watch.rule.Strftime;

/** The requests of a rule for a range of time, {@code from} exclusive and {@code to} inclusive (spec/elastalert.md 1.3). */
public final class RuleQuery {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_INDICES = 1_000;

    private final Rule rule;
    private final Instant from;
    private final Instant to;

    public RuleQuery(Rule rule, Instant from, Instant to) {
        this.rule = rule;
        this.from = from;
        this.to = to;
    }

    public Instant from() {
        return from;
    }

    public Instant to() {
        return to;
    }

    /** The indices to search: with {@code use_strftime_index} one name for each day (or hour, with %H) of the range. */
    public List<String> indices() {
        return rule.flag("use_strftime_index", false)
                ? indices(rule.index(), from, to, rule.flag("search_extra_index", false)) : List.of(rule.index());
    }

    public static List<String> indices(String pattern, Instant from, Instant to, boolean oneBefore) {
        ChronoUnit step = Strftime.step(pattern);
        ZonedDateTime time = from.atZone(ZoneOffset.UTC).truncatedTo(step).minus(oneBefore ? 1 : 0, step);
        Set<String> names = new LinkedHashSet<>();
        for (; !time.toInstant().isAfter(to); time = time.plus(1, step)) {
            names.add(Strftime.format(time, pattern));
            if (names.size() > MOST_INDICES) {
                return List.of(anyTime(pattern));
            }
        }
        return List.copyOf(names);
    }

    /** The pattern with a star for its part that depends on time. */
    public static String anyTime(String pattern) {
        int start = pattern.indexOf('%');
        return start < 0 ? pattern : pattern.substring(0, start) + "*"
                + pattern.substring(Math.min(pattern.length(), pattern.lastIndexOf('%') + 2));
    }

    /** The body as ElastAlert sends it. */
    public ObjectNode body() {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode must = body.putObject("query").putObject("bool").putObject("filter").putObject("bool").putArray("must");
        ObjectNode range = must.addObject().putObject("range").putObject(rule.timestampField());
        range.set("gt", JSON.valueToTree(rule.timestampType().bound(from)));
        range.set("lte", JSON.valueToTree(rule.timestampType().bound(to)));
        for (Object filter : rule.filters()) {
            JsonNode query = JSON.valueToTree(filter);
            must.add(query.has("query") ? query.get("query") : query);
        }
        if (rule.mode() == Rule.Mode.DOCUMENTS) {
            body.putArray("sort").addObject().putObject(rule.timestampField()).put("order", "asc");
            fields(body);
        } else if (rule.mode() == Rule.Mode.TERMS) {
            body.putObject("aggs").putObject("counts").putObject("terms").put("field", rule.queryKey())
                    .put("size", rule.whole("terms_size", 50)).put("min_doc_count", rule.whole("min_doc_count", 1));
        }
        return body;
    }

    private void fields(ObjectNode body) {
        if (!rule.flag("_source_enabled", true)) {
            body.set("stored_fields", JSON.valueToTree(rule.option("include")));
        }
        if (rule.option("include_fields") != null) {
            body.set("fields", JSON.valueToTree(rule.option("include_fields")));
        }
    }

    /** The body for one page of documents, or for the one answer of the other modes. */
    public ObjectNode page(int size, JsonNode after) {
        ObjectNode body = body();
        if (rule.mode() != Rule.Mode.DOCUMENTS) {
            return body.put("size", 0).put("track_total_hits", rule.mode() == Rule.Mode.COUNT);
        }
        // a second key, or documents of one instant would be lost between two pages
        ((ArrayNode) body.get("sort")).addObject().putObject("_seq_no").put("order", "asc");
        body.put("size", size).put("track_total_hits", false);
        if (after != null) {
            body.set("search_after", after);
        }
        List<?> include = (List<?>) rule.option("include");
        if (!include.contains("*") && rule.flag("_source_enabled", true)) {
            body.set("_source", JSON.valueToTree(include));
        }
        return body;
    }
}
