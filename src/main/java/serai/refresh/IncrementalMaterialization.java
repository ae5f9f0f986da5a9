package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedSet;
import serai.warehouse.RelationKind;
import serai.warehouse.RowRange;
import serai.warehouse.RunOutcome;
import serai.warehouse.Transaction;
import serai.warehouse.WriteVerbs.Written;
import serai.warehouse.Writer;

/** A recalc or a once: its pending days are written range by range, each in one transaction with its state. */
final class IncrementalMaterialization implements Materialization {

    private final RunContext run;
    private final Model model;
    private final ModelWindow window;
    private final LocalDate firstKept;
    /** Ranges that are still to be written; null before they are read. */
    private Deque<DayRange> ranges;
    /** The first day that is not yet calculated as a whole; null when the input has no rows. */
    private LocalDate coveredTo;

    IncrementalMaterialization(RunContext run, Model model) {
        this.run = run;
        this.model = model;
        this.window = model.window();
        this.firstKept = window.firstKept(window.dayOf(run.now()));
    }

    @Override
    public Change next(Writer writer) throws SQLException {
        Connection connection = writer.connection();
        if (RelationKind.of(connection, model.relation()).isEmpty()) {
            return creation();
        }
        if (ranges == null) {
            PendingDays pending = PendingDays.of(connection, run, model);
            ranges = new ArrayDeque<>(pending.ranges());
            coveredTo = pending.coveredTo();
        }
        return ranges.isEmpty() ? nothingToDo() : replacement(connection, ranges.poll());
    }

    private Change creation() {
        return new Change(false, true, null, tx -> {
            NewTable.create(tx, model.relation(), run.graph().columns(model), model);
            new ModelState(null, run.graph().definitionHash(model), 0L).writeSuccess(tx, model, null);
            return RunOutcome.ok();
        });
    }

    private Change nothingToDo() {
        return new Change(true, false, null, tx -> {
            writeSuccess(tx, null, 0);
            return RunOutcome.ok();
        });
    }

    private Change replacement(Connection connection, DayRange days) throws SQLException {
        StagingTable staging = StagingTable.of(connection, run, model, days);
        SortedSet<LocalDate> changed = staging.changedDays(model.relation(), window.column(), days);
        long rows = staging.rows();
        return new Change(ranges.isEmpty(), !changed.isEmpty(), window.times(days), tx -> {
            Written written = write(tx, staging, changed);
            DirtyDays.clear(tx.sql(), model, days);
            if (window.keepDays() != null) {
                DirtyDays.clear(tx.sql(), model, DayRange.before(firstKept));
            }
            writeSuccess(tx, coveredAfter(days), written.inserted() - written.deleted());
            return RunOutcome.ok().read(rows).inserted(written.inserted()).deleted(written.deleted());
        });
    }

    private Written write(Transaction tx, StagingTable staging, SortedSet<LocalDate> changed) throws SQLException {
        long inserted = 0;
        long deleted = 0;
        String select = staging.selectDays(window.column());
        for (DayRange days : DayRange.coalesce(changed)) {
            if (model.kind() == ModelKind.ONCE) {
                inserted += tx.verbs()
                        .insertAbsent(
                                model.relation(), model.grain(), staging.columns(), select, days.from(), days.to());
            } else {
                Written written = tx.verbs()
                        .replaceRange(
                                model.relation(), window.rows(days), staging.columns(), select, days.from(), days.to());
                inserted += written.inserted();
                deleted += written.deleted();
            }
        }
        tx.markDirty(model.relation(), changed);
        return new Written(inserted, 0, deleted + deleteExpired(tx));
    }

    /** Deletes the days that {@code keep} no longer keeps, and returns the number of their rows. */
    private long deleteExpired(Transaction tx) throws SQLException {
        if (window.keepDays() == null || model.kind() == ModelKind.ONCE) {
            return 0;
        }
        RowRange expired = window.rows(DayRange.before(firstKept));
        tx.markDirty(
                model.relation(),
                tx.sql()
                        .list(
                                "select distinct " + expired.daySql() + " as day from "
                                        + model.relation().sql() + " where " + expired.condition(),
                                row -> row.date("day"),
                                expired.parameters()));
        return tx.verbs().deleteRange(model.relation(), expired);
    }

    /**
     * Up to when the model is calculated once these days are; null when that does not change. Only days that follow the
     * covered ones change it, and today is covered up to now only.
     */
    private Instant coveredAfter(DayRange days) {
        if (coveredTo == null || days.from().isAfter(coveredTo) || !days.to().isAfter(coveredTo)) {
            return null;
        }
        coveredTo = days.to();
        Instant end = window.startOf(days.to());
        return end.isBefore(run.now()) ? end : run.now();
    }

    private void writeSuccess(Transaction tx, Instant newCoveredTo, long moreRows) throws SQLException {
        ModelState before = ModelState.read(tx.sql(), model);
        String current = run.graph().definitionHash(model);
        String hash = before.sqlHash() == null ? current : before.sqlHash();
        String warning = hash.equals(current)
                ? null
                : "The definition changed, and the history is not rebuilt: days that were not recalculated since have"
                        + " rows of the old definition."
                        + (model.kind() == ModelKind.ONCE ? "" : " Rebuild " + model.name() + " to recalculate them.");
        new ModelState(newCoveredTo == null ? before.coveredTo() : newCoveredTo, hash, before.rows() + moreRows)
                .writeSuccess(tx, model, warning);
    }
}
