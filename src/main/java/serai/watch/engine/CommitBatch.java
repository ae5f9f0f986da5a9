package serai.watch.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.RunOutcome;
import serai.warehouse.Writer;

/**
 * Commits finished runs, as many as there are in one transaction: what the rules remember, their silences and messages,
 * together or not at all. Where one run of a batch cannot be committed, the others are committed without it and it
 * alone has failed.
 */
final class CommitBatch {

    private static final Logger LOG = LoggerFactory.getLogger(CommitBatch.class);

    private final Writer writer;
    private final Verdict verdict;

    /** Turns the matches of runs into messages, inside their transaction. */
    @FunctionalInterface
    interface Verdict {
        void on(serai.warehouse.Transaction tx, List<FinishedRun> succeeded, Instant now) throws Exception;

        /** Hears of runs that failed. */
        default void failed(serai.warehouse.Transaction tx, List<FinishedRun> failed, Instant now) throws Exception {
            // what a rule says of it stands in meta.rules
        }
    }

    CommitBatch(Writer writer, Verdict verdict) {
        this.writer = writer;
        this.verdict = verdict;
    }

    /**
     * @return the same runs, some of them failed now
     * @throws Exception when nothing can be committed any more: another process has taken over, or the warehouse is
     *     gone
     */
    List<FinishedRun> all(List<FinishedRun> runs, Instant now) throws Exception {
        if (runs.isEmpty()) {
            return runs;
        }
        try {
            together(runs, now);
            return runs;
        } catch (Exception e) {
            if (WarehouseFailure.is(e, writer)) {
                throw e;
            }
            return apart(runs, now, e);
        }
    }

    private List<FinishedRun> apart(List<FinishedRun> runs, Instant now, Exception e) throws Exception {
        if (runs.size() > 1) {
            List<FinishedRun> done = new ArrayList<>(all(runs.subList(0, runs.size() / 2), now));
            done.addAll(all(runs.subList(runs.size() / 2, runs.size()), now));
            return done;
        }
        FinishedRun run = runs.get(0);
        if (run.failure() != null) {
            throw e;
        }
        String reason = "What it found cannot be written: " + e;
        if (!reason.equals(run.rule().failure())) {
            LOG.error(
                    "rule=\"{}\" What the run found cannot be committed",
                    run.rule().name(),
                    e);
        }
        return all(List.of(run.failedBecause(reason)), now);
    }

    private void together(List<FinishedRun> runs, Instant now) throws Exception {
        List<FinishedRun> failed =
                runs.stream().filter(r -> r.failure() != null).toList();
        List<FinishedRun> succeeded =
                runs.stream().filter(r -> r.failure() == null).toList();
        List<RuleProgress.Step> steps =
                succeeded.stream().map(RuleProgress.Step::of).toList();
        writer.commitWithState(tx -> {
            if (!steps.isEmpty()) {
                RuleProgress.write(tx.connection(), steps);
                verdict.on(tx, succeeded, now);
            }
            if (!failed.isEmpty()) {
                RuleProgress.failed(tx.connection(), failed);
                verdict.failed(tx, failed, now);
            }
            return RunOutcome.ok(runs.size(), 0, 0, 0, null);
        });
        steps.forEach(s -> s.run()
                .rule()
                .advanced(
                        s.run().result().after(),
                        s.after().rest(),
                        s.run().by().rule().fingerprint()));
        failed.forEach(f -> f.rule().failed(f.failure()));
    }
}
