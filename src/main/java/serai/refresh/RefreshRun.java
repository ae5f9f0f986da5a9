package serai.refresh;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.FencedOffException;
import serai.warehouse.RunOutcome;
import serai.warehouse.Transaction;
import serai.warehouse.Writer;

/** One run: every entry once, in order. An entry in trouble stops what stands on it, the others go on. */
final class RefreshRun {

    private static final Logger LOG = LoggerFactory.getLogger(RefreshRun.class);

    private final RunContext run;
    private final Writer writer;
    private final BooleanSupplier stopping;
    /** Entry to the one at fault, which may be itself. */
    private final Map<String, String> troubled = new HashMap<>();

    /** @param writer the one writer of the whole refresh */
    RefreshRun(RunContext run, Writer writer, BooleanSupplier stopping) {
        this.run = run;
        this.writer = writer;
        this.stopping = stopping;
    }

    /** @return whether days are left for the next run */
    boolean go() throws Exception {
        ActiveModels.update(writer, run.catalog());
        boolean rest = false;
        for (CatalogEntry entry : run.catalog().inOrder()) {
            if (stopping.getAsBoolean()) {
                return false;
            }
            DirtyDays.fanOut(writer, run.catalog());
            Optional<String> culprit = run.catalog().upstream(entry).stream()
                    .filter(troubled::containsKey)
                    .map(troubled::get)
                    .findFirst();
            if (culprit.isPresent()) {
                inTrouble(
                        entry,
                        culprit.get(),
                        ModelState.Status.BLOCKED,
                        "It waits for " + culprit.get() + ", which could not be refreshed.");
            } else {
                bring(entry);
                rest |= !troubled.containsKey(entry.name()) && hasRest(entry);
            }
        }
        // what the last model changed and nobody reads
        DirtyDays.fanOut(writer, run.catalog());
        return rest;
    }

    private void bring(CatalogEntry entry) throws Exception {
        Materialization step = step(entry);
        try {
            while (took(entry, step)) {
                LOG.debug("model={} one step further", entry.name());
            }
        } catch (SQLException | FencedOffException | RuntimeException e) {
            if (!writer.connection().isValid(5)) {
                throw e;
            }
            inTrouble(entry, entry.name(), ModelState.Status.FAILED, ModelError.words(entry, e));
        }
    }

    private Materialization step(CatalogEntry entry) {
        return switch (entry.kind()) {
            case VIEW -> new ViewMaterialization(run, (Model) entry);
            case TABLE, SEED -> new TableMaterialization(run, entry);
            case RECALC, ONCE -> new IncrementalMaterialization(run, (Model) entry);
        };
    }

    /** @return whether there may be more to do */
    private boolean took(CatalogEntry entry, Materialization step) throws Exception {
        try (Writer own = run.warehouse().tryWriter("refresh:" + entry.name()).orElse(null)) {
            if (own == null) {
                inTrouble(
                        entry,
                        entry.name(),
                        ModelState.Status.HELD,
                        "Another process is refreshing it; tried again at the next run.");
                return false;
            }
            Optional<Materialization.Change> change = next(entry, step, own);
            if (change.isEmpty()) {
                return false;
            }
            if (change.get().visible()) {
                own.begin("refresh", change.get().window());
            }
            RunOutcome outcome =
                    own.commitWithState(tx -> heldByReaders(entry, change.get().work(), tx));
            if (outcome.status() == RunOutcome.Status.HELD) {
                inTrouble(entry, entry.name(), ModelState.Status.HELD, outcome.error());
                return false;
            }
            if (change.get().visible()) {
                LOG.info(
                        "model={} inserted={} deleted={} window={}",
                        entry.name(),
                        outcome.inserted(),
                        outcome.deleted(),
                        change.get().window());
            }
            return true;
        }
    }

    private static Optional<Materialization.Change> next(CatalogEntry entry, Materialization step, Writer own)
            throws SQLException {
        try {
            return step.next(own);
        } catch (SQLException e) {
            own.begin("refresh", null);
            own.end(RunOutcome.failed(ModelError.words(entry, e)));
            throw e;
        }
    }

    private RunOutcome heldByReaders(CatalogEntry entry, Writer.Work work, Transaction tx) throws Exception {
        try {
            return work.in(tx);
        } catch (SQLException e) {
            if (ModelError.isLock(e)) {
                return RunOutcome.held(
                        0,
                        0,
                        "A reader has held " + entry.relation() + " or a view on it for more than "
                                + run.settings().lockTimeout().toMillis()
                                + " ms (refresh.lock-timeout); tried again at the next run.");
            }
            throw new SQLException(ModelError.words(entry, e), e.getSQLState(), e);
        }
    }

    private void inTrouble(CatalogEntry entry, String culprit, ModelState.Status status, String why) throws Exception {
        troubled.put(entry.name(), culprit);
        LOG.warn("model={} status={} {}", entry.name(), status.word(), why);
        writer.commitWithState(tx -> {
            ModelState.trouble(tx.connection(), entry, status, why);
            return RunOutcome.ok(0, 0, 0, 0, null);
        });
    }

    private boolean hasRest(CatalogEntry entry) throws SQLException {
        return entry.kind().byDay()
                && PendingDays.of(writer.connection(), run, (Model) entry)
                        .hasRest(writer.connection(), run, (Model) entry);
    }
}
