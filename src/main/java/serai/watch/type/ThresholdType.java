package serai.watch.type;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import serai.watch.python.Python;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * The common part of metric_aggregation and percentage_match: each bucket has a value, which must be within two bounds.
 * Nothing is remembered, every run can match.
 */
abstract class ThresholdType extends MatchCollector {

    private static final Set<String> INTERVAL_UNITS = Set.of("seconds", "minutes", "hours", "days", "weeks");

    private final Number min;
    private final Number max;
    private final NumberText format;

    /**
     * @param min the option with the least value that is allowed
     * @param max the option with the greatest
     * @param format the option with the format of the value in matches
     */
    ThresholdType(Rule rule, String min, String max, String format) {
        super(rule);
        this.min = (Number) rule.option(min);
        this.max = (Number) rule.option(max);
        this.format = NumberText.of(rule, format);
    }

    static void check(TypeOptions options, String min, String max, String format) throws RuleException {
        options.either(max, min);
        checkIntervals(options);
        NumberText.check(options, format);
    }

    private static void checkIntervals(TypeOptions options) throws RuleException {
        options.flags("use_run_every_query_size", "allow_buffer_time_overlap", "sync_bucket_interval");
        options.time("bucket_interval");
        if (!options.has("bucket_interval")) {
            return;
        }
        if (((Map<?, ?>) options.value("bucket_interval")).keySet().stream().noneMatch(INTERVAL_UNITS::contains)) {
            throw options.refused("bucket_interval", "must be in seconds, minutes, hours, days or weeks");
        }
        boolean runs = options.rule().flag("use_run_every_query_size", false);
        Duration whole = runs ? options.rule().runEvery() : options.rule().bufferTime();
        if (whole.toNanos() % options.time("bucket_interval", whole).toNanos() != 0) {
            throw options.refused(
                    "bucket_interval", "must divide " + (runs ? "run_every" : "buffer_time") + " without a remainder");
        }
    }

    final boolean isBeyondBounds(Number value) {
        return max != null && value.doubleValue() > max.doubleValue()
                || min != null && value.doubleValue() < min.doubleValue();
    }

    /** The bounds as match texts show them. */
    final String bounds() {
        return "(min: " + Python.str(min) + " max : " + Python.str(max) + ")";
    }

    /** A value as match texts show it. */
    final String text(Object value) {
        return format == null ? Python.str(value) : format.of(value);
    }

    /** Adds a value to a match in the rule's format, if it has one. */
    final void putFormatted(Map<String, Object> match, String name, Number value) {
        if (format != null) {
            match.put(name + "_formatted", format.of(value));
        }
    }

    /**
     * A match with the time of a bucket. With a compound key it is the end of the query even if there are intervals, as
     * in ElastAlert: silences depend on it.
     */
    final Map<String, Object> matchAt(Buckets.Bucket bucket, Instant end) {
        boolean compound = bucket.keys().size() > 1;
        return fields(bucket.interval() == null || compound ? end : bucket.interval());
    }
}
