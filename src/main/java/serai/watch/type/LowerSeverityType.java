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
import serai.watch.query.Query;
import serai.watch.query.Search;
import serai.watch.rule.Document;
import serai.watch.rule.Event;
import serai.watch.rule.Rule;

/**
 * A rule of a lower severity. It also runs the types of the higher severities, and drops its own matches for a key that
 * matches a higher one, then and during that rule's {@code realert}. So the rules need not wait for each other.
 */
final class LowerSeverityType implements RuleType {

    private final Rule rule;
    private final RuleType own;
    private final Map<Rule, RuleType> higher = new LinkedHashMap<>();
    /** The event time until which a key is covered by a higher severity. */
    private final Map<String, Instant> covered = new HashMap<>();

    /**
     * @param state as {@link #state} returned it; empty for a new rule
     * @param open opens the type of a rule without its severities
     */
    LowerSeverityType(Rule rule, JsonNode state, BiFunction<Rule, JsonNode, RuleType> open) {
        this.rule = rule;
        this.own = open.apply(rule, state.path("own"));
        for (Rule severity : rule.higherSeverities()) {
            higher.put(severity, open.apply(severity, state.path("above").path(severity.name())));
        }
        state.path("covered")
                .properties()
                .forEach(e -> covered.put(e.getKey(), Instant.parse(e.getValue().asText())));
    }

    private void each(Consumer<RuleType> feed) {
        feed.accept(own);
        higher.values().forEach(feed);
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
    public void addBuckets(Instant end, List<Search.Bucket> buckets) {
        each(type -> type.addBuckets(end, buckets));
        // for aggregations garbage is collected between two time ranges only
        uncover(end);
    }

    @Override
    public Set<String> fields() {
        Set<String> fields = new TreeSet<>();
        each(type -> fields.addAll(type.fields()));
        return fields;
    }

    /** The same for all severities. */
    @Override
    public List<Query.FieldValues> baseline(Instant now) {
        return own.baseline(now);
    }

    @Override
    public void takeBaseline(Query.FieldValues query, List<Search.Bucket> values) {
        each(type -> type.takeBaseline(query, values));
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
        higher.forEach((severity, type) -> {
            for (Map<String, Object> match : type.takeMatches()) {
                Instant until = severity.timeOf(match).plus(severity.realert());
                covered.merge(key(match), until, (a, b) -> a.isAfter(b) ? a : b);
            }
        });
        List<Map<String, Object>> matches = new ArrayList<>(own.takeMatches());
        matches.removeIf(
                match -> covered.containsKey(key(match)) && !rule.timeOf(match).isAfter(covered.get(key(match))));
        return matches;
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
        ObjectNode states = state.putObject("above");
        higher.forEach((severity, type) -> states.set(severity.name(), type.state()));
        ObjectNode times = state.putObject("covered");
        covered.forEach((key, until) -> times.put(key, until.toString()));
        return state;
    }
}
