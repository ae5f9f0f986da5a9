package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import serai.warehouse.RelationKind;
import serai.warehouse.RowRange;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.TimeWindow;
import serai.warehouse.Transaction;
import serai.warehouse.WatchedRows;
import serai.warehouse.Writer;

/** A once: the units that are over are written a single time, oldest first, and never changed. */
final class OnceMaterialization implements Materialization {

    private final RunContext run;
    private final Model model;
    private final ModelWindow window;
    /** Ranges that are still to be written; null before they are read. */
    private Deque<TimeWindow> ranges;

    OnceMaterialization(RunContext run, Model model) {
        this.run = run;
        this.model = model;
        this.window = model.window();
    }

    @Override
    public Change next(Writer writer) throws SQLException {
        Connection connection = writer.connection();
        if (RelationKind.of(connection, model.relation()).isEmpty()) {
            return creation();
        }
        if (ranges == null) {
            ranges = new ArrayDeque<>(pending(writer));
        }
        return ranges.isEmpty() ? nothingToDo() : insertion(connection, ranges.poll());
    }

    /** The units that are over and were not written yet, as many as one refresh may calculate at once. */
    private List<TimeWindow> pending(Writer writer) throws SQLException {
        Instant coveredTo = ModelState.read(writer.sql(), model).coveredTo();
        Instant present = window.unitOf(run.now());
        SortedSet<Instant> units = new TreeSet<>();
        Instant start = coveredTo == null ? first(writer) : window.unitOf(coveredTo);
        while (start != null
                && start.isBefore(present)
                && units.size() < run.settings().maxUnits()) {
            units.add(start);
            start = window.next(start);
        }
        return window.ranges(units);
    }

    /** The first unit to write: that of {@code @from}, or of the input's first row; null when there is none yet. */
    private Instant first(Writer writer) throws SQLException {
        LocalDate from = model.write().from();
        return from == null
                ? firstInput(writer)
                : window.unitOf(from.atStartOfDay(window.zone()).toInstant());
    }

    /** Whether units that are over are not written yet. */
    static boolean hasUnitsLeft(Sql sql, Model model, Instant now) throws SQLException {
        Instant coveredTo = ModelState.read(sql, model).coveredTo();
        return coveredTo != null && coveredTo.isBefore(model.window().unitOf(now));
    }

    private Instant firstInput(Writer writer) throws SQLException {
        Connection connection = writer.connection();
        connection.setAutoCommit(false);
        try {
            SearchPath.set(writer.sql());
            SortedSet<Instant> units = new ExistingUnits(writer.sql(), model)
                    .ofInput(window.firstKept(run.now()), window.unitOf(run.now()));
            return units.isEmpty() ? null : units.first();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
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

    private Change insertion(Connection connection, TimeWindow range) throws SQLException {
        StagingTable staging = StagingTable.of(connection, run, model, range);
        long rows = staging.rows();
        return new Change(ranges.isEmpty(), true, range, tx -> {
            RowRange target = window.rows(range);
            WatchedRows watched = WatchedRows.before(
                    tx.sql(), model.relation(), window.column(), target.condition(), target.parameters());
            long inserted = tx.verbs()
                    .insertAbsent(
                            model.relation(),
                            model.grain(),
                            staging.columns(),
                            staging.select(target),
                            target.parameters());
            watched.record();
            tx.markDirty(
                    model.relation(),
                    window.utcDays(new TreeSet<>(
                            window.unitsBetween(range.from(), range.to().minusNanos(1)))));
            writeSuccess(tx, range.to(), inserted);
            return RunOutcome.ok().read(rows).inserted(inserted);
        });
    }

    private void writeSuccess(Transaction tx, Instant newCoveredTo, long moreRows) throws SQLException {
        ModelState before = ModelState.read(tx.sql(), model);
        before.after(run, model, newCoveredTo, moreRows).writeSuccess(tx, model, before.warning(run, model));
    }
}
