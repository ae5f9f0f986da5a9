package serai.refresh;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import serai.warehouse.Relation;

/**
 * The days that a model has to calculate now: days whose input changed, and the days since it was last calculated up to
 * today, so that missed runs fill themselves. A {@code once} model takes closed days only, each a single time.
 *
 * @param ranges at most {@code max-days} days, oldest first
 * @param covered the first day that was not calculated whole before, or null when there is no input yet
 */
record PendingDays(List<DayRange> ranges, LocalDate covered) {

    static PendingDays of(Connection connection, RunContext run, Model model) throws SQLException {
        ModelWindow window = model.window();
        LocalDate today = window.dayOf(run.now());
        Optional<LocalDate> covered = covered(connection, model);
        SortedSet<LocalDate> days = new TreeSet<>();
        if (model.kind() == ModelKind.RECALC) {
            days.addAll(ModelState.dirtyDays(connection, model));
        }
        LocalDate last = model.kind() == ModelKind.ONCE ? today.minusDays(1) : today;
        LocalDate since = covered.orElse(null);
        if (since != null && since.isBefore(window.firstKept(today))) {
            since = window.firstKept(today);
        }
        for (LocalDate day = since; day != null && !day.isAfter(last); day = day.plusDays(1)) {
            days.add(day);
        }
        SortedSet<LocalDate> taken = days.stream()
                .filter(d -> !d.isAfter(last) && !d.isBefore(window.firstKept(today)))
                .sorted()
                .limit(run.settings().maxDays())
                .collect(Collectors.toCollection(TreeSet::new));
        return new PendingDays(DayRange.coalesce(taken), since);
    }

    /** Whether days are left after a run; today, which stays open, is left only if that run did not come to it. */
    boolean hasRest(Connection connection, RunContext run, Model model) throws SQLException {
        LocalDate today = model.window().dayOf(run.now());
        boolean older = ranges.stream().anyMatch(r -> r.from().isBefore(today));
        boolean reachedNow = ModelState.read(connection, model)
                .map(ModelState::coveredTo)
                .filter(c -> !c.isBefore(run.now()))
                .isPresent();
        return older || !ranges.isEmpty() && !reachedNow;
    }

    private static Optional<LocalDate> covered(Connection connection, Model model) throws SQLException {
        ModelWindow window = model.window();
        boolean there = ExistingTables.isThere(connection, model.relation());
        Optional<Instant> covered =
                there ? ModelState.read(connection, model).map(ModelState::coveredTo) : Optional.empty();
        return covered.isPresent()
                ? covered.map(window::dayOf)
                : firstInput(connection, window).map(window::dayOf);
    }

    /** When the first row of the input is; a date counts as its start in UTC. */
    static Optional<Instant> firstInput(Connection connection, ModelWindow window) throws SQLException {
        connection.setAutoCommit(false);
        try {
            SearchPath.set(connection);
            try (PreparedStatement s = connection.prepareStatement("select min(" + Relation.quote(window.sourceColumn())
                            + ")::timestamptz from " + window.relation());
                    ResultSet r = s.executeQuery()) {
                r.next();
                var first = r.getTimestamp(1);
                return first == null ? Optional.empty() : Optional.of(first.toInstant());
            }
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }
}
