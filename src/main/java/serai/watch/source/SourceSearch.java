package serai.watch.source;

import java.util.concurrent.CompletableFuture;
import serai.watch.query.Query;
import serai.watch.query.Search;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/** Asks the source that each rule names: search servers, or the warehouse. */
public final class SourceSearch implements Search {

    private final Search elasticsearch;
    private final Search warehouse;

    /** @param warehouse answers rules with {@code source: warehouse} and {@code source: matches} */
    public SourceSearch(Search elasticsearch, Search warehouse) {
        this.elasticsearch = elasticsearch;
        this.warehouse = warehouse;
    }

    @Override
    public void check(Rule rule) throws RuleException {
        of(rule).check(rule);
    }

    @Override
    public CompletableFuture<Answer> ask(Query query) {
        return of(query.rule()).ask(query);
    }

    private Search of(Rule rule) {
        return RuleSources.isElasticsearch(rule) ? elasticsearch : warehouse;
    }
}
