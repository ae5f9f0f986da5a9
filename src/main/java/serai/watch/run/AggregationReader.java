package serai.watch.run;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import serai.watch.query.Query;
import serai.watch.query.Window;
import serai.watch.rule.Rule;

/**
 * Asks for aggregations over whole segments of time only: the last {@code buffer_time} on every run, or the segments
 * since the last run when that is longer ago ({@code docs/reference/elastalert.md}, "Runs and time ranges"). With
 * {@code use_run_every_query_size} segments are shorter, and one that matched on an earlier run does not match again.
 */
final class AggregationReader extends RangeReader {

    private final Duration segment;
    private final Instant before;
    private final boolean once;
    private final Instant start;

    /** @param before the end of the last run, or null when this is the first */
    AggregationReader(Task task, Instant before) {
        super(task, start(task.rule(), task.range(), before));
        this.once = rule.flag("use_run_every_query_size", false);
        this.segment = once ? rule.globalRunEvery() : rule.bufferTime();
        this.before = before;
        this.start = reached;
        while (once
                && rule.type().equals("spike_aggregation")
                && before != null
                && !reached.plus(segment).isAfter(before)) {
            // its windows hold what it was fed before
            reached = reached.plus(segment);
        }
    }

    private static Instant start(Rule rule, RunRange range, Instant before) {
        Instant start = range.end().minus(RunRange.lookback(rule));
        if (before != null && range.from().isBefore(start)) {
            start = range.from();
            boolean overlap = rule.flag("allow_buffer_time_overlap", false)
                    && !rule.flag("use_run_every_query_size", false)
                    && rule.bufferTime().compareTo(rule.runEvery()) > 0;
            start = overlap ? start.minus(rule.bufferTime().minus(rule.runEvery())) : start;
        }
        Duration interval = rule.option("bucket_interval_timedelta") instanceof Duration time ? time : null;
        if (interval != null && rule.flag("sync_bucket_interval", false)) {
            return start.minusSeconds(Math.floorMod(start.getEpochSecond(), Math.max(1, interval.toSeconds())))
                    .truncatedTo(ChronoUnit.SECONDS);
        }
        return start;
    }

    @Override
    CompletableFuture<Boolean> step() {
        if (!more()) {
            return CompletableFuture.completedFuture(false);
        }
        Instant from = reached;
        Instant to = from.plus(segment);
        return search.ask(new Query.Metrics(rule, new Window(from, to), start)).thenApply(answer -> {
            boolean last = to.plus(segment).isAfter(range.end());
            collector.addBuckets(to, answer, once);
            if (!last || to.isBefore(range.end())) {
                collector.endSegment(to);
            }
            reached = to;
            return ++segments < bounds.segments() && more();
        });
    }

    private boolean more() {
        return !reached.plus(segment).isAfter(range.end());
    }

    @Override
    Instant reached() {
        return before != null && reached.isBefore(before) ? before : reached;
    }

    @Override
    Instant rememberedFrom() {
        Instant from = range.end().minus(RunRange.lookback(rule).multipliedBy(2));
        return collector.seen().forget(from, bounds.remembered());
    }
}
