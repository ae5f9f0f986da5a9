package serai.watch.search;

import java.util.List;
import serai.elasticsearch.ElasticsearchException;
import serai.elasticsearch.ElasticsearchException.Fault;
import serai.elasticsearch.ElasticsearchServer;
import serai.watch.query.ElasticsearchResponse;
import serai.watch.query.QueryLanguage;
import serai.watch.query.Search;

/**
 * Decides what becomes of each query of a batch: it is answered, it waits again, or it fails. Not thread-safe; called
 * with the lock of the {@link RequestQueue}.
 */
final class BatchSettlement {

    /**
     * A query that waits no more.
     *
     * @param answer null when it failed
     * @param failure null when it was answered
     */
    record Settled(PendingQuery query, ElasticsearchResponse answer, Search.FailedException failure) {}

    private final ElasticsearchServer server;
    private final BatchIsolation isolation;
    private final ServerAvailability availability;
    private final PendingQueries waiting;

    /** @param waiting gets the queries that are to be sent again */
    BatchSettlement(
            ElasticsearchServer server,
            BatchIsolation isolation,
            ServerAvailability availability,
            PendingQueries waiting) {
        this.server = server;
        this.isolation = isolation;
        this.availability = availability;
        this.waiting = waiting;
    }

    /**
     * @param closed whether nothing is sent any more
     * @param settled gets the queries that wait no more
     */
    void settle(List<PendingQuery> batch, MultiSearch.Outcome outcome, boolean closed, List<Settled> settled) {
        int answered = outcome.results().size();
        for (int i = 0; i < answered; i++) {
            settled.add(settled(batch.get(i), outcome.results().get(i)));
        }
        ElasticsearchException failure = outcome.failure();
        if (failure == null) {
            availability.answered();
            return;
        }
        if (isOfServer(failure, batch.get(0))) {
            availability.failed(failure);
        } else if (failure.fault() != Fault.TIMED_OUT) {
            availability.answered();
        }
        for (PendingQuery query : batch.subList(answered, batch.size())) {
            if (closed) {
                settled.add(new Settled(query, null, stopping(server)));
            } else if (isSentAgain(query, failure, batch.size())) {
                waiting.add(query);
            } else {
                settled.add(new Settled(query, null, reason(failure)));
            }
        }
    }

    private Settled settled(PendingQuery query, QueryResult result) {
        if (result.answer() != null) {
            isolation.answered(query.rule());
            return new Settled(query, result.answer(), null);
        }
        String reason = server + " did not answer the query: " + result.reason();
        return new Settled(
                query,
                null,
                result.tooLarge() ? new Search.TooLargeException(reason) : new Search.FailedException(reason, null));
    }

    private boolean isSentAgain(PendingQuery query, ElasticsearchException failure, int batchSize) {
        boolean inSmallerBatch = mayBeOfOneQuery(failure) && batchSize > 1;
        if (inSmallerBatch || failure.fault() == Fault.TIMED_OUT) {
            query.isolation = Math.min(BatchIsolation.ALONE, query.isolation + 1);
            isolation.isolate(query.rule(), query.isolation);
        }
        boolean patient = System.nanoTime() - query.askedAt < ServerAvailability.PATIENCE.toNanos();
        return inSmallerBatch || failure.isTransient() && patient;
    }

    private Search.FailedException reason(ElasticsearchException failure) {
        if (failure.fault() == Fault.TOO_LARGE) {
            return new Search.TooLargeException(
                    server + ": " + failure.getMessage() + " Lower max_query_size, or include fewer fields.");
        }
        return availability.isUp()
                ? new Search.FailedException(server + ": " + failure.getMessage(), null)
                : availability.unavailable();
    }

    static Search.FailedException stopping(ElasticsearchServer server) {
        return new Search.FailedException(server + " is not asked any more: Serai stops", null);
    }

    /** Whether one query of several may be what the server does not accept. */
    private static boolean mayBeOfOneQuery(ElasticsearchException e) {
        return e.fault() == Fault.TOO_LARGE || e.status() == 400 || e.status() == 413;
    }

    /** Whether the server fails and not a query; a query that was sent alone may itself be too slow or wrong. */
    private static boolean isOfServer(ElasticsearchException e, PendingQuery first) {
        return e.isOfServer()
                || e.fault() == Fault.TIMED_OUT && first.isolation < BatchIsolation.ALONE
                || e.fault() == Fault.REFUSED
                        && !mayBeOfOneQuery(e)
                        && first.request.language() == QueryLanguage.QUERY_DSL;
    }
}
