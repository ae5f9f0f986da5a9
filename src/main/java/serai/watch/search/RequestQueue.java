package serai.watch.search;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.elasticsearch.ElasticsearchServer;
import serai.watch.query.ElasticsearchQuery;
import serai.watch.query.ElasticsearchResponse;
import serai.watch.query.Search;

/**
 * The questions that wait for one server. They are gathered for a few milliseconds, or until there are enough, and
 * asked together; while as many requests are under way as may be, they gather until one is back. Nobody who asks waits
 * here.
 */
final class RequestQueue {

    /** How many questions are asked together, by how much they are trusted; see {@link BatchIsolation}. */
    static final int[] TOGETHER = {250, 25, 1};

    static final int ALONE = TOGETHER.length - 1;

    private static final Logger LOG = LoggerFactory.getLogger(RequestQueue.class);
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /**
     * How long a question may be held back while the server cannot be reached: what is over by then nobody need hear
     * of.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ElasticsearchServer server;
    private final MultiSearch requests;
    private final ExecutorService threads;
    private final SearchMetrics meters;
    private final BatchingSearch.Bounds bounds;
    private final BatchIsolation company = new BatchIsolation();
    private final CircuitBreaker breaker = new CircuitBreaker(Clock.systemUTC());
    private final PendingQueries waiting = new PendingQueries();
    private int underWay;
    private boolean alarmSet;
    private boolean outageSaid;
    private boolean closed;

    RequestQueue(
            ElasticsearchServer server,
            MultiSearch requests,
            ExecutorService threads,
            SearchMetrics meters,
            BatchingSearch.Bounds bounds) {
        this.server = server;
        this.requests = requests;
        this.threads = threads;
        this.meters = meters;
        this.bounds = bounds;
    }

    /** For requests that are no questions, and wait in no line. */
    MultiSearch requests() {
        return requests;
    }

    CompletableFuture<ElasticsearchResponse> ask(ElasticsearchQuery request) {
        meters.questions.increment();
        PendingQuery question = new PendingQuery(
                request,
                server.http().responseTimeout().toMillis() * 3 / 4,
                company.of(request.rule().name()));
        Search.FailedException refusal = null;
        synchronized (this) {
            if (closed) {
                refusal = closing();
            } else if (away()) {
                refusal = down();
            } else if (waiting.size() >= bounds.questions()) {
                refusal = new Search.FailedException(
                        waiting.size() + " questions wait for " + server
                                + " already (watch.search-max-questions); it is too slow for so many rules",
                        null);
            } else {
                waiting.add(question);
            }
        }
        if (refusal == null) {
            dispatch();
        } else {
            fail(question, refusal);
        }
        return question.answer;
    }

    /** Whether the server has been away for so long that nobody should wait for it. */
    private boolean away() {
        return breaker.outage().compareTo(PATIENCE) > 0 && !breaker.pause().isZero();
    }

    private Search.NoServerException down() {
        return new Search.NoServerException(server + " does not answer since "
                + breaker.since().truncatedTo(ChronoUnit.SECONDS) + ": " + breaker.reason());
    }

    private Search.FailedException closing() {
        return new Search.FailedException(server + " is asked no more: Serai stops", null);
    }

    /** Lets nobody wait any longer; requests under way may come to their end. */
    void close() {
        List<PendingQuery> left;
        synchronized (this) {
            closed = true;
            left = waiting.takeAll();
        }
        left.forEach(question -> fail(question, closing()));
    }

    private void fail(PendingQuery question, Search.FailedException reason) {
        meters.failures.increment();
        question.answer.completeExceptionally(reason);
    }

    /** Sends what may be sent now, and sets an alarm for what has to wait for the clock. */
    private void dispatch() {
        List<PendingQuery> batch;
        do {
            List<PendingQuery> givenUp;
            Search.FailedException reason;
            synchronized (this) {
                reason = away() ? down() : null;
                givenUp = reason == null ? List.of() : waiting.takeAll();
                batch = next();
            }
            givenUp.forEach(question -> fail(question, reason));
            if (!batch.isEmpty()) {
                List<PendingQuery> now = batch;
                threads.execute(() -> run(now));
            }
        } while (!batch.isEmpty());
    }

    private List<PendingQuery> next() {
        if (waiting.size() == 0 || underWay >= (breaker.closed() ? bounds.requests() : 1)) {
            return List.of();
        }
        long gather = GATHER_NANOS - Math.min(GATHER_NANOS, waiting.waited());
        long wait = Math.max(breaker.pause().toNanos(), gather);
        if (wait > 0) {
            long patience = PATIENCE.minus(breaker.outage()).toNanos();
            alarm(breaker.closed() || patience <= 0 ? wait : Math.min(wait, patience + GATHER_NANOS));
            return List.of();
        }
        underWay++;
        return waiting.take();
    }

    private void alarm(long nanos) {
        if (!alarmSet) {
            alarmSet = true;
            CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, threads)
                    .execute(() -> {
                        synchronized (this) {
                            alarmSet = false;
                        }
                        dispatch();
                    });
        }
    }

    private void run(List<PendingQuery> batch) {
        List<Runnable> told = new ArrayList<>();
        try {
            MultiSearch.Outcome outcome = requests.ask(batch);
            synchronized (this) {
                settle(batch, outcome, told);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("server={} A request failed", server, e);
            Search.FailedException reason = new Search.FailedException(
                    "the request failed by " + e.getClass().getSimpleName(), e);
            batch.forEach(question -> told.add(() -> fail(question, reason)));
        } finally {
            synchronized (this) {
                underWay--;
            }
            dispatch();
            // who asked goes on here: the next request is under way already
            told.forEach(Runnable::run);
        }
    }

    private void settle(List<PendingQuery> batch, MultiSearch.Outcome outcome, List<Runnable> told) {
        int answered = outcome.items().size();
        for (int i = 0; i < answered; i++) {
            settle(batch.get(i), outcome.items().get(i), told);
        }
        SearchFailedException failure = outcome.failure();
        if (failure == null) {
            answers();
            return;
        }
        if (failure.isTheServers(batch.get(0))) {
            breaker.failed(failure.getMessage(), failure.retryAfter);
            sayOutage();
        } else if (failure.fault != SearchFailedException.Fault.TIMED_OUT) {
            answers();
        }
        for (PendingQuery question : batch.subList(answered, batch.size())) {
            unanswered(question, failure, batch.size(), told);
        }
    }

    private void settle(PendingQuery question, QueryResult item, List<Runnable> told) {
        if (item.answer() == null) {
            String reason = server + " did not answer the question: " + item.reason();
            told.add(() -> fail(
                    question,
                    item.tooLarge() ? new Search.TooLargeException(reason) : new Search.FailedException(reason, null)));
            return;
        }
        company.answered(question.rule());
        told.add(() -> question.answer.complete(item.answer()));
    }

    /** Asked again in smaller company, or after a moment; or not answered. */
    private void unanswered(PendingQuery question, SearchFailedException failure, int together, List<Runnable> told) {
        boolean smaller = failure.mayBeOneQuestion() && together > 1;
        if (closed) {
            told.add(() -> fail(question, closing()));
            return;
        }
        if (smaller || failure.fault == SearchFailedException.Fault.TIMED_OUT) {
            question.company = Math.min(ALONE, question.company + 1);
            company.doubt(question.rule(), question.company);
        }
        if (smaller || failure.mayPass() && System.nanoTime() - question.askedAt < PATIENCE.toNanos()) {
            waiting.add(question);
            return;
        }
        Search.FailedException reason = failure.fault == SearchFailedException.Fault.TOO_LARGE
                ? new Search.TooLargeException(
                        server + ": " + failure.getMessage() + "; lower max_query_size, or include fewer fields")
                : breaker.closed() ? new Search.FailedException(server + ": " + failure.getMessage(), null) : down();
        told.add(() -> fail(question, reason));
    }

    private void sayOutage() {
        if (!outageSaid && breaker.outage().compareTo(PATIENCE) > 0) {
            outageSaid = true;
            LOG.warn("server={} It does not answer; rules go on when it does: {}", server, breaker.reason());
        }
    }

    private void answers() {
        Duration outage = breaker.succeeded();
        if (outage != null) {
            requests.forgetProduct();
        }
        if (outageSaid) {
            LOG.info("server={} It answers again, after {} s", server, outage.toSeconds());
        }
        outageSaid = false;
    }
}
