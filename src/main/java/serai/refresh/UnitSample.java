package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import serai.warehouse.Sql;
import serai.warehouse.TimeWindow;

/**
 * Calculates a few units of a recalc by themselves and compares them with the table. They differ when the answer of the
 * SELECT depends on which units are calculated together, as with {@code lag} or {@code row_number} across units: the
 * table is then another one after each refresh.
 */
final class UnitSample {

    private static final int MOST = 3;

    private static final String WAITING = """
            select 1 from meta.dirty d join meta.watches w using (relation) where w.consumer = ?
            union all select 1 from meta.dirty_keys k join meta.watches w on w.id = k.watch where w.consumer = ?
            limit 1""";

    private final Sql sql;
    private final Connection connection;
    private final RunContext run;
    private final Model model;

    UnitSample(Connection connection, RunContext run, Model model) {
        this.sql = Sql.on(connection);
        this.connection = connection;
        this.run = run;
        this.model = model;
    }

    /**
     * Compares some units.
     *
     * @return empty when nothing can be said: changes wait for a refresh or are ignored by {@code @late}, or rows have
     *     the number of their run
     */
    Optional<TestResult> test() throws SQLException {
        boolean waiting =
                sql.first(WAITING, row -> true, model.name(), model.name()).isPresent();
        String changed = ModelState.read(sql, model).warning(run, model);
        boolean keepsOld = model.late().inputs().stream().anyMatch(Late.Without.class::isInstance);
        if (waiting || changed != null || keepsOld || model.sql().parameters().contains("run_id")) {
            return Optional.empty();
        }
        List<Instant> units = sample();
        List<String> differing = new ArrayList<>();
        for (Instant unit : units) {
            TimeWindow range = new TimeWindow(unit, model.window().next(unit));
            Trial.Difference difference = new Trial(run, model, range).difference(connection);
            // without any row, the input may have been deleted for its age
            if (difference.rows() > 0 && difference.inserted() + difference.changed() + difference.deleted() > 0) {
                differing.add(model.window().text(unit));
            }
        }
        String name = model.name() + " single units";
        return Optional.of(
                differing.isEmpty()
                        ? TestResult.passed(name, model.name(), units.size())
                        : new TestResult(
                                name,
                                model.name(),
                                TestResult.Status.FAILED,
                                differing.size(),
                                "The SELECT gives other rows for " + String.join(", ", differing)
                                        + " alone than the table has: its answer depends on which units are calculated"
                                        + " together, or a change was not marked. Let no row depend on rows of other"
                                        + " units that are between :from and :to.",
                                null));
    }

    /** Covered units that no mark waits for, without the present one. */
    private List<Instant> sample() throws SQLException {
        ModelWindow window = model.window();
        Instant coveredTo = ModelState.read(sql, model).coveredTo();
        if (coveredTo == null) {
            return List.of();
        }
        Instant last = window.unitOf(window.unitOf(coveredTo).minusNanos(1));
        Set<Instant> marked = new TreeSet<>(sql.list(
                "select unit from meta.model_dirty where model = ? and isfinite(unit)",
                row -> row.instant("unit"),
                model.name()));
        boolean all = sql.first(
                        "select 1 from meta.model_dirty where model = ? and unit = '-infinity'",
                        row -> true,
                        model.name())
                .isPresent();
        List<Instant> units = all
                ? new ArrayList<>()
                : new ArrayList<>(new ExistingUnits(sql, model).ofTable(window.firstKept(run.now()), last));
        units.removeAll(marked);
        Collections.shuffle(units);
        return units.subList(0, Math.min(MOST, units.size()));
    }
}
