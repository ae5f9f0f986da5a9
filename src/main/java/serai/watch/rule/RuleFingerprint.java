package serai.watch.rule;

import java.util.List;
import java.util.stream.Collectors;

/** A text that changes with the options on which the remembered values of a rule depend. */
final class RuleFingerprint {

    private static final List<String> OPTIONS = List.of(
            "index",
            "filter",
            "compare_key",
            "cardinality_field",
            "fields",
            "field_value",
            "metric_agg_key",
            "metric_agg_type",
            "metric_agg_script",
            "percentile_range",
            "reference_offset");

    private RuleFingerprint() {}

    /** Fingerprints are stored with the values, so that another format would make all rules forget. */
    static String of(Rule rule) {
        String options = OPTIONS.stream().map(rule::option).map(String::valueOf).collect(Collectors.joining("|"))
                + (rule.option("source") != null ? "|" + rule.option("query") + "|" + rule.option("rules") : "");
        return String.join(
                "|",
                rule.type(),
                rule.mode().name(),
                String.valueOf(rule.queryKey()),
                String.valueOf(rule.timeframe()),
                rule.timestampField(),
                Integer.toHexString(options.hashCode()));
    }
}
