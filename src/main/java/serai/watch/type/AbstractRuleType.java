package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.watch.rule.Rule;
import serai.watch.rule.Timestamps;

/** What most rule types have in common: the matches are collected until the run takes them. */
abstract class AbstractRuleType implements RuleType {

    final Rule rule;
    private List<Map<String, Object>> matches = new ArrayList<>();

    AbstractRuleType(Rule rule) {
        this.rule = rule;
    }

    /** Adds a copy of a match: an event may match twice, and its fields must not be changed. */
    final void matched(Map<String, Object> match) {
        matches.add(new LinkedHashMap<>(match));
    }

    /** The fields of a match that only has a time; a new map. */
    final Map<String, Object> fields(Instant time) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(rule.timestampField(), Timestamps.write(time));
        return fields;
    }

    @Override
    public final List<Map<String, Object>> takeMatches() {
        List<Map<String, Object>> taken = matches;
        matches = new ArrayList<>();
        return taken;
    }

    @Override
    public String matchText(Map<String, Object> match) {
        return "";
    }

    @Override
    public JsonNode state() {
        return JsonNodeFactory.instance.objectNode();
    }
}
