package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.RelationKind;
import serai.warehouse.RowRange;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.TimeWindow;
import serai.warehouse.Transaction;
import serai.warehouse.WatchedRows;
import serai.warehouse.WriteVerbs.Written;
import serai.warehouse.Writer;

/** A recalc: its pending units are written range by range, each in one transaction with its state. */
final class IncrementalMaterialization implements Materialization {

    private static final Logger LOG = LoggerFactory.getLogger(IncrementalMaterialization.class);
    private static final String CALCULATED_AGAIN =
            "The columns or the units changed, and all units are calculated again:"
                    + " those that were not yet have rows of the old definition, with NULL in new columns.";

    private final RunContext run;
    private final Model model;
    private final ModelWindow window;
    private final Instant firstKept;
    /** Ranges that are still to be written; null before they are read. */
    private Deque<TimeWindow> ranges;
    /** The last marks when the ranges were read. */
    private Marks.Last lastMark;

    private boolean daysMarked;

    IncrementalMaterialization(RunContext run, Model model) {
        this.run = run;
        this.model = model;
        this.window = model.window();
        this.firstKept = window.firstKept(run.now());
    }

    @Override
    public Change next(Writer writer) throws SQLException {
        Connection connection = writer.connection();
        if (RelationKind.of(connection, model.relation()).isEmpty()) {
            return creation();
        }
        Sql sql = writer.sql();
        ColumnChange columns = ColumnChange.between(
                RelationColumns.read(sql, model.relation().sql()).orElseThrow(),
                run.graph().columns(model));
        if (!columns.actions().isEmpty() && columns.isAddition(model) || ModelState.hasOtherUnits(sql, model)) {
            return again(columns);
        }
        if (run.days() != null && !daysMarked) {
            return markDays();
        }
        if (ranges == null) {
            PendingUnits pending = new PendingUnits(sql, model, run.now());
            Instant coveredTo = ModelState.read(sql, model).coveredTo();
            if (pending.hasNew(coveredTo)) {
                return mark(coveredTo);
            }
            lastMark = Marks.last(sql, model);
            ranges = new ArrayDeque<>(pending.ranges(run.settings().maxUnits()));
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

    /** New and wider columns come in place. All units are then calculated again, as after a change of the units. */
    private Change again(ColumnChange columns) {
        return new Change(false, true, null, tx -> {
            SearchPath.set(tx.sql(), run.settings().lockTimeout());
            if (!columns.actions().isEmpty()) {
                tx.verbs()
                        .alterColumns(
                                model.relation(), columns.actions(), run.graph().viewDefinitions());
            }
            Marks.clearAll(tx.sql(), model, Marks.last(tx.sql(), model));
            Marks.addAll(tx.sql(), model);
            ModelState.calculateAgain(tx.sql(), model, run.graph().definitionHash(model));
            writeSuccess(tx, null, 0);
            return RunOutcome.ok();
        });
    }

    /** The units that are new since the last refresh are marked; then they are as others whose input changed. */
    private Change mark(Instant coveredTo) {
        return new Change(false, false, null, tx -> {
            PendingUnits pending = new PendingUnits(tx.sql(), model, run.now());
            Marks.Last known = Marks.last(tx.sql(), model);
            if (pending.markNew(coveredTo)) {
                writeSuccess(tx, run.now(), 0);
            } else {
                // a unit whose rows have gone before it was ever calculated would stay marked, and be due for ever
                pending.forget(known);
                ranges = new ArrayDeque<>();
            }
            return RunOutcome.ok();
        });
    }

    private Change markDays() throws SQLException {
        TimeWindow range = window.unitsOf(run.days().first(), run.days().last());
        if (range.from().isBefore(firstKept)) {
            throw new SQLException("Days before " + window.dayOf(firstKept) + " are not kept up to date (keep in"
                    + " @window): begin with that day.");
        }
        return new Change(false, false, null, tx -> {
            new PendingUnits(tx.sql(), model, run.now()).markDays(range);
            daysMarked = true;
            return RunOutcome.ok();
        });
    }

    private Change nothingToDo() {
        return new Change(true, false, null, tx -> {
            writeSuccess(tx, null, 0);
            return RunOutcome.ok();
        });
    }

    private Change replacement(Connection connection, TimeWindow range) throws SQLException {
        StagingTable staging = StagingTable.of(connection, run, model, range);
        SortedSet<Instant> changed = staging.changedUnits(model, range);
        long rows = staging.rows();
        return new Change(ranges.isEmpty(), !changed.isEmpty(), range, tx -> {
            Written written = write(tx, staging, changed, range);
            Marks.clear(tx.sql(), model, range, lastMark);
            if (window.keep() != null) {
                Marks.clearBefore(tx.sql(), model, firstKept);
            }
            writeSuccess(tx, run.now(), written.inserted() - written.deleted());
            return RunOutcome.ok().read(rows).inserted(written.inserted()).deleted(written.deleted());
        });
    }

    private Written write(Transaction tx, StagingTable staging, SortedSet<Instant> changed, TimeWindow calculated)
            throws SQLException {
        long inserted = 0;
        long deleted = 0;
        if (!changed.isEmpty()) {
            SearchPath.set(tx.sql(), run.settings().lockTimeout());
            Partitions.ensure(tx.sql(), model.relation(), model, changed, run.now());
        }
        for (TimeWindow range : window.ranges(changed)) {
            RowRange rows = window.rows(range);
            deleted += MovedRows.delete(tx, run, model, rows, calculated, firstKept);
            WatchedRows watched = WatchedRows.before(
                    tx.sql(), model.relation(), window.column(), rows.condition(), rows.parameters());
            Written written = tx.verbs()
                    .replaceRange(model.relation(), rows, staging.columns(), staging.select(rows), rows.parameters());
            watched.record();
            inserted += written.inserted();
            deleted += written.deleted();
        }
        tx.markDirty(model.relation(), window.utcDays(changed));
        return new Written(inserted, 0, deleted + deleteExpired(tx));
    }

    /**
     * Deletes the units that {@code keep … drop} no longer keeps, those of a partition when all of it is no longer
     * kept, and returns the number of their rows. A reader who has the table delays that to a later refresh.
     */
    private long deleteExpired(Transaction tx) throws SQLException {
        if (!window.drop()) {
            return 0;
        }
        Instant first = Partitions.first(model, firstKept);
        SortedMap<Instant, Long> units = unitsBefore(tx.sql(), first);
        if (units.isEmpty() && model.table().partition() == null) {
            return 0;
        }
        Savepoint before = tx.connection().setSavepoint();
        try {
            SearchPath.set(tx.sql(), run.settings().lockTimeout());
            deleteBefore(tx, first, units.keySet());
            return units.values().stream().mapToLong(Long::longValue).sum();
        } catch (SQLException e) {
            if (!ModelError.isLockTimeout(e)) {
                throw e;
            }
            tx.connection().rollback(before);
            LOG.info("model={} A reader has the table: its expired rows are deleted by a later refresh.", model.name());
            return 0;
        }
    }

    /** The units before another one that have rows, with their number. */
    private SortedMap<Instant, Long> unitsBefore(Sql sql, Instant first) throws SQLException {
        RowRange rows = window.rowsBefore(first);
        SortedMap<Instant, Long> units = new TreeMap<>();
        sql.each(
                "select " + window.unitSql() + " as unit, count(*) as rows from "
                        + model.relation().sql() + " where " + rows.condition() + " group by 1",
                row -> units.put(row.instant("unit"), row.number("rows")),
                rows.parameters());
        return units;
    }

    private void deleteBefore(Transaction tx, Instant first, Set<Instant> units) throws SQLException {
        RowRange rows = window.rowsBefore(first);
        tx.markDirty(model.relation(), window.utcDays(new TreeSet<>(units)));
        WatchedRows watched =
                WatchedRows.before(tx.sql(), model.relation(), window.column(), rows.condition(), rows.parameters());
        Partitions.drop(tx.sql(), model, first);
        tx.verbs().deleteRange(model.relation(), rows);
        watched.record();
    }

    private void writeSuccess(Transaction tx, Instant newCoveredTo, long moreRows) throws SQLException {
        String current = run.graph().definitionHash(model);
        boolean unitsLeft = new PendingUnits(tx.sql(), model, run.now()).areLeft();
        boolean again = ModelState.isCalculatedAgain(tx.sql(), model, current, unitsLeft);
        ModelState before = ModelState.read(tx.sql(), model);
        before.after(run, model, newCoveredTo, moreRows)
                .writeSuccess(tx, model, again ? CALCULATED_AGAIN : before.warning(run, model));
    }
}
