package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/** The rule types by name: the checks of their options, the answers that they take, and how they are opened. */
public final class RuleTypes {

    private static final Set<Rule.Mode> DOCUMENTS = EnumSet.of(Rule.Mode.DOCUMENTS);
    private static final Set<Rule.Mode> COUNTING = EnumSet.of(Rule.Mode.DOCUMENTS, Rule.Mode.COUNT, Rule.Mode.TERMS);
    private static final Set<Rule.Mode> LISTING = EnumSet.of(Rule.Mode.DOCUMENTS, Rule.Mode.TERMS);
    private static final Set<Rule.Mode> AGGREGATIONS = EnumSet.of(Rule.Mode.AGGREGATION);

    private static final Map<String, Definition> TYPES = Map.ofEntries(
            Map.entry("any", new Definition(DOCUMENTS, options -> {}, (rule, state) -> new AnyType(rule))),
            Map.entry("blacklist", new Definition(DOCUMENTS, ListType::check, (rule, state) -> new ListType(rule))),
            Map.entry("whitelist", new Definition(DOCUMENTS, ListType::check, (rule, state) -> new ListType(rule))),
            Map.entry("change", new Definition(DOCUMENTS, ChangeType::check, ChangeType::new)),
            Map.entry("frequency", new Definition(COUNTING, FrequencyType::check, FrequencyType::new)),
            Map.entry("flatline", new Definition(COUNTING, FlatlineType::check, FlatlineType::new)),
            Map.entry("spike", new Definition(COUNTING, SpikeType::check, SpikeType::new)),
            Map.entry("cardinality", new Definition(DOCUMENTS, CardinalityType::check, CardinalityType::new)),
            Map.entry("new_term", new Definition(LISTING, NewTermType::check, NewTermType::new)),
            Map.entry(
                    "metric_aggregation",
                    new Definition(AGGREGATIONS, MetricType::check, (rule, state) -> new MetricType(rule))),
            Map.entry(
                    "spike_aggregation",
                    new Definition(AGGREGATIONS, SpikeAggregationType::check, SpikeAggregationType::new)),
            Map.entry(
                    "percentage_match",
                    new Definition(AGGREGATIONS, PercentageType::check, (rule, state) -> new PercentageType(rule))));

    private RuleTypes() {}

    @FunctionalInterface
    private interface Check {
        void check(TypeOptions options) throws RuleException;
    }

    @FunctionalInterface
    private interface Opening {
        RuleType open(Rule rule, JsonNode state);
    }

    private record Definition(Set<Rule.Mode> modes, Check check, Opening opening) {}

    /**
     * Checks the type of a rule and its options.
     *
     * @throws RuleException when there is no such type, or one of its options is missing or wrong
     */
    public static void check(Rule rule) throws RuleException {
        TypeOptions options = TypeOptions.of(rule);
        Definition type = TYPES.get(rule.type());
        if (type == null) {
            throw options.refused(
                    "type",
                    "'" + rule.type()
                            + (rule.type().contains(".")
                                    ? "' names a Python class, which cannot run here"
                                    : "' is not a rule type")
                            + "; the types are "
                            + String.join(", ", TYPES.keySet().stream().sorted().toList()));
        }
        if (!type.modes.contains(rule.mode())) {
            throw options.refused(
                    rule.mode() == Rule.Mode.COUNT ? "use_count_query" : "use_terms_query",
                    "the type " + rule.type() + " needs documents; remove it");
        }
        type.check.check(options);
    }

    /** As {@link RuleType#open}. */
    static RuleType open(Rule rule, JsonNode state) {
        return rule.higherSeverities().isEmpty()
                ? single(rule, state)
                : new LowerSeverityType(rule, state, RuleTypes::single);
    }

    private static RuleType single(Rule rule, JsonNode state) {
        Definition type = TYPES.get(rule.type());
        if (type == null) {
            throw new IllegalArgumentException("no rule type " + rule.type());
        }
        return type.opening.open(rule, state);
    }
}
