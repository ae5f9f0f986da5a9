package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import serai.watch.query.Query;
import serai.watch.query.Search;
import serai.watch.query.Window;
import serai.watch.rule.Rule;

/**
 * Reads documents from sources that give one page and count nothing beside it: EQL, ES|QL and sources other than
 * Elasticsearch. The time before is read again whole. A segment whose page is full is read again in halves.
 */
final class PlainDocumentReader implements RangeReader {

    private static final long SHORTEST_MILLIS = 1_000;

    private final Rule rule;
    private final Search search;
    private final RuleRun.Bounds bounds;
    private final MatchCollector collector;
    private final RunRange span;
    private Instant reached;
    private long segmentMillis;
    private int segments;

    PlainDocumentReader(Rule rule, Search search, RuleRun.Bounds bounds, MatchCollector collector, RunRange span) {
        this.rule = rule;
        this.search = search;
        this.bounds = bounds;
        this.collector = collector;
        this.span = span;
        this.reached = span.lateFrom();
        this.segmentMillis = Math.max(SHORTEST_MILLIS, RunRange.lookback(rule).toMillis());
    }

    @Override
    public CompletableFuture<Boolean> step() {
        if (!reached.isBefore(span.end())) {
            return CompletableFuture.completedFuture(false);
        }
        Instant to = RunRange.earlier(span.end(), reached.plusMillis(segmentMillis));
        return search.ask(Query.Documents.first(rule, new Window(reached, to), rule.maxQuerySize()))
                .thenApply(answer -> take(answer, to));
    }

    private boolean take(Search.Answer answer, Instant to) {
        if (answer.hits().size() >= rule.maxQuerySize() && segmentMillis > SHORTEST_MILLIS) {
            segmentMillis = Math.max(SHORTEST_MILLIS, segmentMillis / 2);
            return true;
        }
        if (answer.hits().size() >= rule.maxQuerySize()) {
            throw new CompletionException(new Search.FailedException(
                    "There are more documents in one second than max_query_size (" + rule.maxQuerySize()
                            + "); raise it, or narrow the query.",
                    null));
        }
        collector.addHits(answer.hits().size());
        collector.addDocuments(answer, to);
        reached = to;
        if (reached.isAfter(span.from())) {
            collector.endSegment(reached);
        }
        return ++segments < bounds.segments() && collector.fresh() < bounds.documents() && reached.isBefore(span.end());
    }

    @Override
    public Instant reached() {
        return RunRange.later(reached, span.from());
    }

    @Override
    public Instant rememberedFrom() {
        Instant from = RunRange.later(span.lateFrom(), reached.minus(RunRange.lookback(rule)));
        return collector.seen().forget(from, bounds.remembered());
    }

    @Override
    public JsonNode remembered() {
        return collector.seen().state();
    }
}
