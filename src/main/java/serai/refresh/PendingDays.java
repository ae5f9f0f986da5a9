package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import serai.warehouse.Relation;
import serai.warehouse.RelationKind;
import serai.warehouse.Sql;

/**
 * The days that a model has to calculate now: dirty days, and all days since it was last calculated up to today, so
 * that missed runs are made up for. A {@code once} model takes only days that are over, each a single time.
 *
 * @param ranges at most {@code refresh.max-days} days, oldest first
 * @param coveredTo the first day that was not yet calculated as a whole; null when the input has no rows yet
 */
record PendingDays(List<DayRange> ranges, LocalDate coveredTo) {

    static PendingDays of(Connection connection, RunContext run, Model model) throws SQLException {
        ModelWindow window = model.window();
        LocalDate today = window.dayOf(run.now());
        LocalDate last = model.kind() == ModelKind.ONCE ? today.minusDays(1) : today;
        LocalDate firstKept = window.firstKept(today);
        LocalDate coveredTo = coveredTo(connection, model)
                .map(day -> day.isBefore(firstKept) ? firstKept : day)
                .orElse(null);
        SortedSet<LocalDate> days = new TreeSet<>();
        if (model.kind() == ModelKind.RECALC) {
            days.addAll(DirtyDays.of(Sql.on(connection), model));
        }
        for (LocalDate day = coveredTo; day != null && !day.isAfter(last); day = day.plusDays(1)) {
            days.add(day);
        }
        SortedSet<LocalDate> taken = days.stream()
                .filter(day -> !day.isAfter(last) && !day.isBefore(firstKept))
                .limit(run.settings().maxDays())
                .collect(Collectors.toCollection(TreeSet::new));
        return new PendingDays(DayRange.coalesce(taken), coveredTo);
    }

    private static Optional<LocalDate> coveredTo(Connection connection, Model model) throws SQLException {
        Instant coveredTo = RelationKind.of(connection, model.relation()).isPresent()
                ? ModelState.read(Sql.on(connection), model).coveredTo()
                : null;
        return coveredTo == null
                ? firstInput(connection, model.window())
                : Optional.of(model.window().dayOf(coveredTo));
    }

    /** The day of the input's first row; a date is a day of the model's zone. */
    static Optional<LocalDate> firstInput(Connection connection, ModelWindow window) throws SQLException {
        Sql sql = Sql.on(connection);
        connection.setAutoCommit(false);
        try {
            SearchPath.set(sql);
            return sql.first(
                    "select min::timestamptz as first, case when pg_typeof(min) = 'date'::regtype"
                            + " then min::text::date end as day"
                            + " from (select min(" + Relation.quote(window.sourceColumn()) + ") from "
                            + window.relation() + ") as input",
                    row -> row.date("day") != null || row.instant("first") == null
                            ? row.date("day")
                            : window.dayOf(row.instant("first")));
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /**
     * Whether these days, which are what is pending after a run, need another run now. Today is never over and stays
     * pending: it counts only when the run did not reach it.
     */
    boolean needAnotherRun(Connection connection, RunContext run, Model model) throws SQLException {
        LocalDate today = model.window().dayOf(run.now());
        Instant coveredTo = ModelState.read(Sql.on(connection), model).coveredTo();
        boolean reachedNow = coveredTo != null && !coveredTo.isBefore(run.now());
        return ranges.stream().anyMatch(range -> range.from().isBefore(today)) || !ranges.isEmpty() && !reachedNow;
    }
}
