package serai.watch.source;

import java.util.concurrent.CompletableFuture;
import serai.watch.query.Search;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/** Puts each rule's questions to its source. */
public final class SourceSearch implements Search {

    private final Search elasticsearch;
    private final Search warehouse;

    public SourceSearch(Search elasticsearch, Search warehouse) {
        this.elasticsearch = elasticsearch;
        this.warehouse = warehouse;
    }

    @Override
    public void check(Rule rule) throws RuleException {
        of(rule).check(rule);
    }

    @Override
    public CompletableFuture<Answer> ask(Request request) {
        return of(request.rule()).ask(request);
    }

    private Search of(Rule rule) {
        return RuleSources.isElasticsearch(rule) ? elasticsearch : warehouse;
    }
}
