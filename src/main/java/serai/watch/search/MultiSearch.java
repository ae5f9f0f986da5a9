package serai.watch.search;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.elasticsearch.ElasticsearchClient;
import serai.elasticsearch.ElasticsearchException;
import serai.elasticsearch.ElasticsearchException.Fault;
import serai.elasticsearch.ElasticsearchRequest;
import serai.elasticsearch.ServerProduct;
import serai.watch.query.ElasticsearchResponse;
import serai.watch.query.QueryLanguage;

/**
 * Sends a batch of queries to one server: those in the query DSL as one multi-search, one in another language alone.
 */
final class MultiSearch {

    /**
     * What a request brought.
     *
     * @param results of the first queries of the batch; of all when there was no failure
     * @param failure why there are no more, or null
     */
    record Outcome(List<QueryResult> results, ElasticsearchException failure) {}

    private static final Logger LOG = LoggerFactory.getLogger(MultiSearch.class);
    private static final int MAX_NOTICES = 1_000;
    /** The parts of a reply that are read; the server sends no others. */
    private static final String FILTER_PATH = "filter_path=error,status"
            + ",responses.status,responses.error,responses.timed_out"
            + ",responses._clusters.total,responses._clusters.skipped"
            + ",responses._shards.total,responses._shards.failed,responses._shards.failures.reason"
            + ",responses.hits.total,responses.hits.hits._index,responses.hits.hits._id,responses.hits.hits._source"
            + ",responses.hits.hits.fields,responses.hits.hits.sort,responses.aggregations";

    private static final String EQL_PARAMETERS = "ignore_unavailable=true&allow_no_indices=true"
            + "&filter_path=error,is_partial,is_running,timed_out,shard_failures"
            + ",hits.total,hits.events,hits.sequences.events";

    private final ElasticsearchClient client;
    private final SearchMetrics metrics;
    private final Set<String> noticed = ConcurrentHashMap.newKeySet();

    MultiSearch(ElasticsearchClient client, SearchMetrics metrics) {
        this.client = client;
        this.metrics = metrics;
    }

    Outcome send(List<PendingQuery> batch) {
        try {
            QueryLanguage language = batch.get(0).request.language();
            String refusal = refusal(client.product(), language);
            if (refusal != null) {
                return new Outcome(List.of(QueryResult.refused(refusal)), null);
            }
            Outcome outcome = language == QueryLanguage.QUERY_DSL
                    ? search(batch)
                    : new Outcome(List.of(language(batch.get(0))), null);
            for (int i = 0; i < outcome.results().size(); i++) {
                logMissingIndex(batch.get(i), outcome.results().get(i));
            }
            return outcome;
        } catch (ElasticsearchException e) {
            return new Outcome(List.of(), e);
        }
    }

    /** Why a product accepts no queries in a language; null when it does. */
    private static String refusal(ServerProduct product, QueryLanguage language) {
        if (language == QueryLanguage.QUERY_DSL
                || product.isElasticsearch() && !(language == QueryLanguage.ESQL && product.isOlderThan(8, 11))) {
            return null;
        }
        return product + " has no " + (language == QueryLanguage.EQL ? "EQL" : "ES|QL")
                + "; write the filter in the query DSL";
    }

    /** Queries with the same text are sent once. */
    private Outcome search(List<PendingQuery> batch) {
        Map<String, Integer> places = new LinkedHashMap<>();
        batch.forEach(query -> places.putIfAbsent(query.text, places.size()));
        metrics.repeated.add(batch.size() - places.size());
        List<QueryResult> answers = new ArrayList<>();
        ElasticsearchException failure = null;
        try {
            client.send(
                    new ElasticsearchRequest("POST", "/_msearch", FILTER_PATH, String.join("", places.keySet())),
                    body -> {
                        answers.clear();
                        MultiSearchReader.read(body, answers);
                        return null;
                    });
            if (answers.size() != places.size()) {
                failure = new ElasticsearchException(
                        Fault.UNREADABLE,
                        "it gave " + answers.size() + " answers to " + places.size() + " queries",
                        null);
            }
        } catch (ElasticsearchException e) {
            failure = e;
        }
        List<QueryResult> results = new ArrayList<>();
        for (PendingQuery query : batch) {
            int place = places.get(query.text);
            if (place >= answers.size() || failure != null && answers.size() > places.size()) {
                break;
            }
            results.add(answers.get(place));
        }
        return new Outcome(results, results.size() == batch.size() ? null : failure);
    }

    private QueryResult language(PendingQuery query) throws ElasticsearchException {
        List<String> names = query.indices().stream()
                .map(name -> URLEncoder.encode(name, StandardCharsets.UTF_8))
                .toList();
        QueryLanguage language = query.request.language();
        boolean eql = language == QueryLanguage.EQL;
        try {
            return client.send(
                    new ElasticsearchRequest(
                            "POST", language.path(names), eql ? EQL_PARAMETERS : "format=json", query.text),
                    body -> eql ? QueryLanguageReader.eql(body) : QueryLanguageReader.esql(body, query.indices()));
        } catch (ElasticsearchException e) {
            if (eql && e.status() == 404 && String.valueOf(e.getMessage()).contains("no such index")) {
                // a missing index is no hit, as in a search
                return new QueryResult(
                        new ElasticsearchResponse(List.of(), null, 0, JsonNodeFactory.instance.objectNode()),
                        null,
                        false,
                        true);
            }
            if (e.fault() == Fault.REFUSED && e.status() < 500 && e.status() != 401 && e.status() != 429) {
                return QueryResult.refused(e.getMessage());
            }
            throw e;
        }
    }

    /** A wrong index name finds nothing and is no error: it is logged once. */
    private void logMissingIndex(PendingQuery query, QueryResult result) {
        if (result.answer() == null) {
            return;
        }
        String key = query.rule() + "\n" + query.indices();
        if (!result.noIndex()) {
            noticed.remove(key);
        } else if (noticed.size() < MAX_NOTICES && noticed.add(key)) {
            LOG.warn(
                    "rule=\"{}\" There is no index {} at {}: the rule finds nothing until there is one",
                    query.rule(),
                    query.indices(),
                    client.server());
        }
    }
}
