package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import serai.watch.python.Python;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * metric_aggregation: a measured value beyond a threshold (spec/elastalert.md 1.6). It remembers nothing: every run can
 * match.
 */
final class MetricType extends MatchCollector {

    private final Metric metric;
    private final ValueBounds bounds;
    private final NumberText text;

    MetricType(Rule rule) {
        super(rule);
        this.metric = Metric.of(rule);
        this.bounds = new ValueBounds((Number) rule.option("min_threshold"), (Number) rule.option("max_threshold"));
        this.text = NumberText.of(rule, "metric_format_string");
    }

    static void check(TypeOptions options) throws RuleException {
        Metric.check(options);
        options.either("max_threshold", "min_threshold");
        Intervals.check(options);
        NumberText.check(options, "metric_format_string");
    }

    @Override
    public void addAggregations(Instant end, JsonNode aggregations) {
        for (Buckets.Bucket bucket : Buckets.of(aggregations)) {
            Number value = metric.in(bucket.values());
            if (value != null && bounds.areLeftBy(value)) {
                matched(match(bucket, end, value));
            }
        }
    }

    private Map<String, Object> match(Buckets.Bucket bucket, Instant end, Number value) {
        boolean compound = bucket.keys().size() > 1;
        // of several keys the time is the query's end even where the time is cut up: existing rules and silences build
        // on it
        Map<String, Object> match = fields(bucket.interval() == null || compound ? end : bucket.interval());
        match.put(metric.name(), value);
        if (!compound) {
            match.put("metric_agg_value", value);
        }
        if (text != null) {
            match.put(metric.name() + "_formatted", text.of(value));
            match.put("metric_agg_value_formatted", text.of(value));
        }
        BucketKey.put(match, rule.queryKey(), bucket.keys());
        return match;
    }

    @Override
    public String matchText(Map<String, Object> match) {
        Object value = match.get(metric.name());
        return "Threshold violation, " + metric.kind() + ":" + metric.key() + " "
                + (text == null ? Python.str(value) : text.of(value)) + " (min: " + Python.str(bounds.least())
                + " max : "
                + Python.str(bounds.most()) + ") \n\n";
    }
}
