package serai.watch.run;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import serai.watch.query.Query;
import serai.watch.query.Search;
import serai.watch.query.Window;

/**
 * Reads documents from sources that give one page and count nothing beside it: EQL, ES|QL and sources other than
 * Elasticsearch. The time before is read again whole. A segment whose page is full is read again in halves.
 */
final class PlainDocumentReader extends RangeReader {

    private static final long SHORTEST_MILLIS = 1_000;

    private long segmentMillis;

    PlainDocumentReader(Task task) {
        super(task, task.range().lateFrom());
        this.segmentMillis = Math.max(SHORTEST_MILLIS, RunRange.lookback(rule).toMillis());
    }

    @Override
    CompletableFuture<Boolean> step() {
        if (!reached.isBefore(range.end())) {
            return CompletableFuture.completedFuture(false);
        }
        Instant to = RunRange.earlier(range.end(), reached.plusMillis(segmentMillis));
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
        if (reached.isAfter(range.from())) {
            collector.endSegment(reached);
        }
        return ++segments < bounds.segments()
                && collector.fresh() < bounds.documents()
                && reached.isBefore(range.end());
    }

    @Override
    Instant reached() {
        return RunRange.later(reached, range.from());
    }
}
