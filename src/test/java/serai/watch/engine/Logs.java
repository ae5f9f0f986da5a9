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

/** Documents that are found after a while, or not at all. */
final class Logs implements Search {

    private final MemoryIndex index = new MemoryIndex();
    final AtomicInteger asked = new AtomicInteger();
    volatile Duration delay = Duration.ZERO;
    volatile String outage;
    /** No answer is given before it is complete. */
    volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

    void add(String id) {
        synchronized (index) {
            index.add(id, Instant.now());
        }
    }

    @Override
    public CompletableFuture<Answer> ask(Query query) {
        asked.incrementAndGet();
        Executor later = CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS);
        return gate.thenComposeAsync(open -> answer(query), later);
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
