package serai.watch.type;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import serai.watch.rule.Event;

/** Every document is a match. */
public final class AnyType implements RuleType {

    private List<Map<String, Object>> matches = new ArrayList<>();

    @Override
    public void addDocuments(List<Event> events) {
        events.forEach(event -> matches.add(event.fields()));
    }

    @Override
    public List<Map<String, Object>> takeMatches() {
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
