package serai.watch.type;

import java.util.Set;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * A value that Elasticsearch computes of a field.
 *
 * @param key the field ({@code metric_agg_key})
 * @param kind the aggregation ({@code metric_agg_type}), such as avg
 */
record Metric(String key, String kind) {

    private static final Set<String> KINDS =
            Set.of("min", "max", "avg", "sum", "cardinality", "value_count", "percentiles");

    static Metric of(Rule rule) {
        return new Metric(
                String.valueOf(rule.option("metric_agg_key")), String.valueOf(rule.option("metric_agg_type")));
    }

    static void check(TypeOptions options) throws RuleException {
        options.requiredText("metric_agg_key", "is required: the field to measure");
        options.whole("min_doc_count");
        String kind = options.requiredOneOf("metric_agg_type", KINDS);
        if (kind.equals("percentiles")) {
            if (!options.has("percentile_range")) {
                throw options.missing("percentile_range", "is required for percentiles: a whole number such as 95");
            }
            options.requiredWhole("percentile_range");
            int range = options.number("percentile_range", 0).intValue();
            if (range < 0 || range > 100) {
                throw options.refused("percentile_range", "must be 0 to 100");
            }
        }
    }

    /** Its name in the answer and in matches. */
    String name() {
        return "metric_" + key + "_" + kind;
    }
}
