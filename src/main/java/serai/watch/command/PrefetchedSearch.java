package serai.watch.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import serai.watch.query.RuleQuery;
import serai.watch.query.Search;
import serai.watch.rule.Document;
import serai.watch.rule.Rule;

/**
 * Answers the questions of rules that read documents from documents fetched ahead, many runs' worth in one request: in
 * history nothing comes late, so the overlapping windows of a thousand runs hold the same documents. It holds one page
 * of documents a rule, and passes on every other question.
 */
final class PrefetchedSearch implements Search {

    private static final int PAGE = 2_000;
    private static final Duration FURTHEST = Duration.ofDays(1);

    private final Search search;
    private final Map<String, Ahead> ahead = new HashMap<>();

    PrefetchedSearch(Search search) {
        this.search = search;
    }

    /** A document, at the millisecond that the server sorts it by, and its place in the order of all. */
    private record Placed(long millis, long place, Hit hit) {}

    /** What is known of one rule's documents: all of those after {@code from} and up to {@code to}. */
    private static final class Ahead {
        private final Deque<Placed> documents = new ArrayDeque<>();
        private Instant from;
        private Instant to;
        private long places;

        private boolean covers(Instant start, Instant end) {
            return from != null && !start.isBefore(from) && !end.isAfter(to);
        }
    }

    @Override
    public CompletableFuture<Answer> ask(Request request) {
        Rule rule = request.rule();
        JsonNode body = request.body();
        if (rule.mode() != Rule.Mode.DOCUMENTS
                || rule.option("source") != null
                || request.kind() != Kind.SEARCH
                || request.from() == null
                || body.path("size").asInt() == 0
                || body.path("query").has("ids")) {
            return search.ask(request);
        }
        Ahead known = ahead.computeIfAbsent(rule.name(), name -> new Ahead());
        try {
            Instant[] wanted = body.has("post_filter")
                    ? range(rule, body.get("post_filter"))
                    : new Instant[] {request.from(), request.to()};
            // what cannot be fetched ahead may still be asked for
            return fetch(request, known)
                    .handle((done, failure) -> failure)
                    .thenCompose(failure -> failure == null && known.covers(request.from(), request.to())
                            ? CompletableFuture.completedFuture(answer(rule, body, wanted, known))
                            : search.ask(request));
        } catch (DateTimeException e) {
            return search.ask(request);
        }
    }

    /** Fetches a page from where the known documents end, until the end that is asked for is known. */
    private CompletableFuture<Void> fetch(Request request, Ahead known) {
        if (known.from == null
                || request.from().isBefore(known.from)
                || request.from().isAfter(known.to)) {
            known.documents.clear();
            known.from = request.from().minus(lookback(request.rule()));
            known.to = known.from;
        }
        Instant needed = request.from().minus(lookback(request.rule()));
        known.from = needed.isAfter(known.from) ? needed : known.from;
        while (!known.documents.isEmpty() && known.documents.peekFirst().millis <= known.from.toEpochMilli()) {
            known.documents.removeFirst();
        }
        if (known.covers(request.from(), request.to())) {
            return CompletableFuture.completedFuture(null);
        }
        Instant end = known.to.plus(FURTHEST).isAfter(request.to()) ? known.to.plus(FURTHEST) : request.to();
        RuleQuery query = new RuleQuery(request.rule(), known.to, end);
        ObjectNode body = request.body().deepCopy();
        body.remove(List.of("post_filter", "aggs", "search_after"));
        body.set("query", query.count().get("query"));
        body.put("size", PAGE);
        Instant before = known.to;
        return search.ask(query.request(body)).thenCompose(answer -> {
            take(request.rule(), answer, end, known);
            // more than a page in one millisecond is asked for as ever
            return known.to.equals(before) ? CompletableFuture.<Void>completedFuture(null) : fetch(request, known);
        });
    }

    /** As far back as a later question may begin. */
    private static Duration lookback(Rule rule) {
        return rule.flag("scan_entire_timeframe", false) && rule.timeframe() != null
                ? rule.timeframe()
                : rule.bufferTime();
    }

    private static void take(Rule rule, Answer answer, Instant end, Ahead known) {
        List<Placed> fetched = new ArrayList<>();
        for (Hit hit : answer.hits()) {
            Instant time = rule.readTime(Document.lookup(hit.source(), rule.timestampField()));
            fetched.add(new Placed(time.toEpochMilli(), known.places++, hit));
        }
        boolean full = fetched.size() >= PAGE;
        long last = full ? fetched.get(fetched.size() - 1).millis : Long.MAX_VALUE;
        // others of the last millisecond may be on the next page
        fetched.stream().filter(document -> document.millis < last).forEach(known.documents::add);
        known.to = full ? Instant.ofEpochMilli(last).minusMillis(1) : end;
    }

    private static Answer answer(Rule rule, JsonNode body, Instant[] wanted, Ahead known) {
        JsonNode after = body.path("search_after");
        List<Hit> hits = new ArrayList<>();
        ArrayNode last = null;
        for (Placed document : known.documents) {
            boolean follows = after.isMissingNode()
                    || document.millis > after.get(0).asLong()
                    || document.millis == after.get(0).asLong()
                            && document.place > after.get(1).asLong();
            if (follows
                    && isIn(document, wanted)
                    && hits.size() < body.get("size").asInt()) {
                hits.add(document.hit);
                last = JsonNodeFactory.instance.arrayNode().add(document.millis).add(document.place);
            }
        }
        ObjectNode aggregations = JsonNodeFactory.instance.objectNode();
        body.path("aggs").properties().forEach(aggregation -> {
            Instant[] part = range(rule, aggregation.getValue().get("filter"));
            aggregations
                    .putObject(aggregation.getKey())
                    .put(
                            "doc_count",
                            known.documents.stream().filter(d -> isIn(d, part)).count());
        });
        return new Answer(hits, last, hits.size(), aggregations);
    }

    private static boolean isIn(Placed document, Instant[] range) {
        return document.millis > range[0].toEpochMilli() && document.millis <= range[1].toEpochMilli();
    }

    private static Instant[] range(Rule rule, JsonNode filter) {
        JsonNode bounds = filter.path("range").path(rule.timestampField());
        return new Instant[] {time(rule, bounds.path("gt")), time(rule, bounds.path("lte"))};
    }

    private static Instant time(Rule rule, JsonNode bound) {
        return rule.readTime(bound.isNumber() ? bound.numberValue() : bound.asText())
                .truncatedTo(ChronoUnit.MILLIS);
    }
}
