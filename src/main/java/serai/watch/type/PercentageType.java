package serai.watch.type;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import serai.watch.python.Python;
import serai.watch.query.Search.Bucket;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * percentage_match: the share of documents that match a filter is beyond a threshold. A compound key, which disables
 * the rule in ElastAlert, works as for metric_aggregation.
 */
final class PercentageType extends ThresholdType {

    private static final String FILTER = "match_bucket_filter";

    private final double minDocuments;

    PercentageType(Rule rule) {
        super(rule, "min_percentage", "max_percentage", "percentage_format_string");
        this.minDocuments = TypeOptions.of(rule).number("min_denominator", 0).doubleValue();
    }

    static void check(TypeOptions options) throws RuleException {
        if (!options.has(FILTER)) {
            throw options.missing(FILTER, "is required: a list of queries, such as 'terms: {status: [500]}'");
        }
        boolean queries =
                options.value(FILTER) instanceof List<?> list && list.stream().allMatch(Map.class::isInstance);
        if (!queries && !(options.value(FILTER) instanceof Map)) {
            throw options.refused(FILTER, "must be a list of queries, such as 'terms: {status: [500]}'");
        }
        options.whole("min_denominator");
        check(options, "min_percentage", "max_percentage", "percentage_format_string");
    }

    @Override
    public void addBuckets(Instant end, List<Bucket> buckets) {
        for (Bucket bucket : buckets) {
            long total = bucket.documents();
            double percentage = total == 0 ? 0 : bucket.value().doubleValue() / total * 100;
            if (total > 0 && total >= minDocuments && isBeyondBounds(percentage)) {
                Map<String, Object> match = matchAt(bucket, end);
                match.put("percentage", percentage);
                match.put("denominator", total);
                putFormatted(match, "percentage", percentage);
                putKey(match, bucket);
                matched(match);
            }
        }
    }

    @Override
    public String matchText(Map<String, Object> match) {
        return "Percentage violation, value: " + text(match.get("percentage")) + " " + bounds() + " of "
                + Python.str(match.get("denominator")) + " items\n\n";
    }
}
