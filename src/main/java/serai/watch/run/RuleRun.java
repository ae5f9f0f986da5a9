package serai.watch.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import serai.watch.query.QueryLanguage;
import serai.watch.query.Search;
import serai.watch.rule.Rule;
import serai.watch.type.RuleType;

/**
 * One run of a rule: it queries the time since the last run, feeds the rule type, and returns what it found, to be
 * committed. Late documents are found as far back as {@code buffer_time}; documents that were taken before are not
 * taken again. A run is bounded; the next run does the rest. No thread waits for an answer.
 */
public final class RuleRun {

    /**
     * Limits of one run.
     *
     * @param documents new documents
     * @param segments segments of time, each queried on its own
     * @param remembered documents that are remembered, so that they are not taken again
     * @param catchUp how far back a rule that did not run is queried, unless it has {@code old_query_limit}
     */
    public record Bounds(int documents, int segments, int remembered, Duration catchUp) {}

    /**
     * What a run found.
     *
     * @param after the rule's state after the run
     * @param from the beginning of the time that was queried
     * @param hits documents found, including those taken before
     * @param fresh new documents
     * @param matches the matches, not yet prepared for alerts
     * @param unusable new documents that the rule cannot use
     * @param complete whether the whole time was queried; false when a limit ended the run
     * @param notice what time was skipped because it is too long ago, or null
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

    /** A document that a rule cannot use, with the reason. */
    public record UnusableDocument(Search.Hit hit, String reason) {}

    private final Rule rule;
    private final Search search;
    private final Bounds bounds;
    private final RuleState before;
    private final RunRange span;
    private final MatchCollector collector;
    private final Set<String> fields;

    /** @param before the rule's state, from the last run that was committed */
    public RuleRun(Rule rule, RuleState before, Search search, Bounds bounds, Instant now) {
        this.rule = rule;
        this.search = search;
        this.bounds = bounds;
        this.before = before;
        this.span = RunRange.of(rule, before, now, bounds.catchUp());
        RuleType type = RuleType.open(rule, before.type());
        this.collector = new MatchCollector(rule, type, SeenDocuments.of(before.documents()));
        this.fields =
                rule.mode() == Rule.Mode.DOCUMENTS && !plain() ? FullDocumentFetch.fields(rule, type.fields()) : null;
    }

    /**
     * Runs, once. The future fails with {@link Search.FailedException} when a query failed; the run has no effect then,
     * and the next one covers its time.
     */
    public CompletableFuture<Result> run() {
        RangeReader reader = reader();
        CompletableFuture<Void> read = new BaselineReader(search, collector.type(), span.end())
                .run()
                .thenCompose(done -> AsyncLoop.whileTrue(reader::step));
        return (fields == null
                        ? read.thenApply(done -> collector.matches())
                        : read.thenCompose(done -> new FullDocumentFetch(rule, search).of(collector.matches())))
                .thenApply(matches -> result(reader, matches));
    }

    private RangeReader reader() {
        RangeReader.Task task = new RangeReader.Task(rule, search, bounds, collector, span);
        return switch (rule.mode()) {
            case DOCUMENTS -> plain() ? new PlainDocumentReader(task) : new DocumentReader(task, fields);
            case COUNT, TERMS -> new CountReader(task, plain(), before.seen());
            case AGGREGATION -> new AggregationReader(task, before.endsAt());
        };
    }

    /**
     * Whether the source answers one simple query at a time: EQL, ES|QL, and all that is not Elasticsearch. It has
     * neither pages nor counts beside documents.
     */
    private boolean plain() {
        return QueryLanguage.of(rule) != QueryLanguage.QUERY_DSL || rule.option("source") != null;
    }

    private Result result(RangeReader reader, List<Map<String, Object>> matches) {
        Instant reached =
                before.endsAt() == null ? reader.reached() : RunRange.later(reader.reached(), before.endsAt());
        Instant from = reader.rememberedFrom();
        RuleState after = new RuleState(
                reached, from, reader.remembered(), collector.type().state());
        boolean complete = !reader.reached().isBefore(span.end()) || rule.mode() == Rule.Mode.AGGREGATION;
        return new Result(
                after,
                span.lateFrom(),
                collector.hits(),
                collector.fresh(),
                List.copyOf(matches),
                collector.unusable(),
                complete,
                span.notice());
    }
}
