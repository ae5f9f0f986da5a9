package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import serai.watch.python.Python;
import serai.watch.query.Search.Bucket;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * spike_aggregation: a value that Elasticsearch computes rises or falls. Averages, minima and maxima are compared as
 * such, sums and counts are added up over a window. A bucket without documents is skipped, and keys may be numbers;
 * both disable the rule in ElastAlert.
 */
final class SpikeAggregationType extends AbstractRuleType {

    private final Metric metric;
    private final SpikeDetector spikes;

    SpikeAggregationType(Rule rule, JsonNode state) {
        super(rule);
        this.metric = Metric.of(rule);
        Measure measure = switch (metric.kind()) {
            case "avg" -> Measure.MEAN;
            case "min" -> Measure.MIN;
            case "max" -> Measure.MAX;
            default -> Measure.SUM;
        };
        this.spikes = new SpikeDetector(rule, state, measure, true, this::matched);
    }

    static void check(TypeOptions options) throws RuleException {
        SpikeSettings.check(options);
        Metric.check(options);
        options.number("threshold_ref");
        options.number("threshold_cur");
        if (options.has("bucket_interval")) {
            throw options.refused(
                    "bucket_interval", "is not possible for spike_aggregation, which compares whole runs; remove it");
        }
    }

    @Override
    public void addBuckets(Instant end, List<Bucket> buckets) {
        for (Bucket bucket : buckets) {
            add(bucket, end);
        }
        spikes.bound();
    }

    private void add(Bucket bucket, Instant end) {
        Number value = bucket.value();
        Map<String, Object> fields = fields(end);
        Object key = bucket.keys().size() == 1 ? bucket.keys().get(0) : ThresholdType.joined(bucket.keys());
        if (rule.queryKey() != null) {
            fields.put(rule.queryKey(), key);
        }
        WindowEntry entry = value == null ? WindowEntry.empty(end, fields) : WindowEntry.of(end, value, null);
        if (rule.queryKey() == null) {
            spikes.addForAll(entry);
        } else if (!bucket.keys().isEmpty()) {
            spikes.add(key, entry);
        }
    }

    @Override
    public void collectGarbage(Instant end) {
        spikes.collectGarbage(end);
    }

    @Override
    public String matchText(Map<String, Object> match) {
        String measured = metric.kind() + " of " + metric.key();
        return "An abnormal " + measured + " (" + rounded(match.get("spike_count")) + ") occurred around "
                + rule.prettyTime(rule.timeOf(match)) + ".\n" + spikes.referenceText() + "there was a " + measured
                + " of ("
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
