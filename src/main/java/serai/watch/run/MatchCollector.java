package serai.watch.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import serai.watch.python.EqualityKey;
import serai.watch.query.Search;
import serai.watch.rule.Document;
import serai.watch.rule.Event;
import serai.watch.rule.Rule;
import serai.watch.type.RuleType;

/** Feeds the rule type with what a run reads, and collects its matches and counts. */
final class MatchCollector {

    private final Rule rule;
    private final RuleType type;
    private final SeenDocuments seen;
    private final List<Map<String, Object>> matches = new ArrayList<>();
    private final List<RuleRun.UnusableDocument> unusable = new ArrayList<>();
    private long hits;
    private long fresh;

    MatchCollector(Rule rule, RuleType type, SeenDocuments seen) {
        this.rule = rule;
        this.type = type;
        this.seen = seen;
    }

    /**
     * Feeds the rule type with the documents of a page that were not taken before.
     *
     * @param to the time for documents without a usable time of their own
     * @return the time of the last new document, or null when there was none
     */
    Instant addDocuments(Search.Answer page, Instant to) {
        List<Event> events = new ArrayList<>();
        Instant last = null;
        for (Search.Hit hit : page.hits()) {
            try {
                Event event = Event.of(rule, hit.source(), hit.index(), hit.id());
                if (seen.add(hit.index(), hit.id(), event.time())) {
                    fresh++;
                    events.add(event);
                    last = event.time();
                }
            } catch (Event.NoTimeException e) {
                if (seen.add(hit.index(), hit.id(), to)) {
                    fresh++;
                    unusable.add(new RuleRun.UnusableDocument(hit, e.getMessage()));
                }
            }
        }
        if (!events.isEmpty()) {
            type.addDocuments(events);
            matches.addAll(type.takeMatches());
        }
        return last;
    }

    void addCount(Instant end, long count) {
        fresh += count;
        type.addCount(end, count);
        matches.addAll(type.takeMatches());
    }

    void addTerms(Instant end, Map<Object, Long> buckets) {
        fresh += buckets.values().stream().mapToLong(Long::longValue).sum();
        type.addTerms(end, buckets);
        matches.addAll(type.takeMatches());
    }

    /** @param once whether a match of the same time and key as an earlier one is left out */
    void addBuckets(Instant end, Search.Answer answer, boolean once) {
        type.addBuckets(end, answer.buckets());
        long documents = answer.counts().get(0).documents();
        hits += documents;
        fresh += documents;
        for (Map<String, Object> match : type.takeMatches()) {
            if (!once || seen.add("match", rule.timeOf(match) + " " + key(match), end)) {
                matches.add(match);
            }
        }
    }

    private String key(Map<String, Object> match) {
        return rule.queryKey() == null ? "" : EqualityKey.of(Document.lookup(match, rule.queryKey()));
    }

    /** Ends a segment: the time up to here has been queried. */
    void endSegment(Instant end) {
        type.collectGarbage(end);
        matches.addAll(type.takeMatches());
    }

    void addHits(long more) {
        hits += more;
    }

    SeenDocuments seen() {
        return seen;
    }

    RuleType type() {
        return type;
    }

    List<Map<String, Object>> matches() {
        return matches;
    }

    List<RuleRun.UnusableDocument> unusable() {
        return unusable;
    }

    long hits() {
        return hits;
    }

    /** The number of new documents. */
    long fresh() {
        return fresh;
    }
}
