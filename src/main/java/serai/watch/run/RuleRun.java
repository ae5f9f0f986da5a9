package serai.watch.run;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import serai.watch.rule.Event;
import serai.watch.rule.Rule;
import serai.watch.search.RuleQuery;
import serai.watch.search.Search;
import serai.watch.type.RuleType;

/**
 * One run of a rule: it asks for the time since the last run, feeds the rule type, and leaves what it found for one commit. Documents are
 * asked for again as far back as {@code buffer_time}, for those that came late; the ones taken already are skipped. Bounded: what is
 * left over is the next run's. Upstream's windows are in spec/elastalert.md 1.2.
 */
public final class RuleRun {

    /** How much one run takes at most. */
    public record Bounds(int documents, int segments, int remembered, Duration catchUp) {
    }

    /**
     * What a run found.
     *
     * @param after    the rule's state after it
     * @param hits     documents found, those seen before too
     * @param fresh    documents that were new
     * @param matches  the matches, finished but for their counts
     * @param odd      documents that could not be used, with the reason
     * @param complete whether the run came as far as it should, or stopped at a bound
     * @param notice   what time was left out because it lies too far back, or null
     */
    public record Result(RuleState after, long hits, long fresh, List<Map<String, Object>> matches, List<Odd> odd, boolean complete,
            String notice) {
    }

    /** A document that has no time. */
    public record Odd(Search.Hit hit, String reason) {
    }

    private final Rule rule;
    private final Search search;
    private final Bounds bounds;
    private final RuleState before;
    private final Instant end;
    private final RuleType type;
    private final SeenDocuments seen;
    private final List<Map<String, Object>> matches = new ArrayList<>();
    private final List<Odd> odd = new ArrayList<>();
    private long hits;
    private long fresh;

    public RuleRun(Rule rule, RuleState before, Search search, Bounds bounds, Instant now) {
        this.rule = rule;
        this.before = before;
        this.search = search;
        this.bounds = bounds;
        this.end = now.minus(rule.queryDelay()).truncatedTo(ChronoUnit.MILLIS);
        this.type = RuleType.open(rule, before.type());
        this.seen = SeenDocuments.of(before.seen());
    }

    /** Fails with {@link Search.FailedException} when a query failed; nothing of the run counts then and the next one covers its time. */
    public CompletableFuture<Result> run() {
        try {
            return CompletableFuture.completedFuture(result());
        } catch (Search.FailedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Result result() throws Search.FailedException {
        boolean documents = rule.mode() == Rule.Mode.DOCUMENTS;
        Duration first = documents ? rule.bufferTime() : rule.runEvery();
        Instant known = before.endsAt() == null ? end.minus(first) : before.endsAt();
        Instant oldest = end.minus(bounds.catchUp());
        Instant reached = known.isBefore(oldest) ? oldest : known;
        Instant start = documents && before.from() != null && before.from().isBefore(reached) ? max(before.from(), oldest) : reached;
        Instant from = start;
        int segments = 0;
        while (reached.isBefore(end) && segments++ < bounds.segments() && fresh < bounds.documents()) {
            Instant to = min(end, reached.plus(first));
            reached = documents ? documents(from, to) : counted(reached, to);
            from = to;
            type.collectGarbage(reached);
            matches.addAll(type.takeMatches());
        }
        String notice = known.isBefore(oldest) ? "The time from " + known + " to " + oldest + " was left out: it lies further back than"
                + " watch.catch-up-limit." : null;
        return new Result(after(start, max(reached, known)), hits, fresh, matches, odd, !reached.isBefore(end), notice);
    }

    private RuleState after(Instant start, Instant reached) {
        Instant from = max(start, reached.minus(rule.bufferTime()));
        // a document remembered by its minute may be a little older than the time asked for: that does no harm
        Instant remembered = seen.forget(from, bounds.remembered());
        return new RuleState(before.run() + 1, reached, remembered, seen.state(), type.state());
    }

    private Instant counted(Instant from, Instant to) throws Search.FailedException {
        RuleQuery query = new RuleQuery(rule, from, to);
        Search.Answer page = ask(query, 0, null);
        if (rule.mode() == Rule.Mode.COUNT) {
            hits += page.total();
            type.addCount(to, page.total());
        } else {
            Map<Object, Long> buckets = new LinkedHashMap<>();
            for (JsonNode bucket : page.aggregations().at("/counts/buckets")) {
                buckets.put(bucket.get("key").isTextual() ? bucket.get("key").asText() : bucket.get("key").numberValue(),
                        bucket.get("doc_count").asLong());
            }
            hits += buckets.values().stream().mapToLong(Long::longValue).sum();
            type.addTerms(to, buckets);
        }
        fresh = hits;
        return to;
    }

    /** Reads a segment page by page and returns how far it came: to its end, or to the last document that the bound allowed. */
    private Instant documents(Instant from, Instant to) throws Search.FailedException {
        RuleQuery query = new RuleQuery(rule, from, to);
        JsonNode after = null;
        while (true) {
            Search.Answer page = ask(query, rule.maxQuerySize(), after);
            List<Event> events = fresh(page, to);
            type.addDocuments(events);
            matches.addAll(type.takeMatches());
            if (page.hits().size() < rule.maxQuerySize()) {
                return to;
            }
            if (fresh >= bounds.documents() && !events.isEmpty()) {
                return min(to, events.get(events.size() - 1).time());
            }
            JsonNode next = next(page.last());
            if (next.equals(after)) {
                throw new Search.FailedException("More documents than max_query_size (" + rule.maxQuerySize()
                        + ") have one time and sequence number; raise max_query_size.", null);
            }
            after = next;
        }
    }

    private Search.Answer ask(RuleQuery query, int size, JsonNode after) throws Search.FailedException {
        try {
            return search.ask(new Search.Request(rule, Search.Kind.SEARCH, query.indices(), query.page(size, after), query.from(),
                    query.to())).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Search.FailedException failed ? failed : new Search.FailedException(e.getMessage(), e);
        }
    }

    /** One back in the sequence of its instant: documents of other shards may have the same number. */
    private static JsonNode next(JsonNode last) {
        ArrayNode next = last.deepCopy();
        return next.set(1, next.get(1).asLong() - 1);
    }

    private List<Event> fresh(Search.Answer page, Instant to) {
        List<Event> events = new ArrayList<>();
        for (Search.Hit hit : page.hits()) {
            hits++;
            try {
                Event event = Event.of(rule, hit.source(), hit.index(), hit.id());
                if (seen.add(hit.index(), hit.id(), event.time())) {
                    fresh++;
                    events.add(event);
                }
            } catch (Event.OddDocument e) {
                if (seen.add(hit.index(), hit.id(), to)) {
                    fresh++;
                    odd.add(new Odd(hit, e.getMessage()));
                }
            }
        }
        return events;
    }

    private static Instant min(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static Instant max(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
