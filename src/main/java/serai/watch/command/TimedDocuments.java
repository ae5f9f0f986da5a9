package serai.watch.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import serai.watch.query.Query;
import serai.watch.query.Search;
import serai.watch.query.Window;
import serai.watch.rule.Document;
import serai.watch.rule.Rule;

/**
 * Documents of one rule in the order of their time. They answer its queries as a source does that holds only them; they
 * are taken to pass the rule's filters.
 */
final class TimedDocuments {

    /** A document at the millisecond that servers sort it by, and its place in the order of all. */
    private record Timed(long millis, long place, Search.Hit hit) {}

    private final Rule rule;
    private final Deque<Timed> documents = new ArrayDeque<>();
    private long places;

    TimedDocuments(Rule rule) {
        this.rule = rule;
    }

    /** Adds a document that is not before those that were added. */
    void add(Instant time, Search.Hit hit) {
        documents.addLast(new Timed(time.toEpochMilli(), places++, hit));
    }

    void removeUntil(Instant time) {
        while (!documents.isEmpty() && documents.peekFirst().millis <= time.toEpochMilli()) {
            documents.removeFirst();
        }
    }

    void clear() {
        documents.clear();
    }

    Search.Answer page(Query.Documents query) {
        List<Search.Hit> hits = new ArrayList<>();
        ArrayNode last = null;
        for (Timed document : in(query.page())
                .filter(d -> follows(d, query))
                .limit(query.size())
                .toList()) {
            hits.add(document.hit);
            last = JsonNodeFactory.instance.arrayNode().add(document.millis).add(document.place);
        }
        return Search.Answer.documents(
                hits, last, query.late() == null ? 0 : in(query.late()).count());
    }

    private static boolean follows(Timed document, Query.Documents query) {
        if (query.after() == null) {
            return true;
        }
        long millis = query.after().get(0).asLong();
        return document.millis > millis
                || document.millis == millis
                        && document.place > query.after().get(1).asLong();
    }

    /** The documents of a window, and those of each value of a field; a null field has no values. */
    Search.Count count(Window window, String field) {
        Map<Object, Long> terms = new LinkedHashMap<>();
        long[] count = {0};
        in(window).forEach(document -> {
            count[0]++;
            Object value = field == null ? null : Document.lookup(document.hit.source(), field);
            if (value != null) {
                terms.merge(value, 1L, Long::sum);
            }
        });
        return new Search.Count(count[0], terms);
    }

    private Stream<Timed> in(Window window) {
        long from = asked(window.from());
        long to = asked(window.to());
        return documents.stream().filter(document -> document.millis > from && document.millis <= to);
    }

    /** A time as queries hold it: the bounds of some rules are whole seconds. */
    private long asked(Instant time) {
        return rule.readTime(rule.queryBound(time))
                .truncatedTo(ChronoUnit.MILLIS)
                .toEpochMilli();
    }
}
