package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedSet;
import java.util.TreeSet;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.TimeWindow;
import serai.warehouse.Transaction;
import serai.warehouse.WatchedRows;
import serai.warehouse.WriteVerbs.Written;
import serai.warehouse.Writer;

/**
 * An upsert, or an scd2 with a change log: its rows are calculated by key. First those keys are read again over all
 * time whose rows in the input were changed or deleted; what is not in the answer is gone. Then, for an upsert, the
 * keys that the dirty units touched. All is compared at the beginning, and when it is not known what has changed.
 */
final class KeyedMaterialization implements Materialization {

    private final RunContext run;
    private final Model model;
    /** Ranges that are still to be written; null before they are read. */
    private Deque<TimeWindow> ranges;
    /** The last marks when they were read. */
    private Marks.Last last;

    private boolean daysMarked;

    KeyedMaterialization(RunContext run, Model model) {
        this.run = run;
        this.model = model;
    }

    /** What a transaction removes of the marks. */
    private interface Clearing {
        void run(Sql sql) throws SQLException;
    }

    @Override
    public Change next(Writer writer) throws SQLException {
        Sql sql = writer.sql();
        Connection connection = writer.connection();
        if (run.days() != null && !daysMarked) {
            return markDays();
        }
        if (ranges == null) {
            last = Marks.last(sql, model);
            DirtyKeys keys = DirtyKeys.read(sql, model).orElse(null);
            if (keys == null || ModelState.read(sql, model).coveredTo() == null || isAllMarked(sql)) {
                return whole(connection);
            }
            ranges = ranges(sql, run, model);
            if (!keys.ids().isEmpty()) {
                StagingTable staging = StagingTable.ofKeys(connection, run, model, keys);
                return change(staging, TableDifference.Scope.KEYS, null, keys::clear);
            }
        }
        TimeWindow range = ranges.poll();
        return range == null
                ? nothingToDo()
                : change(
                        StagingTable.ofTouched(connection, run, model, range),
                        TableDifference.Scope.NONE,
                        range,
                        marks -> Marks.clear(marks, model, range, last));
    }

    /** The keys of days that a command names are read again although their input did not change. */
    private Change markDays() {
        return new Change(false, false, null, tx -> {
            SearchPath.set(tx.sql());
            ModelWindow window = model.window();
            TimeWindow range = window.unitsOf(run.days().first(), run.days().last());
            Marks.add(
                    tx.sql(),
                    model,
                    new ExistingUnits(tx.sql(), model)
                            .ofInput(range.from(), window.unitOf(range.to().minusNanos(1))));
            daysMarked = true;
            return RunOutcome.ok();
        });
    }

    private boolean isAllMarked(Sql sql) throws SQLException {
        return sql.first(
                        "select 1 from meta.model_dirty where model = ? and unit = '-infinity'",
                        row -> true,
                        model.name())
                .isPresent();
    }

    /** Whether something is marked. */
    static boolean hasMarksLeft(Sql sql, Model model) throws SQLException {
        return DirtyKeys.areLeft(sql, model)
                || sql.first("select 1 from meta.model_dirty where model = ? limit 1", row -> true, model.name())
                        .isPresent();
    }

    /** The units to calculate now, oldest first. */
    static Deque<TimeWindow> ranges(Sql sql, RunContext run, Model model) throws SQLException {
        ModelWindow window = model.window();
        if (window == null) {
            return new ArrayDeque<>();
        }
        SortedSet<Instant> units = new TreeSet<>(sql.list(
                "select unit from meta.model_dirty where model = ? and isfinite(unit) order by unit limit ?",
                row -> row.instant("unit"),
                model.name(),
                run.settings().maxUnits()));
        if (model.late().lookbackDays() > 0) {
            Instant first = run.now()
                    .atZone(window.zone())
                    .minusDays(model.late().lookbackDays())
                    .toInstant();
            units.addAll(window.unitsBetween(first, window.unitOf(run.now())));
        }
        return new ArrayDeque<>(window.ranges(units));
    }

    private Change nothingToDo() {
        return new Change(true, false, null, tx -> {
            writeSuccess(tx, 0);
            return RunOutcome.ok();
        });
    }

    private Change change(StagingTable staging, TableDifference.Scope scope, TimeWindow range, Clearing clearing)
            throws SQLException {
        TableDifference difference = staging.difference(model, scope);
        long rows = staging.rows();
        return new Change(ranges.isEmpty(), !difference.isEmpty(), range, tx -> {
            Written written = write(tx, difference);
            clearing.run(tx.sql());
            writeSuccess(tx, written.inserted() - written.deleted());
            return outcome(rows, written);
        });
    }

    private Written write(Transaction tx, TableDifference difference) throws SQLException {
        SearchPath.set(tx.sql(), run.settings().lockTimeout());
        WatchedRows watched = WatchedRows.before(tx.sql(), model.relation(), "", difference.written());
        Written written = difference.apply(tx.connection());
        watched.record();
        return written;
    }

    private Change whole(Connection connection) throws SQLException {
        StagingTable staging = StagingTable.ofAll(connection, run, model);
        long rows = staging.rows();
        boolean unchanged = TableMaterialization.hasShape(connection, run, model)
                && staging.difference(model, TableDifference.Scope.ALL).isEmpty();
        return new Change(true, !unchanged, null, tx -> replace(tx, run, model, staging, rows, last));
    }

    /** Gives the table the rows that were calculated over all time. */
    private static RunOutcome replace(
            Transaction tx, RunContext run, Model model, StagingTable staging, long rows, Marks.Last last)
            throws SQLException {
        Written written = TableMaterialization.replaceWatched(tx, run, model, staging);
        if (Watches.areKnown(tx.sql(), model)) {
            Marks.clearAll(tx.sql(), model, last);
        }
        new ModelState(run.now(), run.graph().definitionHash(model), count(tx.sql(), model.relation()))
                .writeSuccess(tx, model, null);
        return outcome(rows, written);
    }

    /**
     * Calculates a model with its present definition over all time; what differs is then written. The columns may
     * differ, too.
     *
     * @param writer the writer of this model, until its rows are replaced
     */
    static ModelRebuild.Staged stageRebuild(Writer writer, RunContext run, Model model) throws SQLException {
        Marks.Last last = Marks.last(writer.sql(), model);
        StagingTable staging = StagingTable.ofAll(writer.connection(), run, model);
        long rows = staging.rows();
        writer.begin("rebuild", null);
        return () -> writer.commitWithState(tx -> {
            RunOutcome outcome = replace(tx, run, model, staging, rows, last);
            Declarations.apply(tx, run, model);
            new WriteTests(run).run(tx, model, new Change(true, true, null, any -> outcome), outcome);
            return outcome;
        });
    }

    /** Rows that are flagged as deleted are not calculated and stay. */
    private static long count(Sql sql, Relation relation) throws SQLException {
        return sql.first("select count(*) from " + relation.sql(), row -> row.number("count"))
                .orElseThrow();
    }

    private static RunOutcome outcome(long rows, Written written) {
        return RunOutcome.ok()
                .read(rows)
                .inserted(written.inserted())
                .updated(written.updated())
                .deleted(written.deleted());
    }

    private void writeSuccess(Transaction tx, long moreRows) throws SQLException {
        ModelState before = ModelState.read(tx.sql(), model);
        before.after(run, model, run.now(), moreRows).writeSuccess(tx, model, before.warning(run, model));
    }
}
