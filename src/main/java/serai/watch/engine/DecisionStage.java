package serai.watch.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
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
import serai.watch.python.Python;
import serai.watch.query.Search;
import serai.watch.rule.Document;
import serai.watch.rule.Rule;
import serai.watch.run.RuleRun;
import serai.watch.source.MatchTable;
import serai.watch.store.AlertStoreException;
import serai.watch.store.WarehouseAlertStore;

/** The alerting of runs: matches are prepared before the commit, decided in it, and groups are sent when due. */
final class DecisionStage {

    private static final Logger LOG = LoggerFactory.getLogger(DecisionStage.class);
    private static final Duration DELETE_EVERY = Duration.ofMinutes(10);
    /** Longer than any catch-up: a rule that comes back later than this begins without state. */
    private static final Duration REMOVED_RULES_KEPT = Duration.ofDays(90);
    /** Matches of one run that are stored for other rules. */
    private static final int MAX_STORED_MATCHES = 1_000;

    private final Warehouse warehouse;
    private final AlertDecider decider;
    private final Search search;
    private final RunRecorder recorder;
    private final Duration keepMatches;
    private Instant nextDeletion = Instant.EPOCH;
    private volatile boolean matchesAreRead;

    DecisionStage(
            Warehouse warehouse, AlertDecider decider, Search search, RunRecorder recorder, Duration keepMatches) {
        this.warehouse = warehouse;
        this.decider = decider;
        this.search = search;
        this.recorder = recorder;
        this.keepMatches = keepMatches;
    }

    /** Sets the rules that run: matches are stored only while one of the rules reads matches. */
    void setRules(Collection<AlertRule> rules) {
        matchesAreRead = rules.stream().anyMatch(rule -> readsMatches(rule.rule()));
    }

    private static boolean readsMatches(Rule rule) {
        return "matches".equals(rule.option("source"));
    }

    /** Prepares the matches of a run without blocking, before its commit. */
    CompletableFuture<List<Finding>> prepare(AlertRule rule, RuleRun.Result result, Instant now) {
        return result.matches().isEmpty()
                ? CompletableFuture.completedFuture(List.of())
                : decider.prepare(
                        rule, result.matches(), result.hits(), now, activeSilences(rule, result, now), search);
    }

    /** Matches that are silenced need no preparation. */
    private AlertStore activeSilences(AlertRule rule, RuleRun.Result result, Instant now) {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return WarehouseAlertStore.activeSilences(c, AlertDecider.silenceKeys(rule, result.matches()), now);
        } catch (SQLException | AlertStoreException e) {
            LOG.debug(
                    "rule=\"{}\" All matches are prepared, since the silences cannot be read: {}",
                    rule.rule().name(),
                    e.getMessage());
            return new InMemoryAlertStore();
        }
    }

    /** Decides about the findings of runs, in their commit. An edit since the start of a run applies to its alerts. */
    void decide(Transaction tx, List<FinishedRun> runs, Instant now) throws SQLException {
        RunRecorder.Recording recording = recorder.begin(tx, now);
        List<AlertDecider.RunFindings> found = new ArrayList<>();
        for (FinishedRun run : runs) {
            RuleRun.Result result = run.result();
            DocumentRejects.reject(tx, run.alertRule().rule(), result.unusable());
            recording.onSuccess(
                    run.alertRule(),
                    result.from(),
                    result.after().endsAt(),
                    result.hits(),
                    run.findings().size(),
                    run.duration());
            if (!run.findings().isEmpty()) {
                found.add(new AlertDecider.RunFindings(run.rule().alertRule(), run.findings()));
            }
        }
        if (!found.isEmpty()) {
            WarehouseAlertStore store = new WarehouseAlertStore(tx, recording);
            List<List<AlertDecision>> decisions = decider.decide(found, now, store);
            store.write();
            if (matchesAreRead) {
                MatchTable.write(tx, matches(found, decisions, now));
            }
        }
        recording.write();
    }

    /** What rules with {@code source: matches} will read. */
    private static List<MatchTable.Found> matches(
            List<AlertDecider.RunFindings> found, List<List<AlertDecision>> decisions, Instant now) {
        List<MatchTable.Found> matches = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            Rule rule = found.get(i).rule().rule();
            decisions.get(i).stream()
                    .filter(decision -> decision.outcome() != AlertDecision.Outcome.REPEATED)
                    .limit(MAX_STORED_MATCHES)
                    .forEach(decision -> {
                        Map<String, Object> match = decision.finding().match();
                        Object key = rule.queryKey() == null ? null : Document.lookup(match, rule.queryKey());
                        boolean notified = decision.alertId() != null;
                        matches.add(
                                new MatchTable.Found(rule, now, key == null ? null : Python.str(key), notified, match));
                    });
        }
        return matches;
    }

    /** Records why runs failed, unless the run before failed for the same reason. */
    void recordFailures(Transaction tx, List<FinishedRun> runs, Instant now) throws SQLException {
        RunRecorder.Recording recording = recorder.begin(tx, now);
        runs.stream()
                .filter(run -> !run.failure().equals(run.rule().failure()))
                .forEach(run -> recording.onFailure(run.alertRule(), run.failure()));
        recording.write();
    }

    /** Sends due groups and resolutions in a commit of their own; now and then, deletes what has expired. */
    void release(Writer writer, Map<String, RunningRule> rules, Instant now) throws Exception {
        Function<String, AlertRule> running =
                name -> rules.containsKey(name) ? rules.get(name).alertRule() : null;
        boolean delete = now.isAfter(nextDeletion);
        writer.commitWithState(tx -> {
            RunRecorder.Recording recording = recorder.begin(tx, now);
            WarehouseAlertStore store = new WarehouseAlertStore(tx, recording);
            decider.release(running, now, store);
            RuleProgress.markRefused(tx.sql());
            if (delete) {
                decider.deleteExpired(now, store);
                MatchTable.forget(tx, now, keepMatches);
                RuleStore.deleteRemoved(tx.sql(), now.minus(REMOVED_RULES_KEPT));
            }
            store.write();
            recording.write();
            return RunOutcome.ok();
        });
        nextDeletion = delete ? now.plus(DELETE_EVERY) : nextDeletion;
    }
}
