package serai.watch.type;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import serai.watch.query.Search.Bucket;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/** metric_aggregation: a value that Elasticsearch computes is beyond a threshold. */
final class MetricType extends ThresholdType {

    private final Metric metric;

    MetricType(Rule rule) {
        super(rule, "min_threshold", "max_threshold", "metric_format_string");
        this.metric = Metric.of(rule);
    }

    static void check(TypeOptions options) throws RuleException {
        Metric.check(options);
        check(options, "min_threshold", "max_threshold", "metric_format_string");
    }

    @Override
    public void addBuckets(Instant end, List<Bucket> buckets) {
        for (Bucket bucket : buckets) {
            Number value = bucket.value();
            if (value != null && isBeyondBounds(value)) {
                matched(match(bucket, end, value));
            }
        }
    }

    private Map<String, Object> match(Bucket bucket, Instant end, Number value) {
        Map<String, Object> match = matchAt(bucket, end);
        match.put(metric.name(), value);
        if (bucket.keys().size() <= 1) {
            match.put("metric_agg_value", value);
        }
        putFormatted(match, metric.name(), value);
        putFormatted(match, "metric_agg_value", value);
        putKey(match, bucket);
        return match;
    }

    @Override
    public String matchText(Map<String, Object> match) {
        return "Threshold violation, " + metric.kind() + ":" + metric.key() + " " + text(match.get(metric.name())) + " "
                + bounds() + " \n\n";
    }
}
