package serai.refresh;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Writer;

/** Calculates the whole history of a recalc model with its present definition and replaces its table. */
final class ModelRebuild {

    private final RunContext run;
    private final Model model;
    private final ModelWindow window;
    private final LocalDate today;

    ModelRebuild(RunContext run, Model model) {
        this.run = run;
        this.model = model;
        this.window = model.window();
        this.today = window.dayOf(run.now());
    }

    /**
     * Rebuilds the model.
     *
     * @param writer the writer of this model
     * @throws IllegalStateException when the input no longer has the first days of the table: they would be lost
     */
    void run(Writer writer) throws Exception {
        Optional<LocalDate> firstInput = PendingDays.firstInput(writer.connection(), window);
        refuseLoss(writer.sql(), firstInput);
        DayRange days = daysSince(firstInput.orElse(today));
        StagingTable staging = StagingTable.of(writer.connection(), run, model, days);
        long rows = staging.rows();
        writer.begin("rebuild", window.times(days));
        writer.commitWithState(tx -> {
            SortedSet<LocalDate> changed = existingDays(tx.sql());
            TableMaterialization.replace(tx, run, model, staging);
            Declarations.apply(tx, run, model);
            changed.addAll(existingDays(tx.sql()));
            tx.markDirty(model.relation(), changed);
            DirtyDays.clearAll(tx.sql(), model);
            new ModelState(run.now(), run.graph().definitionHash(model), rows).writeSuccess(tx, model, null);
            return RunOutcome.ok().read(rows).inserted(rows);
        });
    }

    /** From a day, or from the first that the table keeps, to today. */
    private DayRange daysSince(LocalDate day) {
        LocalDate from = day.isBefore(today) ? day : today;
        LocalDate firstKept = window.firstKept(today);
        return new DayRange(from.isBefore(firstKept) ? firstKept : from, today.plusDays(1));
    }

    private void refuseLoss(Sql sql, Optional<LocalDate> firstInput) throws SQLException {
        SortedSet<LocalDate> days = existingDays(sql);
        LocalDate oldest = days.isEmpty() ? today : days.first();
        if (!oldest.isBefore(window.firstKept(today)) && oldest.isBefore(firstInput.orElse(today))) {
            throw new IllegalStateException(model.relation() + " goes back to " + oldest + ", and its input "
                    + window.relation() + " "
                    + firstInput.map(day -> "only to " + day).orElse("has no rows")
                    + ": a rebuild would lose the days in between.");
        }
    }

    private SortedSet<LocalDate> existingDays(Sql sql) throws SQLException {
        return new TreeSet<>(sql.list(
                "select distinct " + Relation.quote(window.column()) + " as day from "
                        + model.relation().sql(),
                row -> row.date("day")));
    }
}
