package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import serai.watch.python.EqualityKey;
import serai.watch.rule.Document;
import serai.watch.rule.Event;
import serai.watch.rule.Rule;

/**
 * A rule of a lower severity: it also looks for what those above it look for, and where one of them matches it says
 * nothing about the same key, then and for that one's {@code realert}. It so needs no word from the other rule,
 * whichever of the two runs first.
 */
final class LowerSeverityType implements RuleType {

    private final Rule rule;
    private final RuleType own;
    private final Map<Rule, RuleType> above = new LinkedHashMap<>();
    /** Until when a key is covered by a higher severity, by event time. */
    private final Map<String, Instant> covered = new HashMap<>();

    /** @param open opens the type of a rule by its own options alone */
    LowerSeverityType(Rule rule, JsonNode state, BiFunction<Rule, JsonNode, RuleType> open) {
        this.rule = rule;
        this.own = open.apply(rule, state.path("own"));
        for (Rule higher : rule.higherSeverities()) {
            above.put(higher, open.apply(higher, state.path("above").path(higher.name())));
        }
        state.path("covered")
                .properties()
                .forEach(e -> covered.put(e.getKey(), Instant.parse(e.getValue().asText())));
    }

    private void each(Consumer<RuleType> feed) {
        feed.accept(own);
        above.values().forEach(feed);
    }

    @Override
    public void addDocuments(List<Event> events) {
        each(type -> type.addDocuments(events));
    }

    @Override
    public void addCount(Instant end, long count) {
        each(type -> type.addCount(end, count));
    }

    @Override
    public void addTerms(Instant end, Map<Object, Long> buckets) {
        each(type -> type.addTerms(end, buckets));
    }

    @Override
    public void addAggregations(Instant end, JsonNode aggregations) {
        each(type -> type.addAggregations(end, aggregations));
        // what is measured has its garbage collected between two pieces of time only
        uncover(end);
    }

    @Override
    public Set<String> fields() {
        Set<String> fields = new TreeSet<>();
        each(type -> fields.addAll(type.fields()));
        return fields;
    }

    /** All severities ask the same. */
    @Override
    public List<Baseline> baseline(Instant now) {
        return own.baseline(now);
    }

    @Override
    public void takeBaseline(Baseline question, JsonNode aggregations) {
        each(type -> type.takeBaseline(question, aggregations));
    }

    @Override
    public void endBaseline() {
        each(RuleType::endBaseline);
    }

    @Override
    public void collectGarbage(Instant end) {
        each(type -> type.collectGarbage(end));
        uncover(end);
    }

    private void uncover(Instant end) {
        covered.values().removeIf(until -> until.isBefore(end.minus(rule.bufferTime())));
    }

    @Override
    public List<Map<String, Object>> takeMatches() {
        above.forEach((higher, type) -> {
            for (Map<String, Object> match : type.takeMatches()) {
                covered.merge(key(match), higher.timeOf(match).plus(higher.realert()), (a, b) -> a.isAfter(b) ? a : b);
            }
        });
        List<Map<String, Object>> mine = new ArrayList<>(own.takeMatches());
        mine.removeIf(
                match -> covered.containsKey(key(match)) && !rule.timeOf(match).isAfter(covered.get(key(match))));
        return mine;
    }

    private String key(Map<String, Object> match) {
        Object value = rule.type().equals("flatline") && match.get("key") != null
                ? match.get("key")
                : rule.queryKey() == null ? null : Document.lookup(match, rule.queryKey());
        return EqualityKey.of(value);
    }

    @Override
    public String matchText(Map<String, Object> match) {
        return own.matchText(match);
    }

    @Override
    public JsonNode state() {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        state.set("own", own.state());
        ObjectNode higher = state.putObject("above");
        above.forEach((one, type) -> higher.set(one.name(), type.state()));
        ObjectNode until = state.putObject("covered");
        covered.forEach((key, time) -> until.put(key, time.toString()));
        return state;
    }
}
