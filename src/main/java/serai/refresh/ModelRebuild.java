package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.SortedSet;
import java.util.TreeSet;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.TimeWindow;
import serai.warehouse.WatchedRows;
import serai.warehouse.Writer;

/**
 * Calculates the whole history of a recalc model with its present definition, beside its table, and then gives the
 * table these rows.
 */
final class ModelRebuild {

    private final RunContext run;
    private final Model model;
    private final ModelWindow window;
    private final Instant firstKept;
    private final Instant last;

    /** The rows of a model that were calculated over all time, in the temporary table of its writer. */
    interface Staged {
        /** Gives the model's table these rows, in one transaction. */
        void replace() throws Exception;
    }

    ModelRebuild(RunContext run, Model model) {
        this.run = run;
        this.model = model;
        this.window = model.window();
        this.firstKept = window.firstKept(run.now());
        this.last = window.last(run.now());
    }

    /**
     * Calculates the rows. What is marked meanwhile stays marked.
     *
     * @param writer the writer of this model, until its rows are replaced
     * @throws IllegalStateException when the input no longer has the first units of the table: they would be lost
     */
    Staged stage(Writer writer) throws SQLException {
        Marks.Last marked = Marks.last(writer.sql(), model);
        SortedSet<Instant> input = inputUnits(writer);
        refuseLoss(writer.sql(), input);
        input.add(window.unitOf(run.now()));
        TimeWindow range = new TimeWindow(input.first(), window.next(input.last()));
        StagingTable staging = StagingTable.of(writer.connection(), run, model, range);
        if (window.keep() != null && !window.drop()) {
            staging.addExisting(model, window.rowsBefore(firstKept));
        }
        long rows = staging.rows();
        writer.begin("rebuild", range);
        return () -> writer.commitWithState(tx -> {
            SortedSet<Instant> changed = existingUnits(tx.sql());
            TableMaterialization.replace(tx, run, model, staging);
            Declarations.apply(tx, run, model);
            changed.addAll(existingUnits(tx.sql()));
            tx.markDirty(model.relation(), window.utcDays(changed));
            WatchedRows.all(tx.sql(), model.relation());
            if (Watches.areKnown(tx.sql(), model)) {
                Marks.clearAll(tx.sql(), model, marked);
            }
            new ModelState(run.now(), run.graph().definitionHash(model), rows).writeSuccess(tx, model, null);
            ModelState.calculateAgain(tx.sql(), model, null);
            RunOutcome outcome = RunOutcome.ok().read(rows).inserted(rows);
            new WriteTests(run).run(tx, model, new Materialization.Change(true, true, null, any -> outcome), outcome);
            return outcome;
        });
    }

    private SortedSet<Instant> inputUnits(Writer writer) throws SQLException {
        Connection connection = writer.connection();
        connection.setAutoCommit(false);
        try {
            SearchPath.set(writer.sql());
            return new ExistingUnits(writer.sql(), model).ofInput(firstKept, last);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private void refuseLoss(Sql sql, SortedSet<Instant> input) throws SQLException {
        SortedSet<Instant> existing = existingUnits(sql);
        if (existing.isEmpty() || existing.first().isBefore(firstKept)) {
            return;
        }
        Instant oldest = existing.first();
        Instant first = input.isEmpty() ? null : input.first();
        if (oldest.isBefore(first == null ? window.unitOf(run.now()) : first)) {
            throw new IllegalStateException(
                    model.relation() + " goes back to " + window.text(oldest) + ", and its input "
                            + window.relation() + " "
                            + (first == null ? "has no rows" : "only to " + window.text(first))
                            + ": a rebuild would lose the " + window.unit().text() + "s in between.");
        }
    }

    private SortedSet<Instant> existingUnits(Sql sql) throws SQLException {
        return new TreeSet<>(new ExistingUnits(sql, model).ofTable(Instant.MIN, Instant.MAX));
    }
}
