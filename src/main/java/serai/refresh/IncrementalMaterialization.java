package serai.refresh;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.SortedSet;
import serai.warehouse.RowRange;
import serai.warehouse.RunOutcome;
import serai.warehouse.TimeWindow;
import serai.warehouse.Transaction;
import serai.warehouse.Writer;

/** A recalc or a once: its days are written range by range, each in one transaction with its state. */
final class IncrementalMaterialization implements Materialization {

    private final RunContext run;
    private final Model model;
    private final ModelWindow window;
    private Deque<DayRange> ranges;
    private LocalDate covered;
    private boolean wrote;

    IncrementalMaterialization(RunContext run, Model model) {
        this.run = run;
        this.model = model;
        this.window = model.window();
    }

    @Override
    public Optional<Change> next(Writer writer) throws SQLException {
        Connection connection = writer.connection();
        if (!ExistingTables.isThere(connection, model.relation())) {
            return Optional.of(creation());
        }
        if (ranges == null) {
            PendingDays queue = PendingDays.of(connection, run, model);
            ranges = new ArrayDeque<>(queue.ranges());
            covered = queue.covered();
        }
        DayRange range = ranges.poll();
        if (range == null) {
            return wrote ? Optional.empty() : Optional.of(nothingToDo());
        }
        Instant from = window.startOf(range.from());
        Instant to = window.startOf(range.to());
        StagingTable stage = StagingTable.of(
                connection,
                run.catalog().shape(model),
                model.sql(),
                new ModelParameters(from, to, run.now(), run.id()),
                run.settings().maxTime());
        stage.requireDaysWithin(window.column(), range);
        SortedSet<LocalDate> changed = stage.changedDays(model.relation(), window.column(), range);
        long rows = stage.rows();
        return Optional.of(new Change(!changed.isEmpty(), new TimeWindow(from, to), tx -> {
            long[] written = write(tx, stage, changed);
            commit(tx, range, written[0] - written[1]);
            return RunOutcome.ok(rows, written[0], written[1], 0, null);
        }));
    }

    private Change creation() {
        return new Change(true, null, tx -> {
            NewTable.create(tx.connection(), model.relation(), run.catalog().shape(model), model);
            forgetHistory(tx.connection());
            ModelState.success(tx.connection(), model, null, run.catalog().definitionHash(model), 0L, tx.runId(), null);
            return RunOutcome.ok(0, 0, 0, 0, null);
        });
    }

    private void forgetHistory(Connection connection) throws SQLException {
        try (PreparedStatement s =
                connection.prepareStatement("update meta.model_state set covered_to = null where model = ?")) {
            s.setString(1, model.name());
            s.executeUpdate();
        }
    }

    private Change nothingToDo() {
        wrote = true;
        return new Change(false, null, tx -> {
            success(tx, null, 0);
            return RunOutcome.ok(0, 0, 0, 0, null);
        });
    }

    private long[] write(Transaction tx, StagingTable stage, SortedSet<LocalDate> changed) throws SQLException {
        long inserted = 0;
        long deleted = 0;
        for (DayRange days : DayRange.coalesce(changed)) {
            String select = stage.selectDays(window.column());
            if (model.kind() == ModelKind.ONCE) {
                inserted += tx.insertAbsent(
                        model.relation(), model.grain(), stage.columns(), select, days.from(), days.to());
            } else {
                RowRange range = RowRange.ofDays(window.column(), days.from(), days.to());
                var written = tx.replaceRange(model.relation(), range, stage.columns(), select, days.from(), days.to());
                inserted += written.inserted();
                deleted += written.deleted();
            }
        }
        tx.markDirty(model.relation(), changed);
        deleted += dropOld(tx);
        return new long[] {inserted, deleted};
    }

    private long dropOld(Transaction tx) throws SQLException {
        if (window.keepDays() == null || model.kind() == ModelKind.ONCE) {
            return 0;
        }
        RowRange old =
                RowRange.ofDays(window.column(), LocalDate.of(1, 1, 1), window.firstKept(window.dayOf(run.now())));
        var days = tx.deleteRange(model.relation(), old);
        tx.markDirty(model.relation(), days.keySet());
        return days.values().stream().mapToLong(Long::longValue).sum();
    }

    private void commit(Transaction tx, DayRange range, long more) throws SQLException {
        ModelState.forgetDirty(tx.connection(), model, range);
        if (window.keepDays() != null) {
            ModelState.forgetDirty(
                    tx.connection(),
                    model,
                    new DayRange(LocalDate.of(1, 1, 1), window.firstKept(window.dayOf(run.now()))));
        }
        success(tx, coveredBy(range), more);
        wrote = true;
    }

    /** Only days that follow what was calculated before move the mark; today is not over yet. */
    private Instant coveredBy(DayRange range) {
        if (covered == null || range.from().isAfter(covered) || !range.to().isAfter(covered)) {
            return null;
        }
        covered = range.to();
        Instant end = window.startOf(range.to());
        return end.isBefore(run.now()) ? end : run.now();
    }

    private void success(Transaction tx, Instant coveredTo, long more) throws SQLException {
        String now = run.catalog().definitionHash(model);
        ModelState was = ModelState.read(tx.connection(), model).orElseThrow();
        String hash = was.sqlHash() == null ? now : was.sqlHash();
        String why = hash.equals(now)
                ? null
                : "The definition changed, history is not rebuilt: rows of other days are as the old one made"
                        + " them."
                        + (model.kind() == ModelKind.ONCE ? "" : " Rebuild " + model.name() + " to make them equal.");
        ModelState.success(tx.connection(), model, coveredTo, hash, was.rows() + more, tx.runId(), why);
    }
}
