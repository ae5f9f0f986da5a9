package serai.watch.search;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.elasticsearch.ElasticsearchClient;
import serai.watch.query.ElasticsearchQuery;
import serai.watch.query.ElasticsearchResponse;
import serai.watch.query.Search;

/**
 * The queries that wait for one server. They are collected for a few milliseconds, or until a batch is full, and sent
 * in one request; while as many requests as allowed are under way, they are collected until one is back. No caller is
 * blocked.
 */
final class RequestQueue {

    private static final Logger LOG = LoggerFactory.getLogger(RequestQueue.class);
    private static final long COLLECT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final ElasticsearchClient client;
    private final MultiSearch requests;
    private final ExecutorService threads;
    private final SearchMetrics metrics;
    private final SearchLimits limits;
    private final BatchIsolation isolation = new BatchIsolation();
    private final ServerAvailability availability;
    private final PendingQueries waiting = new PendingQueries();
    private final BatchSettlement settlement;
    private int underWay;
    private boolean timerSet;
    private boolean closed;

    RequestQueue(ElasticsearchClient client, ExecutorService threads, SearchMetrics metrics, SearchLimits limits) {
        this.client = client;
        this.requests = new MultiSearch(client, metrics);
        this.threads = threads;
        this.metrics = metrics;
        this.limits = limits;
        this.availability = new ServerAvailability(client);
        this.settlement = new BatchSettlement(client.server(), isolation, availability, waiting);
    }

    /** For requests that are not queries of rules; they do not wait in this queue. */
    ElasticsearchClient client() {
        return client;
    }

    CompletableFuture<ElasticsearchResponse> ask(ElasticsearchQuery request) {
        metrics.queries.increment();
        PendingQuery query = new PendingQuery(
                request,
                client.server().http().responseTimeout().toMillis() * 3 / 4,
                isolation.level(request.rule().name()));
        Search.FailedException refusal;
        synchronized (this) {
            refusal = refusal();
            if (refusal == null) {
                waiting.add(query);
            }
        }
        if (refusal == null) {
            dispatch();
        } else {
            fail(query, refusal);
        }
        return query.answer;
    }

    private Search.FailedException refusal() {
        if (closed) {
            return BatchSettlement.stopping(client.server());
        }
        if (availability.isDown()) {
            return availability.unavailable();
        }
        return waiting.size() < limits.queries()
                ? null
                : new Search.FailedException(
                        waiting.size() + " queries wait for " + client.server()
                                + " already (watch.search-max-questions); it is too slow for so many rules",
                        null);
    }

    /** Fails all queries that wait. Requests that are under way may finish. */
    void close() {
        List<PendingQuery> left;
        synchronized (this) {
            closed = true;
            left = waiting.takeAll();
        }
        left.forEach(query -> fail(query, BatchSettlement.stopping(client.server())));
    }

    private void fail(PendingQuery query, Search.FailedException reason) {
        metrics.failures.increment();
        query.answer.completeExceptionally(reason);
    }

    /** Sends what may be sent now, and sets a timer for what has to wait. */
    private void dispatch() {
        List<PendingQuery> batch;
        do {
            List<PendingQuery> givenUp;
            Search.FailedException reason;
            synchronized (this) {
                reason = availability.isDown() ? availability.unavailable() : null;
                givenUp = reason == null ? List.of() : waiting.takeAll();
                batch = nextBatch();
            }
            givenUp.forEach(query -> fail(query, reason));
            if (!batch.isEmpty()) {
                List<PendingQuery> next = batch;
                threads.execute(() -> send(next));
            }
        } while (!batch.isEmpty());
    }

    /** Empty when nothing may be sent now. */
    private List<PendingQuery> nextBatch() {
        if (waiting.size() == 0 || underWay >= (availability.isUp() ? limits.requests() : 1)) {
            return List.of();
        }
        long collect = COLLECT_NANOS - Math.min(COLLECT_NANOS, waiting.waited());
        long wait = Math.max(availability.pause().toNanos(), collect);
        if (wait > 0) {
            long patience = availability.patience().toNanos();
            setTimer(availability.isUp() || patience <= 0 ? wait : Math.min(wait, patience + COLLECT_NANOS));
            return List.of();
        }
        underWay++;
        return waiting.takeBatch();
    }

    private void setTimer(long nanos) {
        if (!timerSet) {
            timerSet = true;
            CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, threads)
                    .execute(() -> {
                        synchronized (this) {
                            timerSet = false;
                        }
                        dispatch();
                    });
        }
    }

    private void send(List<PendingQuery> batch) {
        List<BatchSettlement.Settled> settled = new ArrayList<>();
        try {
            MultiSearch.Outcome outcome = requests.send(batch);
            synchronized (this) {
                settlement.settle(batch, outcome, closed, settled);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("server={} A request failed", client.server(), e);
            Search.FailedException reason = new Search.FailedException(
                    "the request failed by " + e.getClass().getSimpleName(), e);
            batch.forEach(query -> settled.add(new BatchSettlement.Settled(query, null, reason)));
        } finally {
            synchronized (this) {
                underWay--;
            }
            dispatch();
            // callers continue here, when the next request is under way already
            settled.forEach(this::complete);
        }
    }

    private void complete(BatchSettlement.Settled settled) {
        if (settled.failure() == null) {
            settled.query().answer.complete(settled.answer());
        } else {
            fail(settled.query(), settled.failure());
        }
    }
}
