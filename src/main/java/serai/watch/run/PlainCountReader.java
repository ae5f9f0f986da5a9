package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import serai.watch.query.RuleQuery;
import serai.watch.query.Search;
import serai.watch.rule.Rule;

/**
 * Counts documents, or those of each term, where only one number can be asked for at a time; what comes late is not
 * seen.
 */
final class PlainCountReader implements RangeReader {

    private final Rule rule;
    private final Search search;
    private final RuleRun.Bounds bounds;
    private final Findings findings;
    private final RunRange span;
    private Instant reached;
    private int segments;

    PlainCountReader(Rule rule, Search search, RuleRun.Bounds bounds, Findings findings, RunRange span) {
        this.rule = rule;
        this.search = search;
        this.bounds = bounds;
        this.findings = findings;
        this.span = span;
        this.reached = span.from();
    }

    @Override
    public CompletableFuture<Boolean> step() {
        if (!reached.isBefore(span.end())) {
            return CompletableFuture.completedFuture(false);
        }
        Instant to = RunRange.earlier(span.end(), reached.plus(rule.globalRunEvery()));
        RuleQuery query = new RuleQuery(rule, reached, to);
        return search.ask(query.request(query.page(0, null))).thenApply(answer -> take(answer, to));
    }

    private boolean take(Search.Answer answer, Instant to) {
        if (rule.mode() == Rule.Mode.COUNT) {
            findings.hits(answer.total());
            findings.count(to, answer.total());
        } else {
            IntervalCount tally = IntervalCount.of(
                    reached, to, JsonNodeFactory.instance.objectNode().setAll(answer.aggregations()));
            findings.hits(tally.terms().size());
            findings.terms(to, tally.terms());
        }
        findings.reached(to);
        reached = to;
        return ++segments < bounds.segments() && reached.isBefore(span.end());
    }

    @Override
    public Instant reached() {
        return reached;
    }

    @Override
    public Instant rememberedFrom() {
        return reached;
    }

    @Override
    public JsonNode remembered() {
        return JsonNodeFactory.instance.objectNode();
    }
}
