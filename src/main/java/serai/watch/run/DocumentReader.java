package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import serai.watch.query.Query;
import serai.watch.query.Search;
import serai.watch.query.Window;
import serai.watch.rule.Rule;

/**
 * Reads documents. The new time is read page by page. Of the time before, as far as {@code buffer_time} goes back, only
 * the number of documents is asked for, in the same question: documents are fetched again only when there are more than
 * were taken, so a document that came late is found and the others cross the wire once.
 */
final class DocumentReader implements RangeReader {

    private final Rule rule;
    private final Search search;
    private final RuleRun.Bounds bounds;
    private final MatchCollector collector;
    private final RunRange span;
    private final Set<String> fields;
    private final long mostPages;
    private Instant reached;
    private JsonNode after;
    private Set<List<String>> lastPage = Set.of();
    private boolean lateAsked;
    private int segments;
    private long pages;

    /** @param fields the fields to fetch, or null for whole documents */
    DocumentReader(
            Rule rule,
            Search search,
            RuleRun.Bounds bounds,
            MatchCollector collector,
            RunRange span,
            Set<String> fields) {
        this.rule = rule;
        this.search = search;
        this.bounds = bounds;
        this.collector = collector;
        this.span = span;
        this.fields = fields;
        this.reached = span.from();
        this.mostPages =
                rule.whole("max_scrolling_count", 990) == 0 ? Long.MAX_VALUE : rule.whole("max_scrolling_count", 990);
        this.lateAsked = !span.lateFrom().isBefore(span.from());
    }

    @Override
    public CompletableFuture<Boolean> step() {
        if (!reached.isBefore(span.end())) {
            return CompletableFuture.completedFuture(false);
        }
        Instant to = RunRange.earlier(span.end(), reached.plus(rule.bufferTime()));
        Window page = new Window(reached, to);
        if (lateAsked) {
            return ask(page, null, after).thenApply(answer -> take(answer, to));
        }
        lateAsked = true;
        return ask(page, new Window(span.lateFrom(), span.from()), after).thenCompose(answer -> {
            long late = answer.late();
            collector.addHits(late);
            long taken =
                    collector.seen().count(RunRange.asked(rule, span.lateFrom()), RunRange.asked(rule, span.from()));
            return late == taken
                    ? CompletableFuture.completedFuture(take(answer, to))
                    : late().thenApply(done -> take(answer, to));
        });
    }

    /** Reads the time before again and takes what was not taken; of what was taken some or all may be gone. */
    private CompletableFuture<Void> late() {
        JsonNode[] next = {null};
        return AsyncLoop.whileTrue(() -> ask(new Window(span.lateFrom(), span.from()), null, next[0])
                .thenApply(answer -> {
                    collector.addDocuments(answer, span.from());
                    if (answer.hits().size() < rule.maxQuerySize()) {
                        return false;
                    }
                    JsonNode last = next(answer);
                    boolean more = !last.equals(next[0]);
                    next[0] = last;
                    return more;
                }));
    }

    /** Takes a page of new documents; the answer is whether there is more to ask for. */
    private boolean take(Search.Answer answer, Instant to) {
        // a page begins with what the one before it ended with
        Set<List<String>> page = answer.hits().stream()
                .map(hit -> List.of(hit.index(), hit.id()))
                .collect(Collectors.toSet());
        collector.addHits(
                page.stream().filter(document -> !lastPage.contains(document)).count());
        Instant last = collector.addDocuments(answer, to);
        boolean full = answer.hits().size() >= rule.maxQuerySize();
        lastPage = full ? page : Set.of();
        if (!full) {
            reached = to;
            after = null;
            collector.endSegment(to);
            return ++segments < bounds.segments()
                    && collector.fresh() < bounds.documents()
                    && reached.isBefore(span.end());
        }
        JsonNode next = next(answer);
        if (next.equals(after)) {
            throw new CompletionException(new Search.FailedException(
                    "More documents than max_query_size (" + rule.maxQuerySize()
                            + ") have one time and sequence number; raise max_query_size.",
                    null));
        }
        after = next;
        boolean enough = ++pages >= mostPages || collector.fresh() >= bounds.documents();
        return !(enough && stopBefore(last));
    }

    /**
     * Ends the run before a document's instant, since others of that instant may follow; not when that would be no way
     * at all.
     */
    private boolean stopBefore(Instant last) {
        Instant before = last == null ? reached : last.minus(Duration.ofMillis(1));
        if (!before.isAfter(reached)) {
            return false;
        }
        reached = before;
        return true;
    }

    private CompletableFuture<Search.Answer> ask(Window page, Window late, JsonNode next) {
        return search.ask(new Query.Documents(rule, page, late, fields, rule.maxQuerySize(), next));
    }

    /** One back in the sequence of its instant: documents of other shards may have the same number. */
    private static JsonNode next(Search.Answer answer) {
        ArrayNode next = answer.last().deepCopy();
        return next.set(1, next.get(1).asLong() - 1);
    }

    @Override
    public Instant reached() {
        return reached;
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
