package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import serai.watch.query.RuleQuery;
import serai.watch.query.Search;
import serai.watch.rule.Rule;

/**
 * Counts documents, or the documents of each term, piece by piece: one question counts every piece of the new time. It
 * also counts the pieces counted before, as far as {@code buffer_time} goes back, together; when that is more than it
 * was, each is counted again and what it has more is added, at its own time.
 */
final class CountReader implements RangeReader {

    /** Pieces that are remembered, and counted again, at most. */
    private static final int MOST_TALLIES = 200;

    private static final int MOST_AT_ONCE = 100;

    private final Rule rule;
    private final Search search;
    private final RuleRun.Bounds bounds;
    private final Findings findings;
    private final RunRange span;
    private final List<IntervalCount> known = new ArrayList<>();
    private final List<IntervalCount> counted = new ArrayList<>();
    private Instant reached;
    private boolean lateAsked;
    private int segments;

    CountReader(
            Rule rule, Search search, RuleRun.Bounds bounds, Findings findings, RunRange span, JsonNode remembered) {
        this.rule = rule;
        this.search = search;
        this.bounds = bounds;
        this.findings = findings;
        this.span = span;
        this.reached = span.from();
        for (JsonNode kept : remembered.path("tallies")) {
            IntervalCount tally = IntervalCount.of(kept);
            if (!tally.to().isAfter(span.from()) && !tally.from().isBefore(span.lateFrom())) {
                known.add(tally);
            }
        }
    }

    @Override
    public CompletableFuture<Boolean> step() {
        if (!reached.isBefore(span.end())) {
            return CompletableFuture.completedFuture(false);
        }
        List<IntervalCount> pieces = new ArrayList<>();
        Duration piece = rule.globalRunEvery();
        Instant from = reached;
        while (from.isBefore(span.end()) && pieces.size() < MOST_AT_ONCE) {
            Instant to = RunRange.earlier(span.end(), from.plus(piece));
            pieces.add(new IntervalCount(from, to, 0, Map.of()));
            from = to;
        }
        boolean late = !lateAsked && !known.isEmpty();
        lateAsked = true;
        return count(late ? known.get(0).from() : reached, pieces, late).thenCompose(answer -> {
            long before = known.stream().mapToLong(IntervalCount::total).sum();
            boolean more = late && answer.aggregations().at("/late/doc_count").asLong() > before;
            if (late && rule.flag("scan_entire_timeframe", false)) {
                findings.hits(before);
            }
            return (more ? recount() : CompletableFuture.<Void>completedFuture(null))
                    .thenApply(done -> take(pieces, answer));
        });
    }

    private CompletableFuture<Void> recount() {
        return count(known.get(0).from(), known, false).thenAccept(answer -> {
            JsonNode buckets = answer.aggregations().at("/ranges/buckets");
            for (int i = 0; i < known.size(); i++) {
                IntervalCount before = known.get(i);
                IntervalCount now = IntervalCount.of(before.from(), before.to(), buckets.path(i));
                add(now.since(before));
                known.set(i, now);
            }
        });
    }

    /** Adds what came late; nothing when nothing did. */
    private void add(IntervalCount late) {
        if (late.total() > 0) {
            findings.hits(
                    rule.mode() == Rule.Mode.COUNT ? late.total() : late.terms().size());
        }
        if (rule.mode() == Rule.Mode.COUNT && late.total() > 0) {
            findings.count(late.to(), late.total());
        } else if (!late.terms().isEmpty()) {
            findings.terms(late.to(), late.terms());
        }
    }

    private boolean take(List<IntervalCount> pieces, Search.Answer answer) {
        JsonNode buckets = answer.aggregations().at("/ranges/buckets");
        for (int i = 0; i < pieces.size(); i++) {
            IntervalCount tally =
                    IntervalCount.of(pieces.get(i).from(), pieces.get(i).to(), buckets.path(i));
            counted.add(tally);
            if (rule.mode() == Rule.Mode.COUNT) {
                findings.hits(tally.total());
                findings.count(tally.to(), tally.total());
            } else {
                findings.hits(tally.terms().size());
                findings.terms(tally.to(), tally.terms());
            }
            findings.reached(tally.to());
            reached = tally.to();
        }
        segments += pieces.size();
        return segments < bounds.segments() && reached.isBefore(span.end());
    }

    private CompletableFuture<Search.Answer> count(Instant from, List<IntervalCount> pieces, boolean late) {
        RuleQuery query =
                new RuleQuery(rule, from, pieces.get(pieces.size() - 1).to());
        ObjectNode body = query.counts(pieces.stream()
                .map(piece -> new RuleQuery.Range(piece.from(), piece.to()))
                .toList());
        if (late) {
            ((ObjectNode) body.get("aggs")).putObject("late").set("filter", query.range(from, span.from()));
        }
        return search.ask(query.request(body));
    }

    @Override
    public Instant reached() {
        return reached;
    }

    @Override
    public Instant rememberedFrom() {
        List<IntervalCount> kept = kept();
        return kept.isEmpty() ? reached : kept.get(0).from();
    }

    private List<IntervalCount> kept() {
        List<IntervalCount> all = new ArrayList<>(known);
        all.addAll(counted);
        Instant from = reached.minus(RunRange.lookback(rule));
        all.removeIf(tally -> tally.from().isBefore(from));
        return all.subList(Math.max(0, all.size() - MOST_TALLIES), all.size());
    }

    @Override
    public JsonNode remembered() {
        ArrayNode tallies = JsonNodeFactory.instance.arrayNode();
        kept().forEach(tally -> tallies.add(tally.kept()));
        return JsonNodeFactory.instance.objectNode().set("tallies", tallies);
    }
}
