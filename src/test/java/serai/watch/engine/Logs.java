package serai.watch.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import serai.watch.search.Search;

/** A server of a few documents that answers questions for those of a time, after a while, or not at all. */
final class Logs implements Search {

    private record Stored(Instant time, Hit hit) {
    }

    private final List<Stored> documents = new ArrayList<>();
    final AtomicInteger asked = new AtomicInteger();
    volatile Duration delay = Duration.ZERO;
    volatile String outage;

    synchronized void add(String id) {
        Instant now = Instant.now();
        Map<String, Object> source = new LinkedHashMap<>(Map.of("@timestamp", now.toString()));
        documents.add(new Stored(now, new Hit("logs", id, source)));
    }

    @Override
    public CompletableFuture<Answer> ask(Request request) {
        asked.incrementAndGet();
        Executor later = CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS);
        return CompletableFuture.supplyAsync(() -> answer(request), later);
    }

    private synchronized Answer answer(Request request) {
        if (outage != null) {
            throw new CompletionException(new FailedException(outage, null));
        }
        List<Hit> hits = new ArrayList<>();
        ArrayNode last = null;
        for (Stored document : documents) {
            if (document.time().isAfter(request.from()) && !document.time().isAfter(request.to())) {
                hits.add(new Hit(document.hit().index(), document.hit().id(), new LinkedHashMap<>(document.hit().source())));
                last = JsonNodeFactory.instance.arrayNode().add(document.time().toEpochMilli()).add(hits.size());
            }
        }
        return new Answer(hits, last, hits.size(), JsonNodeFactory.instance.objectNode());
    }
}
