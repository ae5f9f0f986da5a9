package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Map;
import serai.watch.python.Python;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * A measured value against the time before (spec/elastalert.md 1.6). Averages, minima and maxima are compared as such;
 * sums and counts are added up over a window. A bucket without documents has no value and is passed over, and keys may
 * be numbers: both disable the rule in ElastAlert.
 */
final class SpikeAggregationType extends MatchCollector {

    private final Metric metric;
    private final Spikes spikes;

    SpikeAggregationType(Rule rule, JsonNode state) {
        super(rule);
        this.metric = Metric.of(rule);
        Measure measure = switch (metric.kind()) {
            case "avg" -> Measure.MEAN;
            case "min" -> Measure.LEAST;
            case "max" -> Measure.MOST;
            default -> Measure.SUM;
        };
        this.spikes = new Spikes(rule, state, measure, true, this::matched);
    }

    static void check(TypeOptions options) throws RuleException {
        Spikes.check(options);
        Metric.check(options);
        options.number("threshold_ref");
        options.number("threshold_cur");
        if (options.has("bucket_interval")) {
            throw options.refused(
                    "bucket_interval", "is not for spike_aggregation, which compares whole runs; remove it");
        }
    }

    @Override
    public void addAggregations(Instant end, JsonNode aggregations) {
        for (Buckets.Bucket bucket : Buckets.of(aggregations)) {
            Number value = metric.in(bucket.values());
            Map<String, Object> fields = fields(end);
            Object key = bucket.keys().size() == 1 ? bucket.keys().get(0) : BucketKey.joined(bucket.keys());
            if (rule.queryKey() != null && !bucket.keys().isEmpty()) {
                fields.put(rule.queryKey(), key);
                spikes.add(key, value == null ? WindowEntry.empty(end, fields) : WindowEntry.of(end, value, null));
            } else if (rule.queryKey() == null) {
                spikes.addForAll(value == null ? WindowEntry.empty(end, fields) : WindowEntry.of(end, value, null));
            }
        }
        spikes.bound();
    }

    @Override
    public void collectGarbage(Instant end) {
        spikes.collectGarbage(end);
    }

    @Override
    public String matchText(Map<String, Object> match) {
        String measured = metric.kind() + " of " + metric.key();
        return "An abnormal " + measured + " (" + rounded(match.get("spike_count")) + ") occurred around "
                + rule.prettyTime(rule.timeOf(match)) + ".\n" + spikes.before() + "there was a " + measured + " of ("
                + rounded(match.get("reference_count")) + ") within " + Python.str(rule.timeframe()) + "\n\n";
    }

    /** Python's {@code round(value, 2)}: a whole number stays one. */
    private static String rounded(Object value) {
        return value instanceof Double fraction
                ? Python.str(new BigDecimal(fraction)
                        .setScale(2, RoundingMode.HALF_EVEN)
                        .doubleValue())
                : Python.str(value);
    }

    @Override
    public JsonNode state() {
        return spikes.state();
    }
}
