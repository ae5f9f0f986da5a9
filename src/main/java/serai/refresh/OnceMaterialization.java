package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.status.HumanText;
import serai.warehouse.RelationKind;
import serai.warehouse.RowRange;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.TimeWindow;
import serai.warehouse.Transaction;
import serai.warehouse.WatchedRows;
import serai.warehouse.WriteVerbs.Written;
import serai.warehouse.Writer;

/** A once: each unit that is over is written a single time, oldest first, and sealed. */
final class OnceMaterialization implements Materialization {

    private static final Logger LOG = LoggerFactory.getLogger(OnceMaterialization.class);

    /** So many days a gap is a reason to look at the model; then it is only counted. */
    private static final int GAP_DAYS = 7;

    private final RunContext run;
    private final Model model;
    private final ModelWindow window;
    private OnceUnits units;
    /** Those that are still to be written; null before they are read. */
    private Deque<Instant> due;

    private boolean gapsWritten;

    OnceMaterialization(RunContext run, Model model) {
        this.run = run;
        this.model = model;
        this.window = model.window();
    }

    @Override
    public Change next(Writer writer) throws SQLException {
        if (RelationKind.of(writer.connection(), model.relation()).isEmpty()) {
            return creation();
        }
        Seals seals = new Seals(writer.sql(), model);
        if (due == null) {
            if (hasUnsealedRows(writer.sql())) {
                return adoption();
            }
            requireSealedRows(seals);
            units = units(writer.sql());
            due = new ArrayDeque<>(units.due());
        }
        if (!units.missed().isEmpty() && !gapsWritten) {
            return gaps();
        }
        if (due.isEmpty()) {
            return nothingToDo();
        }
        Instant unit = due.poll();
        return run.days() == null && seals.rows(unit) > 0 ? sealing(unit) : insertion(writer.connection(), unit);
    }

    private OnceUnits units(Sql sql) throws SQLException {
        return run.days() == null
                ? OnceUnits.read(sql, run, model)
                : OnceUnits.of(
                        sql,
                        run,
                        model,
                        window.unitsOf(run.days().first(), run.days().last()),
                        run.days().reseal());
    }

    /** Whether the table was written by a version that had no seals. */
    private boolean hasUnsealedRows(Sql sql) throws SQLException {
        return ModelState.read(sql, model).coveredTo() != null
                && sql.first("select 1 from meta.seals where model = ? limit 1", row -> true, model.name())
                        .isEmpty();
    }

    /** A difference is an error until the rows are put back or sealed again. */
    private void requireSealedRows(Seals seals) throws SQLException {
        Optional<String> difference = run.days() != null && run.days().reseal() ? Optional.empty() : seals.check();
        if (difference.isPresent()) {
            throw new SQLException(difference.get());
        }
    }

    private Change creation() {
        return new Change(false, true, null, tx -> {
            NewTable.create(tx, model.relation(), run.graph().columns(model), model);
            new ModelState(null, run.graph().definitionHash(model), 0L).writeSuccess(tx, model, null);
            return RunOutcome.ok();
        });
    }

    private Change adoption() {
        return new Change(false, false, null, tx -> {
            Seals seals = new Seals(tx.sql(), model);
            Instant coveredTo = ModelState.read(tx.sql(), model).coveredTo();
            SortedSet<Instant> written = new ExistingUnits(tx.sql(), model).ofTable(Instant.MIN, coveredTo);
            written.add(window.unitOf(coveredTo.minusNanos(1)));
            for (Instant unit : written) {
                seals.seal(unit, columns());
            }
            return RunOutcome.ok();
        });
    }

    private List<String> columns() {
        return run.graph().columns(model).names();
    }

    private Change gaps() {
        List<Instant> missed = units.missed();
        return new Change(due.isEmpty(), false, null, tx -> {
            new Seals(tx.sql(), model)
                    .gap(
                            missed,
                            "It was not written within "
                                    + HumanText.span(run.settings().sealWait())
                                    + " of its end: its inputs were not complete, or nothing was refreshed.");
            gapsWritten = true;
            writeSuccess(tx, missed, 0);
            LOG.warn(
                    "model={} {} missed: nothing is written for {}",
                    model.name(),
                    HumanText.of(missed.size(), window.unit().text()) + (missed.size() == 1 ? " was" : " were"),
                    first(missed));
            return RunOutcome.ok();
        });
    }

    private String first(List<Instant> missed) {
        return window.text(missed.get(0))
                + (missed.size() == 1 ? "" : " to " + window.text(missed.get(missed.size() - 1)));
    }

    private Change nothingToDo() {
        return new Change(true, false, null, tx -> {
            writeSuccess(tx, List.of(), 0);
            return RunOutcome.ok();
        });
    }

    /** Rows that somebody has written for a unit without a seal are what was true: they are sealed as they are. */
    private Change sealing(Instant unit) {
        return new Change(due.isEmpty(), true, range(unit), tx -> {
            long rows = new Seals(tx.sql(), model).seal(unit, columns());
            writeSuccess(tx, List.of(unit), rows);
            return RunOutcome.ok().read(rows);
        });
    }

    private Change insertion(Connection connection, Instant unit) throws SQLException {
        TimeWindow range = range(unit);
        StagingTable staging = StagingTable.of(connection, run, model, range);
        long rows = staging.rows();
        return new Change(due.isEmpty(), true, range, tx -> {
            Written written = write(tx, staging, range);
            Seals seals = new Seals(tx.sql(), model);
            seals.keepReplaced(unit, tx.runId());
            seals.seal(unit, columns());
            writeSuccess(tx, List.of(unit), written.inserted() - written.deleted());
            return RunOutcome.ok().read(rows).inserted(written.inserted()).deleted(written.deleted());
        });
    }

    private TimeWindow range(Instant unit) {
        return new TimeWindow(unit, window.next(unit));
    }

    private Written write(Transaction tx, StagingTable staging, TimeWindow range) throws SQLException {
        RowRange rows = window.rows(range);
        Partitions.ensure(tx.sql(), model.relation(), model, List.of(range.from()), run.now());
        WatchedRows watched =
                WatchedRows.before(tx.sql(), model.relation(), window.column(), rows.condition(), rows.parameters());
        Written written = tx.verbs()
                .replaceRange(model.relation(), rows, staging.columns(), staging.select(rows), rows.parameters());
        watched.record();
        tx.markDirty(model.relation(), window.utcDays(new TreeSet<>(List.of(range.from()))));
        return written;
    }

    /** @param done units that are now sealed or gaps; those that do not follow the others do not count as covered */
    private void writeSuccess(Transaction tx, List<Instant> done, long moreRows) throws SQLException {
        ModelState before = ModelState.read(tx.sql(), model);
        Instant coveredTo = before.coveredTo();
        for (Instant unit : done) {
            if (coveredTo == null || !unit.isAfter(coveredTo)) {
                Instant end = window.next(unit);
                coveredTo = coveredTo == null || end.isAfter(coveredTo) ? end : coveredTo;
            }
        }
        ModelState after = before.after(run, model, coveredTo, moreRows);
        String changed = before.warning(run, model);
        if (changed != null) {
            after.writeSuccess(tx, model, changed);
        } else if (units != null && units.waiting() != null) {
            after.writeSuccess(tx, model, ModelState.Status.INCOMPLETE, waiting());
        } else {
            Optional<String> gaps = recentGaps(tx.sql());
            after.writeSuccess(
                    tx, model, gaps.isPresent() ? ModelState.Status.GAP : ModelState.Status.OK, gaps.orElse(null));
        }
    }

    private String waiting() {
        String why = window.next(units.waiting()).isAfter(run.now())
                ? "it is not over"
                : units.completeTo()
                        .map(time -> "its inputs are complete up to " + time + " only")
                        .orElse("nothing says up to when its inputs are complete. Say it in sql/sources.yaml");
        return window.text(units.waiting()) + " is not written yet: " + why + ".";
    }

    private Optional<String> recentGaps(Sql sql) throws SQLException {
        return sql.first(
                "select count(*) as n, min(unit) as first, max(unit) as last from meta.seals where model = ?"
                        + " and gap is not null and sealed_at > clock_timestamp() - make_interval(days => ?)"
                        + " having count(*) > 0",
                row -> {
                    Instant first = row.instant("first");
                    Instant last = row.instant("last");
                    return "Nothing was written for "
                            + HumanText.of(row.number("n"), window.unit().text())
                            + (first.equals(last) ? ", " : " between ") + window.text(first)
                            + (first.equals(last) ? "" : " and " + window.text(last))
                            + ": missed. To write what its SELECT gives now: refresh " + model.name() + " --from "
                            + window.dayOf(first) + " --to " + window.lastDayOf(last) + ".";
                },
                model.name(),
                GAP_DAYS);
    }
}
