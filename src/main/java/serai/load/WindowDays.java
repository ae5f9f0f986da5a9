package serai.load;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import serai.load.WindowTotals.DayTotal;
import serai.warehouse.Relation;
import serai.warehouse.RowRange;
import serai.warehouse.Sql;

/**
 * What each day of a relation had at the end of the last load that wrote it ({@code meta.window_days}): the rows of the
 * report, and those of the table. A day needs no writing when its report is the same again and its table too.
 */
final class WindowDays {

    private static final String WRITE = """
            insert into meta.window_days
              (relation, scope, day, rows, hash, table_rows, table_hash, partial) values (?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (relation, scope, day) do update set rows = excluded.rows, hash = excluded.hash,
              table_rows = excluded.table_rows, table_hash = excluded.table_hash, partial = excluded.partial""";

    private final Sql sql;
    private final String relation;
    private final Scope scope;

    /** @param scope which of the relation's rows the loads replace */
    WindowDays(Sql sql, Relation relation, Scope scope) {
        this.sql = sql;
        this.relation = relation.toString();
        this.scope = scope;
    }

    /**
     * A day after a load.
     *
     * @param report the rows that the report had
     * @param table the rows that the table had, hashed by PostgreSQL
     * @param partial whether some of the report's rows are not in the table: the database has refused them, or they
     *     repeat the key of a later row
     */
    record Day(DayTotal report, DayTotal table, boolean partial) {

        static final Day NONE = new Day(DayTotal.NONE, DayTotal.NONE, false);
    }

    /** Removes what loads with another scope have left that had some of the same rows: the route was edited. */
    void forgetOverlapping() throws SQLException {
        List<String> overlapping = overlapping();
        if (!overlapping.isEmpty()) {
            sql.update("delete from meta.window_days where relation = ? and scope = any (?)", relation, overlapping);
        }
    }

    private List<String> overlapping() throws SQLException {
        return sql
                .list(
                        "select distinct scope from meta.window_days where relation = ?",
                        row -> row.text("scope"),
                        relation)
                .stream()
                .filter(other -> !other.equals(scope.toString()) && scope.overlaps(Scope.of(other)))
                .toList();
    }

    /** @param end the day after the last */
    Map<LocalDate, Day> read(LocalDate first, LocalDate end) throws SQLException {
        Map<LocalDate, Day> days = new HashMap<>();
        sql.each(
                "select day, rows, hash, table_rows, table_hash, partial from meta.window_days"
                        + " where relation = ? and scope = ? and day >= ? and day < ?",
                row -> days.put(
                        row.date("day"),
                        new Day(
                                new DayTotal(row.number("rows"), row.number("hash")),
                                new DayTotal(row.number("table_rows"), row.number("table_hash")),
                                row.flag("partial"))),
                relation,
                scope.toString(),
                first,
                end);
        return days;
    }

    /** Writes what some days have now. */
    void write(Map<LocalDate, Day> days) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        days.forEach((day, now) -> rows.add(List.of(
                relation,
                scope.toString(),
                day,
                now.report().rows(),
                now.report().hash(),
                now.table().rows(),
                now.table().hash(),
                now.partial())));
        sql.batch(WRITE, rows);
    }

    /** Removes days that lost rows to another window's load: what they have is not known any more. */
    void forget(Collection<LocalDate> days) throws SQLException {
        if (!days.isEmpty()) {
            sql.update(
                    "delete from meta.window_days where relation = ? and scope = ? and day = any (?::date[])",
                    relation,
                    scope.toString(),
                    days);
        }
    }

    /**
     * Reads what some days of the table have now.
     *
     * @param columns the columns that are hashed
     * @return only days with rows
     */
    static Map<LocalDate, DayTotal> ofTable(
            Sql sql, ReportTable table, Scope scope, ZoneId zone, List<String> columns, Set<LocalDate> days)
            throws SQLException {
        Map<LocalDate, DayTotal> totals = new HashMap<>();
        ComparedColumns compared = ComparedColumns.of(sql, table.relation());
        for (RowRange range : ranges(table, scope, zone, days)) {
            sql.each(
                    "select " + range.daySql() + " as day, count(*) as rows, sum(" + compared.hash("", columns)
                            + ") as hash from " + table.relation().sql() + " where " + range.condition()
                            + " group by 1",
                    row -> {
                        // the sum of many bigints is a numeric; a total has its lowest 64 bits
                        long hash =
                                new BigDecimal(row.text("hash")).toBigInteger().longValue();
                        totals.put(row.date("day"), new DayTotal(row.number("rows"), hash));
                    },
                    range.parameters());
        }
        return totals;
    }

    /** The rows of some days, as few ranges; neighbouring days are one. */
    static List<RowRange> ranges(ReportTable table, Scope scope, ZoneId zone, Set<LocalDate> days) {
        List<RowRange> ranges = new ArrayList<>();
        SortedSet<LocalDate> sorted = new TreeSet<>(days);
        while (!sorted.isEmpty()) {
            LocalDate first = sorted.first();
            LocalDate end = first;
            while (sorted.remove(end)) {
                end = end.plusDays(1);
            }
            ranges.add(table.range(first, end, zone).within(scope.share()));
        }
        return ranges;
    }
}
