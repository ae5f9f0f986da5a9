package serai.watch.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import serai.watch.python.Python;
import serai.watch.rule.Rule;
import serai.watch.rule.TimestampType;

/**
 * What the documents of a rule have in common: a range of time, the rule's filters and its list (spec/elastalert.md
 * 1.3).
 */
final class RuleFilters {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Pattern WHOLE_SECOND = Pattern.compile("(T\\d\\d:\\d\\d:\\d\\d)(?=Z|[+-]|$)");

    private final Rule rule;
    private final boolean exact;

    /**
     * @param exact whether times are written to the millisecond: Elasticsearch takes a second without them for all of
     *     that second
     */
    RuleFilters(Rule rule, boolean exact) {
        this.rule = rule;
        this.exact = exact;
    }

    /** All of them, in ElastAlert's order; of an entry {@code query}, the old way to write one, its content. */
    ArrayNode must(Instant after, Instant until) {
        ArrayNode must = JSON.createArrayNode();
        must.add(range(after, until));
        for (Object filter : rule.filters()) {
            JsonNode query = JSON.valueToTree(filter);
            Object wrapped = filter instanceof Map<?, ?> map ? map.get("query") : null;
            must.add(Python.truthy(wrapped) ? query.get("query") : query);
        }
        ObjectNode list = list();
        if (list != null) {
            must.add(list);
        }
        return must;
    }

    /** A time, from exclusive, to inclusive. */
    ObjectNode range(Instant after, Instant until) {
        ObjectNode range = JSON.createObjectNode();
        ObjectNode bounds = range.putObject("range").putObject(rule.timestampField());
        bounds.set("gt", bound(after));
        bounds.set("lte", bound(until));
        return range;
    }

    private JsonNode bound(Instant time) {
        if (!(rule.queryBound(time) instanceof String text)) {
            return JSON.valueToTree(rule.queryBound(time));
        }
        boolean iso = rule.timestampType() == TimestampType.ISO;
        return TextNode.valueOf(exact && iso ? WHOLE_SECOND.matcher(text).replaceFirst("$1.000") : text);
    }

    private ObjectNode list() {
        String option = rule.option("blacklist") != null ? "blacklist" : "whitelist";
        if (!rule.flag("filter_by_list", true)
                || !(rule.option(option) instanceof Collection<?> list)
                || list.isEmpty()
                || rule.option("compare_key") == null) {
            return null;
        }
        return ListFilter.of(compareKey(), list.stream().map(Python::str).toList(), option.equals("whitelist"));
    }

    private String compareKey() {
        return rule.option("compare_key") instanceof List<?> parts
                ? String.join(",", parts.stream().map(Python::str).toList())
                : Python.str(rule.option("compare_key"));
    }

    /**
     * The question in a language of its own, {@code eql} or {@code esql}, that a filter holds, or null; of several the
     * last.
     */
    String language(String name) {
        String text = null;
        for (Object filter : rule.filters()) {
            if (filter instanceof Map<?, ?> map && Python.truthy(map.get(name))) {
                text = Python.str(map.get(name));
            }
        }
        return text;
    }
}
