package serai.watch.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import serai.watch.query.RuleQuery;
import serai.watch.query.Search;
import serai.watch.rule.Rule;
import serai.watch.type.RuleType;

/**
 * One run of a rule: it asks for the time since the last run, feeds the rule type, and leaves what it found for one
 * commit. What came late is found as far back as {@code buffer_time}; what was taken already is not taken again.
 * Bounded: what is left over is the next run's. No thread waits for an answer. Upstream's windows are in
 * spec/elastalert.md 1.2.
 */
public final class RuleRun {

    /**
     * How much one run takes at most.
     *
     * @param documents documents
     * @param segments pieces of time
     * @param remembered documents that are remembered, so that they are not taken again
     * @param catchUp how far back a rule goes that did not run, unless {@code old_query_limit} says it
     */
    public record Bounds(int documents, int segments, int remembered, Duration catchUp) {}

    /**
     * What a run found.
     *
     * @param after the rule's state after it
     * @param from the beginning of the time that it looked at
     * @param hits documents found, those taken before too
     * @param fresh documents that were new
     * @param matches the matches, finished but for their counts
     * @param unusable documents that could not be used, with the reason
     * @param complete whether the run came as far as it should, or stopped at a bound
     * @param notice what time was left out because it lies too far back, or null
     */
    public record Result(
            RuleState after,
            Instant from,
            long hits,
            long fresh,
            List<Map<String, Object>> matches,
            List<UnusableDocument> unusable,
            boolean complete,
            String notice) {}

    /** A document that cannot be used. */
    public record UnusableDocument(Search.Hit hit, String reason) {}

    private final Rule rule;
    private final Search search;
    private final Bounds bounds;
    private final RuleState before;
    private final RunRange span;
    private final Findings findings;
    private final Set<String> fields;

    public RuleRun(Rule rule, RuleState before, Search search, Bounds bounds, Instant now) {
        this.rule = rule;
        this.search = search;
        this.bounds = bounds;
        this.before = before;
        this.span = RunRange.of(rule, before, now, bounds.catchUp());
        RuleType type = RuleType.open(rule, before.type());
        this.findings = new Findings(rule, type, SeenDocuments.of(before.documents()));
        this.fields =
                rule.mode() == Rule.Mode.DOCUMENTS && !plain() ? FullDocumentFetch.fields(rule, type.fields()) : null;
    }

    /**
     * Fails with {@link Search.FailedException} when a query failed; nothing of the run counts then and the next one
     * covers its time.
     */
    public CompletableFuture<Result> run() {
        RangeReader reading = reading();
        CompletableFuture<Void> read = new BaselineReader(rule, search, findings.type(), span.end())
                .run()
                .thenCompose(done -> AsyncLoop.whileTrue(reading::step));
        return (fields == null
                        ? read.thenApply(done -> findings.matches())
                        : read.thenCompose(done -> new FullDocumentFetch(rule, search).of(findings.matches())))
                .thenApply(matches -> result(reading, matches));
    }

    private RangeReader reading() {
        return switch (rule.mode()) {
            case DOCUMENTS ->
                plain()
                        ? new PlainDocumentReader(rule, search, bounds, findings, span)
                        : new DocumentReader(rule, search, bounds, findings, span, fields);
            case COUNT, TERMS ->
                plain()
                        ? new PlainCountReader(rule, search, bounds, findings, span)
                        : new CountReader(rule, search, bounds, findings, span, before.seen());
            case AGGREGATION -> new AggregationReader(rule, search, bounds, findings, span, before.endsAt());
        };
    }

    /** Whether more than Elasticsearch's query DSL is asked, so that a question holds one thing at a time. */
    private boolean plain() {
        return new RuleQuery(rule, span.from(), span.end()).kind() != Search.Kind.SEARCH
                || rule.option("source") != null;
    }

    private Result result(RangeReader reading, List<Map<String, Object>> matches) {
        Instant reached =
                before.endsAt() == null ? reading.reached() : RunRange.later(reading.reached(), before.endsAt());
        Instant from = reading.rememberedFrom();
        RuleState after = new RuleState(
                reached, from, reading.remembered(), findings.type().state());
        boolean complete = !reading.reached().isBefore(span.end()) || rule.mode() == Rule.Mode.AGGREGATION;
        return new Result(
                after,
                span.lateFrom(),
                findings.hits(),
                findings.fresh(),
                List.copyOf(matches),
                findings.unusable(),
                complete,
                span.notice());
    }
}
