package serai.watch.query;

import java.util.concurrent.CompletableFuture;

/** Elasticsearch and OpenSearch as the source of rules: servers that take queries as JSON. */
@FunctionalInterface
public interface SearchServers extends Search {

    /** Asks the server that the query's rule names; the response fails as {@link Search#ask} does. */
    CompletableFuture<ElasticsearchResponse> search(ElasticsearchQuery query);

    @Override
    default CompletableFuture<Answer> ask(Query query) {
        return search(ElasticsearchQuery.of(query)).thenApply(response -> response.answer(query));
    }
}
