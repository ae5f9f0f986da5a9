package serai.watch.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import serai.warehouse.Outcome;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;
import serai.watch.alert.AlertBook;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Alerting;
import serai.watch.alert.BookException;
import serai.watch.alert.Finding;
import serai.watch.alert.MemoryBook;
import serai.watch.alert.Verdict;
import serai.watch.alert.WarehouseBook;
import serai.watch.run.RuleRun;
import serai.watch.search.Search;
import serai.watch.source.MatchLog;

/** What becomes of the matches of runs: finished before the commit, decided in it, and told in groups when their time comes. */
final class Decisions {

    private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);
    private static final Duration BETWEEN_CLEARANCES = Duration.ofMinutes(10);

    private final Warehouse warehouse;
    private final Alerting alerting;
    private final Search search;
    private final Duration keepMatches;
    private final Switches switches = new Switches();
    private Instant nextClearance = Instant.EPOCH;

    Decisions(Warehouse warehouse, Alerting alerting, Search search, Duration keepMatches) {
        this.warehouse = warehouse;
        this.alerting = alerting;
        this.search = search;
        this.keepMatches = keepMatches;
    }

    CompletableFuture<List<Finding>> prepare(AlertRule rule, RuleRun.Result result, Instant now) {
        return result.matches().isEmpty() ? CompletableFuture.completedFuture(List.of())
                : alerting.prepare(rule, result.matches(), result.hits(), now, silenced(rule, result, now), search);
    }

    /** What is silenced now need not be finished. */
    private AlertBook silenced(AlertRule rule, RuleRun.Result result, Instant now) {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return WarehouseBook.hint(c, Alerting.keys(rule, result.matches()), now);
        } catch (SQLException | BookException e) {
            LOG.debug("rule=\"{}\" It is not known which matches are silenced: {}", rule.rule().name(), e.getMessage());
            return new MemoryBook();
        }
    }

    /** Decides about the findings of runs, in their commit. They are told by the rule's text of now. */
    void on(Transaction tx, List<Finished> runs, Instant now) throws SQLException {
        runs.forEach(run -> run.result().odd().forEach(odd -> OddDocuments.reject(tx, run.by().rule(), odd)));
        List<Alerting.Found> found = runs.stream().filter(run -> !run.findings().isEmpty())
                .map(run -> new Alerting.Found(run.rule().alertRule(), run.findings())).toList();
        if (!found.isEmpty()) {
            WarehouseBook book = new WarehouseBook(tx);
            List<List<Verdict>> verdicts = alerting.decide(found, now, book);
            book.write();
            List<MatchLog.Found> log = new ArrayList<>();
            for (int i = 0; i < found.size(); i++) {
                log.addAll(MatchLog.found(found.get(i).rule().rule(), verdicts.get(i), now));
            }
            MatchLog.write(tx, log);
        }
    }

    /** Once a second: obeys operators' switches and tells what waited for its time. */
    void upkeep(Writer writer, Map<String, RunningRule> rules, Instant now) throws Exception {
        switches.obey(writer, rules);
        boolean clear = now.isAfter(nextClearance);
        writer.commitWithState(tx -> {
            WarehouseBook book = new WarehouseBook(tx);
            alerting.release(name -> rules.containsKey(name) ? rules.get(name).alertRule() : null, now, book);
            if (clear) {
                alerting.forget(now, book);
                MatchLog.forget(tx, now, keepMatches);
            }
            book.write();
            return Outcome.ok(0, 0, 0, 0, null);
        });
        nextClearance = clear ? now.plus(BETWEEN_CLEARANCES) : nextClearance;
    }
}
