package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import serai.watch.query.Query;
import serai.watch.query.Search;
import serai.watch.query.Search.Count;
import serai.watch.query.Window;
import serai.watch.rule.Rule;

/**
 * Counts documents, or the documents of each term, interval by interval: one query counts every interval of the new
 * time. It also counts the intervals counted before, as far as {@code buffer_time} goes back, together; when that is
 * more than it was, each is counted again and what it has more is added, at its own time.
 *
 * <p>Where one query holds one interval, late documents are not counted.
 */
final class CountReader extends RangeReader {

    /** Intervals that are remembered, and counted again, at most. */
    private static final int MAX_REMEMBERED = 200;

    private static final int MAX_AT_ONCE = 100;

    private final boolean single;
    private final List<IntervalCount> known = new ArrayList<>();
    private final List<IntervalCount> counted = new ArrayList<>();
    private boolean lateAsked;

    /**
     * @param single whether one query holds one interval
     * @param remembered what the run before left by {@link #remembered}
     */
    CountReader(Task task, boolean single, JsonNode remembered) {
        super(task, task.range().from());
        this.single = single;
        for (JsonNode state : remembered.path("tallies")) {
            IntervalCount count = IntervalCount.of(state);
            if (!single
                    && !count.interval().to().isAfter(range.from())
                    && !count.interval().from().isBefore(range.lateFrom())) {
                known.add(count);
            }
        }
    }

    @Override
    CompletableFuture<Boolean> step() {
        if (!reached.isBefore(range.end())) {
            return CompletableFuture.completedFuture(false);
        }
        List<Window> intervals = new ArrayList<>();
        Instant from = reached;
        while (from.isBefore(range.end()) && intervals.size() < (single ? 1 : MAX_AT_ONCE)) {
            Instant to = RunRange.earlier(range.end(), from.plus(rule.globalRunEvery()));
            intervals.add(new Window(from, to));
            from = to;
        }
        boolean late = !lateAsked && !known.isEmpty();
        lateAsked = true;
        Window before = late ? new Window(known.get(0).interval().from(), range.from()) : null;
        return ask(intervals, before).thenCompose(answer -> {
            long remembered =
                    known.stream().mapToLong(count -> count.count().documents()).sum();
            if (late && rule.flag("scan_entire_timeframe", false)) {
                collector.addHits(remembered);
            }
            return (late && answer.late() > remembered ? recount() : CompletableFuture.<Void>completedFuture(null))
                    .thenApply(done -> take(intervals, answer));
        });
    }

    private CompletableFuture<Search.Answer> ask(List<Window> intervals, Window late) {
        Query.Terms terms = rule.mode() == Rule.Mode.TERMS ? Query.Terms.of(rule, rule.queryKey()) : null;
        return search.ask(new Query.Counts(rule, intervals, late, terms, Map.of()));
    }

    private CompletableFuture<Void> recount() {
        List<Window> intervals = known.stream().map(IntervalCount::interval).toList();
        return ask(intervals, null).thenAccept(answer -> {
            for (int i = 0; i < known.size(); i++) {
                IntervalCount now =
                        new IntervalCount(intervals.get(i), answer.counts().get(i));
                Count late = now.since(known.get(i));
                if (rule.mode() == Rule.Mode.COUNT
                        ? late.documents() > 0
                        : !late.terms().isEmpty()) {
                    add(intervals.get(i).to(), late);
                }
                known.set(i, now);
            }
        });
    }

    private void add(Instant end, Count count) {
        if (rule.mode() == Rule.Mode.COUNT) {
            collector.addHits(count.documents());
            collector.addCount(end, count.documents());
        } else {
            collector.addHits(count.terms().size());
            collector.addTerms(end, count.terms());
        }
    }

    private boolean take(List<Window> intervals, Search.Answer answer) {
        for (int i = 0; i < intervals.size(); i++) {
            Window interval = intervals.get(i);
            Count count = answer.counts().get(i);
            counted.add(new IntervalCount(interval, count));
            add(interval.to(), count);
            collector.endSegment(interval.to());
            reached = interval.to();
        }
        segments += intervals.size();
        return segments < bounds.segments() && reached.isBefore(range.end());
    }

    @Override
    Instant reached() {
        return reached;
    }

    @Override
    Instant rememberedFrom() {
        List<IntervalCount> kept = kept();
        return kept.isEmpty() ? reached : kept.get(0).interval().from();
    }

    private List<IntervalCount> kept() {
        if (single) {
            return List.of();
        }
        List<IntervalCount> all = new ArrayList<>(known);
        all.addAll(counted);
        Instant from = reached.minus(RunRange.lookback(rule));
        all.removeIf(count -> count.interval().from().isBefore(from));
        return all.subList(Math.max(0, all.size() - MAX_REMEMBERED), all.size());
    }

    @Override
    JsonNode remembered() {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        if (!single) {
            ArrayNode counts = state.putArray("tallies");
            kept().forEach(count -> counts.add(count.state()));
        }
        return state;
    }
}
