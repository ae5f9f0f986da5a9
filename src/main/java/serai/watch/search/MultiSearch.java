package serai.watch.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.component.http.HttpMethods;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.elasticsearch.ElasticsearchServer;
import serai.watch.query.ElasticsearchResponse;
import serai.watch.query.QueryLanguage;

/**
 * Asks one server: questions in the query DSL together by MultiSearch, others one by one. Of several hosts the first
 * that answers.
 */
final class MultiSearch {

    /**
     * What became of a batch.
     *
     * @param items the answers of its first questions, of all when there was no failure
     * @param failure why there are no more, or null
     */
    record Outcome(List<QueryResult> items, SearchFailedException failure) {}

    private static final Logger LOG = LoggerFactory.getLogger(MultiSearch.class);
    private static final int MOST_NOTICES = 1_000;
    /** Only what is read is sent. */
    private static final String WANTED = "filter_path="
            + String.join(
                    ",",
                    "error",
                    "status",
                    "responses.status",
                    "responses.error",
                    "responses.timed_out",
                    "responses._shards.total",
                    "responses._shards.failed",
                    "responses._shards.failures.reason",
                    "responses._clusters.total",
                    "responses._clusters.skipped",
                    "responses.hits.total",
                    "responses.hits.hits._index",
                    "responses.hits.hits._id",
                    "responses.hits.hits._source",
                    "responses.hits.hits.fields",
                    "responses.hits.hits.sort",
                    "responses.aggregations");

    private final ElasticsearchServer server;
    private final String client;
    private final SearchRequest call;
    private final SearchMetrics meters;
    private final Set<String> noticed = ConcurrentHashMap.newKeySet();
    private volatile int host;
    private volatile ServerProduct product;

    MultiSearch(ElasticsearchServer server, String client, SearchRequest call, SearchMetrics meters) {
        this.server = server;
        this.client = client;
        this.call = call;
        this.meters = meters;
    }

    /** It may be another when it comes back. */
    void forgetProduct() {
        product = null;
    }

    Outcome ask(List<PendingQuery> batch) {
        try {
            ServerProduct known = product();
            QueryLanguage kind = batch.get(0).request.language();
            String refusal = known.refusal(kind);
            if (refusal != null) {
                return new Outcome(List.of(QueryResult.refused(refusal)), null);
            }
            Outcome outcome = kind == QueryLanguage.QUERY_DSL
                    ? search(batch)
                    : new Outcome(List.of(language(batch.get(0))), null);
            for (int i = 0; i < outcome.items().size(); i++) {
                notice(batch.get(i), outcome.items().get(i));
            }
            return outcome;
        } catch (SearchFailedException e) {
            return new Outcome(List.of(), e);
        }
    }

    private ServerProduct product() throws SearchFailedException {
        ServerProduct known = product;
        if (known != null) {
            return known;
        }
        try {
            known = ServerProduct.of(anyHost("/", "", null, false, ResponseReader::tree));
            LOG.info("server={} It is {}", server, known);
        } catch (SearchFailedException e) {
            if (e.fault != SearchFailedException.Fault.REFUSED
                    || e.status == 401
                    || e.status == 407
                    || e.status == 429
                    || e.status >= 500) {
                throw e;
            }
            known = ServerProduct.UNKNOWN;
            LOG.info(
                    "server={} It does not say what it is ({}) and is taken for Elasticsearch", server, e.getMessage());
        }
        product = known;
        return known;
    }

    /** Questions that are the same in every letter are asked once. */
    private Outcome search(List<PendingQuery> batch) {
        Map<String, Integer> places = new LinkedHashMap<>();
        batch.forEach(question -> places.putIfAbsent(question.lines, places.size()));
        meters.repeated.add(batch.size() - places.size());
        List<QueryResult> answers = new ArrayList<>();
        SearchFailedException failure = null;
        try {
            anyHost("/_msearch", WANTED, String.join("", places.keySet()), true, in -> {
                answers.clear();
                ResponseReader.multi(in, answers);
                return answers.size();
            });
            if (answers.size() != places.size()) {
                failure = new SearchFailedException(
                        SearchFailedException.Fault.UNREADABLE,
                        "it gave " + answers.size() + " answers to " + places.size() + " questions",
                        null);
            }
        } catch (SearchFailedException e) {
            failure = e;
        }
        List<QueryResult> items = new ArrayList<>();
        for (PendingQuery question : batch) {
            int place = places.get(question.lines);
            if (place >= answers.size() || failure != null && answers.size() > places.size()) {
                break;
            }
            items.add(answers.get(place));
        }
        return new Outcome(items, items.size() == batch.size() ? null : failure);
    }

    private QueryResult language(PendingQuery question) throws SearchFailedException {
        List<String> names = question.indices().stream()
                .map(name -> URLEncoder.encode(name, StandardCharsets.UTF_8))
                .toList();
        QueryLanguage kind = question.request.language();
        boolean eql = kind == QueryLanguage.EQL;
        try {
            return eql
                    ? anyHost(
                            kind.path(names),
                            "ignore_unavailable=true&allow_no_indices=true"
                                    + "&filter_path=is_partial,is_running,timed_out,shard_failures,hits.total,hits.events,hits.sequences.events,error",
                            question.lines,
                            false,
                            QueryLanguageResponse::eql)
                    : anyHost(
                            kind.path(names),
                            "format=json",
                            question.lines,
                            false,
                            in -> QueryLanguageResponse.esql(in, question.indices()));
        } catch (SearchFailedException e) {
            // an index that is not there is no hit, as with a search
            if (eql && e.status == 404 && String.valueOf(e.getMessage()).contains("no such index")) {
                return new QueryResult(
                        new ElasticsearchResponse(List.of(), null, 0, JsonNodeFactory.instance.objectNode()),
                        null,
                        false,
                        true);
            }
            if (e.fault == SearchFailedException.Fault.REFUSED
                    && e.status >= 400
                    && e.status < 500
                    && e.status != 401
                    && e.status != 429) {
                return QueryResult.refused(e.getMessage());
            }
            throw e;
        }
    }

    /** A request that is no question. */
    JsonNode send(HttpMethods method, String path, String query, String body, boolean lines)
            throws SearchFailedException {
        return anyHost(method, path, query, body, lines, ResponseReader::tree);
    }

    private <T> T anyHost(String path, String query, String body, boolean lines, SearchRequest.Reader<T> reader)
            throws SearchFailedException {
        return anyHost(body == null ? HttpMethods.GET : HttpMethods.POST, path, query, body, lines, reader);
    }

    private <T> T anyHost(
            HttpMethods method, String path, String query, String body, boolean lines, SearchRequest.Reader<T> reader)
            throws SearchFailedException {
        List<URI> hosts = server.hosts();
        int first = host;
        SearchFailedException failure = null;
        for (int i = 0; i < hosts.size(); i++) {
            int at = (first + i) % hosts.size();
            try {
                T answer = call.ask(method, hosts.get(at), client, path, query, body, lines, reader);
                host = at;
                return answer;
            } catch (SearchFailedException e) {
                failure = failure == null || e.fault != SearchFailedException.Fault.UNREACHABLE ? e : failure;
                if (!e.mayBeOneHost()) {
                    break;
                }
            }
        }
        throw failure;
    }

    /** A wrong index name finds nothing and is no error: that is said once. */
    private void notice(PendingQuery question, QueryResult item) {
        if (item.answer() == null) {
            return;
        }
        String key = question.rule() + "\n" + question.indices();
        if (!item.noIndex()) {
            noticed.remove(key);
        } else if (noticed.size() < MOST_NOTICES && noticed.add(key)) {
            LOG.warn(
                    "rule=\"{}\" No index is named {} at {}: nothing is found until there is one",
                    question.rule(),
                    question.indices(),
                    server);
        }
    }
}
