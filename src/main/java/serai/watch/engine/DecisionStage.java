package serai.watch.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.RunOutcome;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;
import serai.watch.alert.AlertDecider;
import serai.watch.alert.AlertDecision;
import serai.watch.alert.AlertRule;
import serai.watch.alert.AlertStore;
import serai.watch.alert.Finding;
import serai.watch.alert.InMemoryAlertStore;
import serai.watch.alert.RunListener;
import serai.watch.python.Python;
import serai.watch.query.Search;
import serai.watch.rule.Document;
import serai.watch.rule.Rule;
import serai.watch.run.RuleRun;
import serai.watch.source.MatchTable;
import serai.watch.store.AlertStoreException;
import serai.watch.store.WarehouseAlertStore;

/**
 * What becomes of the matches of runs: finished before the commit, decided in it, and told in groups when their time
 * comes.
 */
final class DecisionStage implements CommitBatch.Verdict {

    private static final Logger LOG = LoggerFactory.getLogger(DecisionStage.class);
    private static final Duration BETWEEN_CLEARANCES = Duration.ofMinutes(10);
    /** Longer than any catch-up: a rule that comes back after this begins anew. */
    private static final Duration GONE_RULES_KEPT = Duration.ofDays(90);
    /** Matches of one run that are kept for other rules. */
    private static final int MOST_MATCHES = 1_000;

    private final Warehouse warehouse;
    private final AlertDecider alerting;
    private final Search search;
    private final RunListener log;
    private final Duration keepMatches;
    private final RuleSwitches switches = new RuleSwitches();
    private Instant nextClearance = Instant.EPOCH;
    private volatile boolean matchesAreRead;

    /** @param log is told, in the commits, what was done */
    DecisionStage(Warehouse warehouse, AlertDecider alerting, Search search, RunListener log, Duration keepMatches) {
        this.warehouse = warehouse;
        this.alerting = alerting;
        this.search = search;
        this.log = log;
        this.keepMatches = keepMatches;
    }

    /** Which rules run: matches are kept only while one of them looks for matches. */
    void rules(Collection<AlertRule> rules) {
        matchesAreRead =
                rules.stream().anyMatch(rule -> "matches".equals(rule.rule().option("source")));
    }

    CompletableFuture<List<Finding>> prepare(AlertRule rule, RuleRun.Result result, Instant now) {
        return result.matches().isEmpty()
                ? CompletableFuture.completedFuture(List.of())
                : alerting.prepare(rule, result.matches(), result.hits(), now, silenced(rule, result, now), search);
    }

    /** What is silenced now need not be finished. */
    private AlertStore silenced(AlertRule rule, RuleRun.Result result, Instant now) {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return WarehouseAlertStore.hint(c, AlertDecider.keys(rule, result.matches()), now);
        } catch (SQLException | AlertStoreException e) {
            LOG.debug(
                    "rule=\"{}\" It is not known which matches are silenced: {}",
                    rule.rule().name(),
                    e.getMessage());
            return new InMemoryAlertStore();
        }
    }

    /** Decides about the findings of runs, in their commit. They are told by the rule's text of now. */
    @Override
    public void on(Transaction tx, List<FinishedRun> runs, Instant now) throws SQLException {
        runs.forEach(
                run -> DocumentRejects.reject(tx, run.by().rule(), run.result().odd()));
        List<AlertDecider.Found> found = runs.stream()
                .filter(run -> !run.findings().isEmpty())
                .map(run -> new AlertDecider.Found(run.rule().alertRule(), run.findings()))
                .toList();
        RunListener.Page page = log.open(tx, now);
        runs.forEach(run -> page.ran(
                run.by(),
                run.result().from(),
                run.result().after().endsAt(),
                run.result().hits(),
                run.findings().size(),
                run.took()));
        if (!found.isEmpty()) {
            Map<String, AlertRule> rules = new HashMap<>();
            found.forEach(one -> rules.put(one.rule().rule().name(), one.rule()));
            WarehouseAlertStore book = new WarehouseAlertStore(tx);
            List<List<AlertDecision>> verdicts = alerting.decide(found, now, page.over(book, rules::get));
            book.write();
            if (matchesAreRead) {
                MatchTable.write(tx, matches(found, verdicts, now));
            }
        }
        page.write();
    }

    /** What rules with {@code source: matches} will read. */
    private static List<MatchTable.Found> matches(
            List<AlertDecider.Found> found, List<List<AlertDecision>> verdicts, Instant now) {
        List<MatchTable.Found> matches = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            Rule rule = found.get(i).rule().rule();
            int most = MOST_MATCHES;
            for (AlertDecision verdict : verdicts.get(i)) {
                if (verdict.fate() != AlertDecision.Fate.REPEATED && most-- > 0) {
                    Map<String, Object> match = verdict.finding().match();
                    Object key = rule.queryKey() == null ? null : Document.lookup(match, rule.queryKey());
                    matches.add(new MatchTable.Found(
                            rule, now, key == null ? null : Python.str(key), verdict.alertId() != null, match));
                }
            }
        }
        return matches;
    }

    /** Says of failed runs why, unless the run before it said the same. */
    @Override
    public void failed(Transaction tx, List<FinishedRun> runs, Instant now) throws SQLException {
        RunListener.Page page = log.open(tx, now);
        runs.stream()
                .filter(run -> !run.failure().equals(run.rule().failure()))
                .forEach(run -> page.failed(run.by(), run.failure()));
        page.write();
    }

    /** Once a second: obeys operators' switches and tells what waited for its time. */
    void upkeep(Writer writer, Map<String, RunningRule> rules, Instant now) throws Exception {
        switches.obey(writer, rules);
        boolean clear = now.isAfter(nextClearance);
        writer.commitWithState(tx -> {
            WarehouseAlertStore book = new WarehouseAlertStore(tx);
            RunListener.Page page = log.open(tx, now);
            Function<String, AlertRule> known =
                    name -> rules.containsKey(name) ? rules.get(name).alertRule() : null;
            alerting.release(known, now, page.over(book, known));
            if (clear) {
                alerting.forget(now, book);
                MatchTable.forget(tx, now, keepMatches);
                RuleStore.forget(tx.connection(), now.minus(GONE_RULES_KEPT));
            }
            book.write();
            page.write();
            return RunOutcome.ok(0, 0, 0, 0, null);
        });
        nextClearance = clear ? now.plus(BETWEEN_CLEARANCES) : nextClearance;
    }
}
