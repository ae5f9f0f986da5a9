package serai.refresh;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.TimeWindow;
import serai.warehouse.Transaction;
import serai.warehouse.Writer;

/** Calculates the whole history of a recalc model beside its table and puts it in the table's place. */
final class ModelRebuild {

    private static final DayRange EVER = new DayRange(LocalDate.of(1, 1, 1), LocalDate.of(9999, 1, 1));

    private final RunContext run;
    private final Model model;
    private final ModelWindow window;

    ModelRebuild(RunContext run, Model model) {
        this.run = run;
        this.model = model;
        this.window = model.window();
    }

    /**
     * @param writer the one writer of this model
     * @throws IllegalStateException when the input no longer has the first days of the table: they would be lost
     */
    void run(Writer writer) throws Exception {
        Connection connection = writer.connection();
        LocalDate today = window.dayOf(run.now());
        Optional<LocalDate> input = PendingDays.firstInput(connection, window).map(window::dayOf);
        refuseLoss(connection, input, today);
        LocalDate first = input.filter(d -> d.isBefore(today)).orElse(today);
        DayRange range = new DayRange(
                first.isBefore(window.firstKept(today)) ? window.firstKept(today) : first, today.plusDays(1));
        Instant from = window.startOf(range.from());
        Instant to = window.startOf(range.to());
        StagingTable stage = StagingTable.of(
                connection,
                run.catalog().shape(model),
                model.sql(),
                new ModelParameters(from, to, run.now(), run.id()),
                run.settings().maxTime());
        stage.requireDaysWithin(window.column(), range);
        long rows = stage.rows();
        writer.begin("rebuild", new TimeWindow(from, to));
        writer.commitWithState(tx -> {
            SearchPath.set(tx.connection(), run.settings().lockTimeout());
            SortedSet<LocalDate> days = daysOf(tx.connection());
            swap(tx, stage);
            days.addAll(daysOf(tx.connection()));
            tx.markDirty(model.relation(), days);
            ModelState.forgetDirty(tx.connection(), model, EVER);
            ModelState.success(
                    tx.connection(), model, run.now(), run.catalog().definitionHash(model), rows, tx.runId(), null);
            return RunOutcome.ok(rows, rows, 0, 0, null);
        });
    }

    private void refuseLoss(Connection connection, Optional<LocalDate> input, LocalDate today) throws SQLException {
        SortedSet<LocalDate> days = daysOf(connection);
        LocalDate oldest = days.isEmpty() ? today : days.first();
        if (!oldest.isBefore(window.firstKept(today)) && oldest.isBefore(input.orElse(today))) {
            throw new IllegalStateException(model.relation() + " goes back to " + oldest + ", its input "
                    + window.relation() + " only to "
                    + input.map(LocalDate::toString).orElse("nothing") + ": a rebuild would lose the days between.");
        }
    }

    private void swap(Transaction tx, StagingTable stage) throws SQLException {
        Relation table = model.relation();
        Relation shadow = new Relation(table.schema(), table.name() + "__shadow");
        NewTable.create(tx.connection(), shadow, run.catalog().shape(model), model);
        stage.copyTo(tx.connection(), shadow);
        tx.swap(table, shadow, run.catalog().viewDefinitions());
    }

    private SortedSet<LocalDate> daysOf(Connection connection) throws SQLException {
        SortedSet<LocalDate> days = new TreeSet<>();
        try (PreparedStatement s = connection.prepareStatement("select distinct " + Relation.quote(window.column())
                        + " from " + model.relation().sql());
                ResultSet r = s.executeQuery()) {
            while (r.next()) {
                days.add(r.getObject(1, LocalDate.class));
            }
        }
        return days;
    }
}
