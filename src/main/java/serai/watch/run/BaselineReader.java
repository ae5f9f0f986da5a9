package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import serai.watch.query.Query;
import serai.watch.query.Search;
import serai.watch.type.RuleType;

/**
 * Asks for what a rule's type must know of the time before its first run, one query after the other, since each answer
 * may be large; one that is too large for the server is asked for in pages. When a query fails, nothing is known.
 */
final class BaselineReader {

    private static final int PAGE = 10_000;
    private static final int SMALLEST_PAGE = 10;

    private final Search search;
    private final RuleType type;
    private final List<Query.FieldValues> queries;
    private int next;
    private int size;
    private JsonNode after;

    BaselineReader(Search search, RuleType type, Instant now) {
        this.search = search;
        this.type = type;
        this.queries = type.baseline(now);
    }

    CompletableFuture<Void> run() {
        if (queries.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return AsyncLoop.whileTrue(this::step).thenRun(type::endBaseline);
    }

    /** Asks a query, or for a page of its answer. */
    private CompletableFuture<Boolean> step() {
        Query.FieldValues query = queries.get(next);
        return search.ask(new Query.FieldValues(query.rule(), query.window(), query.fields(), size, after))
                .handle((answer, failure) -> {
                    if (failure != null) {
                        smaller(AsyncLoop.cause(failure));
                    } else {
                        take(query, answer);
                    }
                    return next < queries.size();
                });
    }

    private void take(Query.FieldValues query, Search.Answer answer) {
        type.takeBaseline(query, answer.buckets());
        after = answer.last();
        if (after == null) {
            next++;
            size = 0;
        }
    }

    private void smaller(Throwable failure) {
        if (!(failure instanceof Search.TooLargeException) || size > 0 && size <= SMALLEST_PAGE) {
            throw new CompletionException(failure);
        }
        size = size == 0 ? PAGE : size / 10;
    }
}
