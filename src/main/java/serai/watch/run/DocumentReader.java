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

/**
 * Reads documents. The new time is read page by page. Of the time before, as far as {@code buffer_time} goes back, the
 * same query counts the documents; they are fetched again only when their number is not the one that was read. So late
 * documents are found, and the others are transferred once.
 */
final class DocumentReader extends RangeReader {

    private final Set<String> fields;
    private final long maxPages;
    private JsonNode after;
    private Set<List<String>> lastPage = Set.of();
    private boolean lateAsked;
    private long pages;

    /** @param fields the fields to fetch, or null for whole documents */
    DocumentReader(Task task, Set<String> fields) {
        super(task, task.range().from());
        this.fields = fields;
        this.maxPages =
                rule.whole("max_scrolling_count", 990) == 0 ? Long.MAX_VALUE : rule.whole("max_scrolling_count", 990);
        this.lateAsked = !range.lateFrom().isBefore(range.from());
    }

    @Override
    CompletableFuture<Boolean> step() {
        if (!reached.isBefore(range.end())) {
            return CompletableFuture.completedFuture(false);
        }
        Instant to = RunRange.earlier(range.end(), reached.plus(rule.bufferTime()));
        Window page = new Window(reached, to);
        if (lateAsked) {
            return ask(page, null, after).thenApply(answer -> take(answer, to));
        }
        lateAsked = true;
        return ask(page, new Window(range.lateFrom(), range.from()), after).thenCompose(answer -> {
            long late = answer.late();
            collector.addHits(late);
            long read = collector
                    .seen()
                    .count(RunRange.asQueried(rule, range.lateFrom()), RunRange.asQueried(rule, range.from()));
            return late == read
                    ? CompletableFuture.completedFuture(take(answer, to))
                    : late().thenApply(done -> take(answer, to));
        });
    }

    /** Reads the time before again for documents that were not read; of those that were, some or all may be gone. */
    private CompletableFuture<Void> late() {
        JsonNode[] next = {null};
        return AsyncLoop.whileTrue(() -> ask(new Window(range.lateFrom(), range.from()), null, next[0])
                .thenApply(answer -> {
                    collector.addDocuments(answer, range.from());
                    if (answer.hits().size() < rule.maxQuerySize()) {
                        return false;
                    }
                    JsonNode last = next(answer);
                    boolean more = !last.equals(next[0]);
                    next[0] = last;
                    return more;
                }));
    }

    /** Takes a page of new documents; true when there is more to read. */
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
                    && reached.isBefore(range.end());
        }
        JsonNode next = next(answer);
        if (next.equals(after)) {
            throw new CompletionException(new Search.FailedException(
                    "More documents than max_query_size (" + rule.maxQuerySize()
                            + ") have one time and sequence number; raise max_query_size.",
                    null));
        }
        after = next;
        boolean enough = ++pages >= maxPages || collector.fresh() >= bounds.documents();
        return !(enough && stopBefore(last));
    }

    /**
     * Ends the run before a document's instant, since others of that instant may follow; false when the run would not
     * advance.
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
}
