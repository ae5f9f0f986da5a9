package serai.load;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import serai.load.WindowDays.Day;
import serai.load.WindowTotals.DayTotal;
import serai.warehouse.Sql;

/**
 * The days of a window that have to be written.
 *
 * @param changed whose report is another one than at the last load
 * @param fewer rows by which days of this report have fewer than at the last load
 * @param edited whose table is not what the last load left: someone has changed its rows
 * @param partial of which the database has not taken all rows of the same report, and may do so now
 * @param before what the partial days of the table have
 * @param missing days before the window that are not there; null for none
 */
record ChangedDays(
        Set<LocalDate> changed,
        long fewer,
        Set<LocalDate> edited,
        Set<LocalDate> partial,
        Map<LocalDate, DayTotal> before,
        MissingDays missing) {

    /** Compares a report with the last loads and with the table, by short statements that lock nothing. */
    static ChangedDays find(Sql sql, ImportRun run, ReplacePlan plan, SpooledReport report) throws SQLException {
        Map<LocalDate, Day> known =
                new WindowDays(sql, plan.relation(), plan.scope()).read(run.firstDay(), run.endDay());
        Map<LocalDate, DayTotal> totals = report.totals().days();
        Set<LocalDate> changed = new TreeSet<>();
        Set<LocalDate> same = new TreeSet<>();
        long fewer = 0;
        for (LocalDate day = run.firstDay(); day.isBefore(run.endDay()); day = day.plusDays(1)) {
            DayTotal now = totals.getOrDefault(day, DayTotal.NONE);
            DayTotal last = known.getOrDefault(day, Day.NONE).report();
            (last.equals(now) ? same : changed).add(day);
            fewer += Math.max(0, last.rows() - now.rows());
        }
        Map<LocalDate, DayTotal> table =
                WindowDays.ofTable(sql, report.table(), plan.scope(), run.zone(), report.columns(), same);
        Set<LocalDate> edited = new TreeSet<>();
        Set<LocalDate> partial = new TreeSet<>();
        Map<LocalDate, DayTotal> before = new HashMap<>();
        for (LocalDate day : same) {
            Day last = known.getOrDefault(day, Day.NONE);
            if (!last.table().equals(table.getOrDefault(day, DayTotal.NONE))) {
                edited.add(day);
            } else if (last.partial()) {
                partial.add(day);
                before.put(day, last.table());
            }
        }
        MissingDays missing = MissingDays.find(sql, run, plan, report.table()).orElse(null);
        return new ChangedDays(changed, fewer, edited, partial, before, missing);
    }

    /** @param edits whether to write days that someone has changed */
    Set<LocalDate> toWrite(boolean edits) {
        Set<LocalDate> days = new TreeSet<>(changed);
        days.addAll(partial);
        if (edits) {
            days.addAll(edited);
        }
        return days;
    }
}
