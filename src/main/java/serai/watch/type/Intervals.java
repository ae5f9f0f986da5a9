package serai.watch.type;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import serai.watch.rule.RuleException;

/** The options by which an aggregation's time is cut up (spec/elastalert.md 1.6, metric_aggregation). */
final class Intervals {

    private static final Set<String> UNITS = Set.of("seconds", "minutes", "hours", "days", "weeks");

    private Intervals() {}

    static void check(TypeOptions options) throws RuleException {
        options.flags("use_run_every_query_size", "allow_buffer_time_overlap", "sync_bucket_interval");
        options.time("bucket_interval");
        if (!options.has("bucket_interval")) {
            return;
        }
        if (((Map<?, ?>) options.value("bucket_interval")).keySet().stream().noneMatch(UNITS::contains)) {
            throw options.refused("bucket_interval", "must be given in seconds, minutes, hours, days or weeks");
        }
        boolean runs = options.rule().flag("use_run_every_query_size", false);
        Duration whole = runs ? options.rule().runEvery() : options.rule().bufferTime();
        if (whole.toNanos() % options.time("bucket_interval", whole).toNanos() != 0) {
            throw options.refused(
                    "bucket_interval", "must divide " + (runs ? "run_every" : "buffer_time") + " without a rest");
        }
    }
}
