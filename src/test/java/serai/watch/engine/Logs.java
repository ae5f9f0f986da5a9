package serai.watch.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import serai.watch.query.MemoryIndex;
import serai.watch.query.Query;
import serai.watch.query.Search;

/** An index that can be slow or down. */
final class Logs implements Search {

    private final MemoryIndex index = new MemoryIndex();
    final AtomicInteger requests = new AtomicInteger();
    volatile Duration delay = Duration.ZERO;
    volatile String outage;
    /** Answers wait until this is complete. */
    volatile CompletableFuture<Void> answers = CompletableFuture.completedFuture(null);

    void add(String id) {
        synchronized (index) {
            index.add(id, Instant.now());
        }
    }

    /** Adds a document whose time is no time, though the index finds it. */
    void addOdd(String id) {
        synchronized (index) {
            index.add(id, Instant.now(), "@timestamp", "soon");
        }
    }

    @Override
    public CompletableFuture<Answer> ask(Query query) {
        requests.incrementAndGet();
        Executor later = CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS);
        return answers.thenComposeAsync(open -> answer(query), later);
    }

    private CompletableFuture<Answer> answer(Query query) {
        if (outage != null) {
            return CompletableFuture.failedFuture(new FailedException(outage, null));
        }
        synchronized (index) {
            index.at(Instant.now());
            return index.ask(query);
        }
    }
}
