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
import java.util.Objects;
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

    /** Counts without late documents. */
    Search.Answer counts(Query.Counts query) {
        return Search.Answer.counts(
                query.intervals().stream()
                        .map(interval -> count(interval, query))
                        .toList(),
                0);
    }

    private Search.Count count(Window interval, Query.Counts query) {
        List<Map<String, Object>> found = in(interval)
                .map(document -> document.hit.source())
                .filter(source -> query.where().entrySet().stream()
                        .allMatch(one -> one.getValue().equals(value(source, one.getKey()))))
                .toList();
        Map<Object, Long> terms = new LinkedHashMap<>();
        if (query.terms() != null) {
            found.stream()
                    .map(source -> value(source, query.terms().field()))
                    .filter(Objects::nonNull)
                    .forEach(value -> terms.merge(value, 1L, Long::sum));
        }
        return new Search.Count(found.size(), terms);
    }

    private static Object value(Map<String, Object> source, String field) {
        return Document.lookup(source, field.replaceFirst("\\.keyword$", ""));
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
