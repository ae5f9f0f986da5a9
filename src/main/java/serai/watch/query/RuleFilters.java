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

/** The filters of a rule's queries in the query DSL, in ElastAlert's order: time, the rule's own, its list. */
final class RuleFilters {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Pattern WHOLE_SECOND = Pattern.compile("(T\\d\\d:\\d\\d:\\d\\d)(?=Z|[+-]|$)");

    private RuleFilters() {}

    /** A range of time. */
    static ObjectNode range(Rule rule, Window window) {
        ObjectNode range = JSON.createObjectNode();
        ObjectNode bounds = range.putObject("range").putObject(rule.timestampField());
        bounds.set("gt", bound(rule, window.from()));
        bounds.set("lte", bound(rule, window.to()));
        return range;
    }

    /** Text always has milliseconds: Elasticsearch takes a second without them for all of that second. */
    private static JsonNode bound(Rule rule, Instant time) {
        Object bound = rule.queryBound(time);
        return bound instanceof String text && rule.timestampType() == TimestampType.ISO
                ? TextNode.valueOf(WHOLE_SECOND.matcher(text).replaceFirst("$1.000"))
                : JSON.valueToTree(bound);
    }

    /** The rule's own filters; of an entry {@code query}, the old way to write one, its content. */
    static ArrayNode own(Rule rule) {
        ArrayNode filters = JSON.createArrayNode();
        for (Object filter : rule.filters()) {
            Object wrapped = filter instanceof Map<?, ?> map ? map.get("query") : null;
            filters.add(JSON.<JsonNode>valueToTree(Python.truthy(wrapped) ? wrapped : filter));
        }
        return filters;
    }

    /** The rule's own filters, and the one that its {@code blacklist} or {@code whitelist} makes. */
    static ArrayNode all(Rule rule) {
        ArrayNode filters = own(rule);
        String option = rule.option("blacklist") != null ? "blacklist" : "whitelist";
        if (rule.flag("filter_by_list", true)
                && rule.option(option) instanceof Collection<?> list
                && !list.isEmpty()
                && rule.option("compare_key") != null) {
            filters.add(ListFilter.of(
                    compareKey(rule), list.stream().map(Python::str).toList(), option.equals("whitelist")));
        }
        return filters;
    }

    private static String compareKey(Rule rule) {
        return rule.option("compare_key") instanceof List<?> parts
                ? String.join(",", parts.stream().map(Python::str).toList())
                : Python.str(rule.option("compare_key"));
    }
}
