package serai.watch.type;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.watch.python.Python;
import serai.watch.rule.Event;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * change: a field differs from its value in the previous event of the same key. Each rule has its own values; in
 * ElastAlert all change rules share them, and one can disable another.
 */
final class ChangeType extends AbstractRuleType {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<ArrayList<Object>> VALUES = new TypeReference<>() {};

    /** The time of the last event of a key in microseconds, and its values. */
    private record Last(long micros, List<Object> values) {}

    private final List<String> fields;
    private final boolean ignoreNull;
    private final Duration timeframe;
    private final KeyMap<Last> known;

    ChangeType(Rule rule, JsonNode state) {
        super(rule);
        this.fields = TypeOptions.of(rule).names("compare_key");
        this.ignoreNull = rule.flag("ignore_null", false);
        this.timeframe = rule.timeframe();
        this.known = new KeyMap<>(rule.name(), KeyMap.MOST, Last::micros);
        state.path("keys")
                .properties()
                .forEach(e -> known.put(
                        e.getKey(),
                        new Last(
                                e.getValue().get(0).longValue(),
                                JSON.convertValue(e.getValue().get(1), VALUES))));
    }

    static void check(TypeOptions options) throws RuleException {
        options.requiredNames("compare_key", "is required: the field that should not change, or a list of fields");
        options.requiredNames("query_key", "is required: the field that identifies whose value it is");
        options.requiredFlag(
                "ignore_null",
                "must be set: true to skip documents in which the field is empty, false to compare them");
        options.anyTime("timeframe");
    }

    @Override
    public void addDocuments(List<Event> events) {
        events.forEach(this::add);
        known.bound();
    }

    private void add(Event event) {
        List<Object> values = new ArrayList<>();
        fields.forEach(field -> values.add(event.field(field)));
        if (ignoreNull && values.stream().anyMatch(value -> !(value instanceof Boolean) && !Python.truthy(value))) {
            return;
        }
        String key = KeyMap.key(true, event.field(rule.queryKey()));
        Last last = known.get(key);
        long now = Micros.of(event.time());
        known.put(key, new Last(now, values));
        if (last != null
                && !Python.equal(last.values, values)
                && (timeframe == null
                        || event.time().compareTo(Micros.toInstant(last.micros).plus(timeframe)) <= 0)) {
            Map<String, Object> match = new LinkedHashMap<>(event.fields());
            match.put("old_value", last.values);
            match.put("new_value", values);
            matched(match);
        }
    }

    @Override
    public Set<String> fields() {
        return Set.copyOf(fields);
    }

    @Override
    public JsonNode state() {
        var keys = JsonNodeFactory.instance.objectNode();
        for (String key : known.keys()) {
            ArrayNode last = keys.putArray(key).add(known.get(key).micros);
            last.add(JSON.<JsonNode>valueToTree(known.get(key).values));
        }
        return JsonNodeFactory.instance.objectNode().set("keys", keys);
    }
}
