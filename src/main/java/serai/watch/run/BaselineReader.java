package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import serai.watch.query.RuleQuery;
import serai.watch.query.Search;
import serai.watch.rule.Rule;
import serai.watch.type.Baseline;
import serai.watch.type.RuleType;

/**
 * Asks what a rule's type must know of the time before its first run, one question after the other, since each answer
 * may be large; one that is too large for the server is asked for in pages. When a question fails, nothing is known.
 */
final class BaselineReader {

    private static final int PAGE = 10_000;
    private static final int SMALLEST_PAGE = 10;

    private final Rule rule;
    private final Search search;
    private final RuleType type;
    private final List<Baseline> questions;
    private int next;
    private int size;
    private JsonNode after;

    BaselineReader(Rule rule, Search search, RuleType type, Instant now) {
        this.rule = rule;
        this.search = search;
        this.type = type;
        this.questions = type.baseline(now);
    }

    CompletableFuture<Void> run() {
        if (questions.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return AsyncLoop.whileTrue(this::step).thenRun(type::endBaseline);
    }

    /** Asks a question, or for a page of its answer. */
    private CompletableFuture<Boolean> step() {
        Baseline question = questions.get(next);
        return ask(question, size == 0 ? question.body() : question.page(size, after))
                .handle((answer, failure) -> {
                    if (failure != null) {
                        smaller(AsyncLoop.cause(failure));
                    } else {
                        take(question, answer.aggregations());
                    }
                    return next < questions.size();
                });
    }

    private void take(Baseline question, JsonNode aggregations) {
        type.takeBaseline(question, aggregations);
        JsonNode page = aggregations.path("values");
        if (size > 0 && page.has("after_key") && page.path("buckets").size() >= size) {
            after = page.get("after_key");
            return;
        }
        next++;
        size = 0;
        after = null;
    }

    private void smaller(Throwable failure) {
        if (!(failure instanceof Search.TooLargeException) || size > 0 && size <= SMALLEST_PAGE) {
            throw new CompletionException(failure);
        }
        size = size == 0 ? PAGE : size / 10;
    }

    private CompletableFuture<Search.Answer> ask(Baseline question, ObjectNode body) {
        List<String> indices = new RuleQuery(rule, question.from(), question.to()).indices();
        // a request has its beginning not, and a question has it
        return search.ask(new Search.Request(
                rule, Search.Kind.SEARCH, indices, body, question.from().minusMillis(1), question.to()));
    }
}
