package serai.refresh;

import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import serai.warehouse.Sql;
import serai.warehouse.TimeWindow;

/**
 * The units that a recalc has to calculate: those that are marked in {@code meta.model_dirty}, and the present one.
 * Units that have begun since the last refresh are marked by {@link #markNew}, so that missed runs are made up for.
 */
final class PendingUnits {

    private final Sql sql;
    private final Model model;
    private final ModelWindow window;
    private final Instant first;
    private final Instant last;
    private final Instant now;

    PendingUnits(Sql sql, Model model, Instant now) {
        this.sql = sql;
        this.model = model;
        this.window = model.window();
        this.now = now;
        this.first = window.firstKept(now);
        this.last = window.last(now);
    }

    /** Whether {@link #markNew} has something to do. */
    boolean hasNew(Instant coveredTo) throws SQLException {
        return coveredTo == null || window.last(coveredTo).isBefore(last) || isAllMarked();
    }

    private boolean isAllMarked() throws SQLException {
        return sql.first(
                        "select 1 from meta.model_dirty where model = ? and unit = '-infinity'",
                        row -> true,
                        model.name())
                .isPresent();
    }

    /**
     * Marks the units that have come since the model was covered, and each unit that exists when all are marked.
     *
     * @param coveredTo null when the model was never calculated
     * @return whether the model has any unit
     */
    boolean markNew(Instant coveredTo) throws SQLException {
        SearchPath.set(sql);
        ExistingUnits existing = new ExistingUnits(sql, model);
        boolean all = coveredTo == null || isAllMarked();
        Instant from = all ? first : window.last(coveredTo);
        SortedSet<Instant> units = existing.ofInput(from.isBefore(first) ? first : from, last);
        if (all) {
            units.addAll(existing.ofTable(first, last));
            sql.update("delete from meta.model_dirty where model = ? and unit = '-infinity'", model.name());
        }
        Marks.add(sql, model, units);
        return coveredTo != null || !units.isEmpty();
    }

    /** Marks the units of some days that exist, although their input did not change. */
    void markDays(TimeWindow range) throws SQLException {
        SearchPath.set(sql);
        ExistingUnits existing = new ExistingUnits(sql, model);
        Instant from = range.from().isBefore(first) ? first : range.from();
        Instant to = range.to().isAfter(window.next(last))
                ? last
                : window.unitOf(range.to().minusNanos(1));
        SortedSet<Instant> units = existing.ofInput(from, to);
        units.addAll(existing.ofTable(from, to));
        Marks.add(sql, model, units);
    }

    /**
     * The ranges to calculate now: the present unit first, then the oldest.
     *
     * @param most how many units at most
     */
    List<TimeWindow> ranges(int most) throws SQLException {
        Instant present = window.unitOf(now);
        SortedSet<Instant> units = new TreeSet<>();
        if (model.late().lookbackDays() > 0) {
            units.addAll(window.unitsBetween(
                    now.atZone(window.zone())
                            .minusDays(model.late().lookbackDays())
                            .toInstant(),
                    present));
        }
        int room = Math.max(0, most - 1 - units.size());
        units.addAll(sql.list(
                "select unit from meta.model_dirty where model = ? and unit >= ? and unit <= ? and unit <> ?"
                        + " order by unit limit ?",
                row -> row.instant("unit"),
                model.name(),
                earliest(first),
                last,
                present,
                room));
        units.removeIf(unit -> unit.isBefore(first));
        units.add(present);
        List<TimeWindow> ranges = new ArrayList<>(window.ranges(units));
        ranges.stream()
                .filter(range -> !range.from().isAfter(present) && range.to().isAfter(present))
                .findFirst()
                .ifPresent(range -> {
                    ranges.remove(range);
                    ranges.add(0, range);
                });
        return ranges;
    }

    /** Whether units are left, besides the present one, which is never over. */
    boolean areLeft() throws SQLException {
        return sql.first(
                        "select 1 from meta.model_dirty"
                                + " where model = ? and (unit >= ? and unit <= ? or unit = '-infinity') limit 1",
                        row -> true,
                        model.name(),
                        earliest(first),
                        last)
                .isPresent();
    }

    /** Removes the marks of a model that has no unit up to the present one. */
    void forget(Marks.Last known) throws SQLException {
        Marks.clear(sql, model, new TimeWindow(earliest(first), window.next(last)), known);
    }

    private static Instant earliest(Instant time) {
        // PostgreSQL's first time is later than Java's
        Instant limit = Instant.EPOCH.minus(2_000_000, ChronoUnit.DAYS);
        return time.isBefore(limit) ? limit : time;
    }
}
