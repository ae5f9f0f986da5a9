package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import serai.watch.query.Search;
import serai.watch.rule.Rule;

/** Reads the time range of a run, segment by segment, and gives what it finds to {@link MatchCollector}. */
abstract class RangeReader {

    /** What a run reads, and with what. */
    record Task(Rule rule, Search search, RuleRun.Bounds bounds, MatchCollector collector, RunRange range) {}

    final Rule rule;
    final Search search;
    final RuleRun.Bounds bounds;
    final MatchCollector collector;
    final RunRange range;
    Instant reached;
    int segments;

    /** @param start where it begins to read */
    RangeReader(Task task, Instant start) {
        this.rule = task.rule;
        this.search = task.search;
        this.bounds = task.bounds;
        this.collector = task.collector;
        this.range = task.range;
        this.reached = start;
    }

    /** Reads the next segment without waiting; true when there is more to read. */
    abstract CompletableFuture<Boolean> step();

    /** The end of the time that was read so far. */
    Instant reached() {
        return reached;
    }

    /** What the next run must know to recognize late documents: the documents that were read. */
    JsonNode remembered() {
        return collector.seen().state();
    }

    /** The time after which everything that was read is remembered. */
    Instant rememberedFrom() {
        Instant from = RunRange.later(range.lateFrom(), reached.minus(RunRange.lookback(rule)));
        return collector.seen().forget(from, bounds.remembered());
    }
}
