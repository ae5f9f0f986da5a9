package serai.refresh;

import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import serai.warehouse.Sql;
import serai.warehouse.TimeWindow;

/**
 * What a once has to do with its units that are over. A unit is written when its inputs are complete up to its end:
 * what they are then is what was true. When that is long ago, the input may have been overwritten, and the unit is a
 * gap, unless the model says {@code @fill yes}.
 *
 * @param due to write, oldest first
 * @param missed those that become gaps, oldest first
 * @param waiting the first one that waits for its inputs, or null
 * @param completeTo up to when the inputs are complete; empty when that is not known
 */
record OnceUnits(List<Instant> due, List<Instant> missed, Instant waiting, Optional<Instant> completeTo) {

    /** Reads them, as many as one refresh may write at once. */
    static OnceUnits read(Sql sql, RunContext run, Model model) throws SQLException {
        Optional<Instant> completeTo = Completeness.read(sql).least(run.graph().reads(model));
        Instant start = start(sql, run, model);
        ModelWindow window = model.window();
        SortedSet<Instant> done = new Seals(sql, model).units(start, window.unitOf(run.now()), true);
        List<Instant> due = new ArrayList<>();
        List<Instant> missed = new ArrayList<>();
        Instant unit = start;
        while (window.next(unit).compareTo(run.now()) <= 0
                && due.size() + missed.size() < run.settings().maxUnits()) {
            Instant end = window.next(unit);
            boolean isLate = end.plus(run.settings().sealWait()).isBefore(run.now());
            boolean isComplete = completeTo.isPresent() && !completeTo.get().isBefore(end);
            if (done.contains(unit)) {
                unit = end;
                continue;
            }
            if (isLate && !model.write().fill()) {
                missed.add(unit);
            } else if (isComplete) {
                due.add(unit);
            } else {
                return new OnceUnits(due, missed, unit, completeTo);
            }
            unit = end;
        }
        return new OnceUnits(due, missed, null, completeTo);
    }

    /** The unit after the last one that was written in order; at first that of {@code @from}, or yesterday's. */
    private static Instant start(Sql sql, RunContext run, Model model) throws SQLException {
        ModelWindow window = model.window();
        Instant coveredTo = ModelState.read(sql, model).coveredTo();
        if (coveredTo != null) {
            return window.unitOf(coveredTo);
        }
        LocalDate from = model.write().from();
        return window.unitOf(
                from == null
                        ? window.unitOf(run.now()).minusNanos(1)
                        : from.atStartOfDay(window.zone()).toInstant());
    }

    /** Those of a range that a command names, which are over. */
    static OnceUnits of(Sql sql, RunContext run, Model model, TimeWindow range, boolean reseal) throws SQLException {
        ModelWindow window = model.window();
        SortedSet<Instant> sealed = new Seals(sql, model).units(range.from(), range.to(), false);
        Optional<Instant> completeTo = Completeness.read(sql).least(run.graph().reads(model));
        List<Instant> due = new ArrayList<>();
        for (Instant unit : window.unitsBetween(range.from(), range.to().minusNanos(1))) {
            Instant end = window.next(unit);
            if (end.isAfter(run.now())
                    || completeTo.isEmpty()
                    || completeTo.get().isBefore(end)) {
                return new OnceUnits(due, List.of(), unit, completeTo);
            }
            if (reseal || !sealed.contains(unit)) {
                due.add(unit);
            }
        }
        return new OnceUnits(due, List.of(), null, completeTo);
    }

    /** Whether there is something to write. */
    boolean hasWork() {
        return !due.isEmpty() || !missed.isEmpty();
    }
}
