package serai.watch.engine;

import java.time.Instant;
import java.util.List;

import serai.warehouse.Transaction;

/** What becomes of the matches of finished runs, in their commit. */
final class Verdicts {

    void on(Transaction tx, List<Finished> succeeded, Instant now) throws Exception {
        for (Finished run : succeeded) {
            new MatchWriter(tx, run.rule().alertRule(), now).write(run.result());
        }
    }
}
