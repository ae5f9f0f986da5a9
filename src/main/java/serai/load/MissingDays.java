package serai.load;

import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import serai.warehouse.RowRange;
import serai.warehouse.Sql;

/**
 * Days that imports of the usual window never bring: the table is empty before it, because it is new or was emptied, or
 * {@code since} was moved to an earlier day.
 *
 * @param end the day after the last
 */
record MissingDays(LocalDate first, LocalDate end) {

    private static final String EARLIEST = """
            select min(window_from) as earliest,
              coalesce(bool_or(rows_inserted > 0 and finished_at < ?), false) as older
            from meta.runs where source = ? and status in ('ok', 'unchanged') and window_from is not null""";

    /**
     * The runs that succeeded.
     *
     * @param earliest the first day of the earliest window; null before the first run
     * @param older whether rows were loaded that cannot be of the present window
     */
    private record History(Instant earliest, boolean older) {}

    /** Looks for them; there are none before the first import. */
    static Optional<MissingDays> find(Sql sql, ImportRun run, ReplacePlan plan, ReportTable table) throws SQLException {
        History history = sql.first(
                        EARLIEST,
                        row -> new History(row.instant("earliest"), row.flag("older")),
                        run.window().from(),
                        run.sourceName())
                .orElseThrow();
        if (history.earliest() == null || run.isReload()) {
            return Optional.empty();
        }
        LocalDate imported = run.day(history.earliest());
        LocalDate first = run.since() != null && run.since().isBefore(imported) ? run.since() : imported;
        if (!first.isBefore(run.firstDay())) {
            return Optional.empty();
        }
        if (history.older() && isEmpty(sql, plan, table.range(first, run.firstDay(), run.zone()))) {
            return Optional.of(new MissingDays(first, run.firstDay()));
        }
        return first.isBefore(imported) ? Optional.of(new MissingDays(first, imported)) : Optional.empty();
    }

    private static boolean isEmpty(Sql sql, ReplacePlan plan, RowRange days) throws SQLException {
        RowRange range = days.within(plan.scope().share());
        return sql.first(
                        "select 1 as found from " + plan.relation().sql() + " where " + range.condition() + " limit 1",
                        row -> true,
                        range.parameters())
                .isEmpty();
    }
}
