package serai.watch.command;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import serai.watch.query.Query;
import serai.watch.query.QueryLanguage;
import serai.watch.query.Search;
import serai.watch.query.Window;
import serai.watch.rule.Document;
import serai.watch.rule.Rule;

/**
 * Answers the queries of rules that read documents from documents fetched ahead, many runs' worth in one request: in
 * history nothing comes late, so the overlapping windows of a thousand runs hold the same documents. It holds one page
 * of documents for each rule, and passes on every other query.
 */
final class PrefetchedSearch implements Search {

    private static final int PAGE = 2_000;
    private static final Duration FURTHEST = Duration.ofDays(1);

    private final Search search;
    private final Map<String, Ahead> ahead = new HashMap<>();

    PrefetchedSearch(Search search) {
        this.search = search;
    }

    /** What is known of one rule's documents: all of those after {@code from} and up to {@code to}. */
    private static final class Ahead {
        private final TimedDocuments documents;
        private Instant from;
        private Instant to;

        private Ahead(Rule rule) {
            documents = new TimedDocuments(rule);
        }

        private boolean covers(Window window) {
            return from != null && !window.from().isBefore(from) && !window.to().isAfter(to);
        }
    }

    @Override
    public CompletableFuture<Answer> ask(Query query) {
        Rule rule = query.rule();
        if (!(query instanceof Query.Documents page)
                || rule.option("source") != null
                || QueryLanguage.of(rule) != QueryLanguage.QUERY_DSL) {
            return search.ask(query);
        }
        Ahead known = ahead.computeIfAbsent(rule.name(), name -> new Ahead(rule));
        try {
            // what cannot be fetched ahead may still be asked for
            return fetch(page, known)
                    .handle((done, failure) -> failure)
                    .thenCompose(failure -> failure == null && known.covers(page.window())
                            ? CompletableFuture.completedFuture(known.documents.page(page))
                            : search.ask(page));
        } catch (DateTimeException e) {
            return search.ask(page);
        }
    }

    /** Fetches a page from where the known documents end, until the end that is asked for is known. */
    private CompletableFuture<Void> fetch(Query.Documents query, Ahead known) {
        Instant start = query.window().from();
        if (known.from == null || start.isBefore(known.from) || start.isAfter(known.to)) {
            known.documents.clear();
            known.from = start.minus(lookback(query.rule()));
            known.to = known.from;
        }
        Instant needed = start.minus(lookback(query.rule()));
        known.from = needed.isAfter(known.from) ? needed : known.from;
        known.documents.removeUntil(known.from);
        if (known.covers(query.window())) {
            return CompletableFuture.completedFuture(null);
        }
        Instant furthest = known.to.plus(FURTHEST);
        Instant end = furthest.isAfter(query.window().to())
                ? furthest
                : query.window().to();
        Instant before = known.to;
        return search.ask(new Query.Documents(query.rule(), new Window(before, end), null, query.fields(), PAGE, null))
                .thenCompose(answer -> {
                    take(query.rule(), answer, end, known);
                    // more than a page in one millisecond cannot be fetched ahead
                    return known.to.equals(before)
                            ? CompletableFuture.<Void>completedFuture(null)
                            : fetch(query, known);
                });
    }

    /** How far back a later query may begin. */
    private static Duration lookback(Rule rule) {
        return rule.flag("scan_entire_timeframe", false) && rule.timeframe() != null
                ? rule.timeframe()
                : rule.bufferTime();
    }

    private static void take(Rule rule, Answer answer, Instant end, Ahead known) {
        List<Instant> times = new ArrayList<>();
        for (Hit hit : answer.hits()) {
            times.add(rule.readTime(Document.lookup(hit.source(), rule.timestampField())));
        }
        boolean full = times.size() >= PAGE;
        long last = full ? times.get(times.size() - 1).toEpochMilli() : Long.MAX_VALUE;
        for (int i = 0; i < times.size(); i++) {
            // others of the last millisecond may be on the next page
            if (times.get(i).toEpochMilli() < last) {
                known.documents.add(times.get(i), answer.hits().get(i));
            }
        }
        known.to = full ? Instant.ofEpochMilli(last).minusMillis(1) : end;
    }
}
