package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import serai.watch.python.Python;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * percentage_match: the share of documents in a bucket is beyond a threshold (spec/elastalert.md 1.6). A compound key,
 * which disables the rule in ElastAlert, works as for metric_aggregation.
 */
final class PercentageType extends MatchCollector {

    private final ValueBounds bounds;
    private final double leastDocuments;
    private final NumberText text;

    PercentageType(Rule rule) {
        super(rule);
        this.bounds = new ValueBounds((Number) rule.option("min_percentage"), (Number) rule.option("max_percentage"));
        this.leastDocuments = TypeOptions.of(rule).number("min_denominator", 0).doubleValue();
        this.text = NumberText.of(rule, "percentage_format_string");
    }

    static void check(TypeOptions options) throws RuleException {
        if (!options.has("match_bucket_filter")) {
            throw options.missing(
                    "match_bucket_filter", "is required: a list of queries, such as 'terms: {status: [500]}'");
        }
        boolean queries = options.value("match_bucket_filter") instanceof List<?> list
                && list.stream().allMatch(Map.class::isInstance);
        if (!queries && !(options.value("match_bucket_filter") instanceof Map)) {
            throw options.refused("match_bucket_filter", "must be a list of queries, such as 'terms: {status: [500]}'");
        }
        options.either("max_percentage", "min_percentage");
        options.whole("min_denominator");
        Intervals.check(options);
        NumberText.check(options, "percentage_format_string");
    }

    @Override
    public void addAggregations(Instant end, JsonNode aggregations) {
        for (Buckets.Bucket bucket : Buckets.of(aggregations)) {
            JsonNode counts = bucket.values().path("percentage_match_aggs").path("buckets");
            long matched = counts.path("match_bucket").path("doc_count").asLong();
            long total = matched + counts.path("_other_").path("doc_count").asLong();
            double percentage = total == 0 ? 0 : matched * 1.0 / total * 100;
            if (total > 0 && total >= leastDocuments && bounds.areLeftBy(percentage)) {
                boolean compound = bucket.keys().size() > 1;
                Map<String, Object> match = fields(bucket.interval() == null || compound ? end : bucket.interval());
                match.put("percentage", percentage);
                match.put("denominator", total);
                if (text != null) {
                    match.put("percentage_formatted", text.of(percentage));
                }
                BucketKey.put(match, rule.queryKey(), bucket.keys());
                matched(match);
            }
        }
    }

    @Override
    public String matchText(Map<String, Object> match) {
        Object percentage = match.get("percentage");
        return "Percentage violation, value: " + (text == null ? Python.str(percentage) : text.of(percentage))
                + " (min: "
                + Python.str(bounds.least()) + " max : " + Python.str(bounds.most()) + ") of "
                + Python.str(match.get("denominator"))
                + " items\n\n";
    }
}
