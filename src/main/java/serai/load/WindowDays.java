package serai.load;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import serai.load.WindowTotals.DayTotal;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/**
 * What the last loads wrote into each day of a relation ({@code meta.window_days}); from it follows which days a load
 * changes.
 */
final class WindowDays {

    private final Sql sql;
    private final String relation;
    private final Scope scope;

    /** @param scope which of the relation's rows the loads replace */
    WindowDays(Sql sql, Relation relation, Scope scope) {
        this.sql = sql;
        this.relation = relation.toString();
        this.scope = scope;
    }

    /** Removes what loads with another scope have left that had some of the same rows: the route was edited. */
    void forgetOverlapping() throws SQLException {
        List<String> overlapping = sql
                .list(
                        "select distinct scope from meta.window_days where relation = ?",
                        row -> row.text("scope"),
                        relation)
                .stream()
                .filter(other -> !other.equals(scope.toString()) && scope.overlaps(Scope.of(other)))
                .toList();
        if (!overlapping.isEmpty()) {
            sql.update("delete from meta.window_days where relation = ? and scope = any (?)", relation, overlapping);
        }
    }

    /**
     * The days whose rows are not what they were: another count or hash, or another number of rows in the table than
     * the last load left there.
     *
     * @param end the day after the window's last
     * @param totals of the rows that the days have from now on
     * @param removed rows that each day of the window had in the table until now
     */
    Set<LocalDate> changed(
            LocalDate first, LocalDate end, Map<LocalDate, DayTotal> totals, Map<LocalDate, Long> removed)
            throws SQLException {
        Map<LocalDate, DayTotal> before = read(first, end);
        Set<LocalDate> days = new TreeSet<>(before.keySet());
        days.addAll(totals.keySet());
        days.addAll(removed.keySet());
        days.removeIf(day -> {
            DayTotal old = before.getOrDefault(day, DayTotal.NONE);
            return old.equals(totals.getOrDefault(day, DayTotal.NONE)) && old.rows() == removed.getOrDefault(day, 0L);
        });
        return days;
    }

    private Map<LocalDate, DayTotal> read(LocalDate first, LocalDate end) throws SQLException {
        Map<LocalDate, DayTotal> days = new HashMap<>();
        sql.each(
                "select day, rows, hash from meta.window_days"
                        + " where relation = ? and scope = ? and day >= ? and day < ?",
                row -> days.put(row.date("day"), new DayTotal(row.number("rows"), row.number("hash"))),
                relation,
                scope.toString(),
                first,
                end);
        return days;
    }

    void write(Collection<LocalDate> days, Map<LocalDate, DayTotal> totals) throws SQLException {
        List<List<Object>> rows = days.stream()
                .map(day -> {
                    DayTotal total = totals.getOrDefault(day, DayTotal.NONE);
                    return List.<Object>of(relation, scope.toString(), day, total.rows(), total.hash());
                })
                .toList();
        sql.batch("""
                insert into meta.window_days (relation, scope, day, rows, hash) values (?, ?, ?, ?, ?)
                on conflict (relation, scope, day) do update set rows = excluded.rows, hash = excluded.hash""", rows);
    }

    /** Removes days that lost rows to another window's load: their totals are not known any more. */
    void forget(Collection<LocalDate> days) throws SQLException {
        sql.update(
                "delete from meta.window_days where relation = ? and scope = ? and day = any (?::date[])",
                relation,
                scope.toString(),
                days);
    }
}
