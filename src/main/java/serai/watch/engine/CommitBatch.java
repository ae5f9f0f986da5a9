package serai.watch.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.RunOutcome;
import serai.warehouse.Writer;

/**
 * Commits finished runs in one transaction: the state of their rules, their silences and their messages, all or
 * nothing. When one run of a batch cannot be committed, the others are committed without it and only that run fails.
 */
final class CommitBatch {

    private static final Logger LOG = LoggerFactory.getLogger(CommitBatch.class);

    private final Writer writer;
    private final DecisionStage decisions;
    private final double rejectedShare;

    /** @param rejectedShare the share of rejected documents above which a rule counts as failed */
    CommitBatch(Writer writer, DecisionStage decisions, double rejectedShare) {
        this.writer = writer;
        this.decisions = decisions;
        this.rejectedShare = rejectedShare;
    }

    /**
     * @return the same runs, some of them failed now
     * @throws Exception when nothing can be committed any more: another process has taken over, or the warehouse is
     *     gone
     */
    List<FinishedRun> commit(List<FinishedRun> runs, Instant now) throws Exception {
        if (runs.isEmpty()) {
            return runs;
        }
        try {
            commitTogether(runs, now);
            return runs;
        } catch (Exception e) {
            if (WarehouseFailure.is(e, writer)) {
                throw e;
            }
            return commitHalves(runs, now, e);
        }
    }

    private List<FinishedRun> commitHalves(List<FinishedRun> runs, Instant now, Exception e) throws Exception {
        if (runs.size() > 1) {
            List<FinishedRun> done = new ArrayList<>(commit(runs.subList(0, runs.size() / 2), now));
            done.addAll(commit(runs.subList(runs.size() / 2, runs.size()), now));
            return done;
        }
        FinishedRun run = runs.get(0);
        if (run.failure() != null) {
            throw e;
        }
        String reason = "The result of the run cannot be written: " + e;
        if (!reason.equals(run.rule().failure())) {
            LOG.error(
                    "rule=\"{}\" The result of the run cannot be written",
                    run.rule().name(),
                    e);
        }
        return commit(List.of(run.failed(reason)), now);
    }

    private void commitTogether(List<FinishedRun> runs, Instant now) throws Exception {
        List<FinishedRun> failed =
                runs.stream().filter(run -> run.failure() != null).toList();
        List<FinishedRun> succeeded =
                runs.stream().filter(run -> run.failure() == null).toList();
        List<RuleProgress> progress = succeeded.stream()
                .map(run -> RuleProgress.of(run, rejectedShare))
                .toList();
        writer.commitWithState(tx -> {
            if (!progress.isEmpty()) {
                RuleProgress.write(tx.sql(), progress);
                decisions.decide(tx, succeeded, now);
            }
            if (!failed.isEmpty()) {
                RuleProgress.writeFailures(tx.sql(), failed);
                decisions.recordFailures(tx, failed, now);
            }
            return RunOutcome.ok();
        });
        progress.forEach(RuleProgress::committed);
        failed.forEach(run -> run.rule().failed(run.failure()));
    }
}
