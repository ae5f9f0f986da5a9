package serai.watch.source;

import java.util.concurrent.CompletableFuture;

import serai.watch.search.Search;

/** Puts each rule's questions to its source. */
public final class SourceSearch implements Search {

    private final Search elasticsearch;
    private final Search warehouse;

    public SourceSearch(Search elasticsearch, Search warehouse) {
        this.elasticsearch = elasticsearch;
        this.warehouse = warehouse;
    }

    @Override
    public CompletableFuture<Answer> ask(Request request) {
        return (RuleSources.isElasticsearch(request.rule()) ? elasticsearch : warehouse).ask(request);
    }
}
