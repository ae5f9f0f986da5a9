package serai.load;

import java.io.IOException;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import serai.load.WindowDays.Day;
import serai.load.WindowTotals.DayTotal;
import serai.warehouse.Relation;
import serai.warehouse.RowRange;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;
import serai.warehouse.WatchedRows;

/**
 * Writes the days of a report that changed, inside a transaction, with the state that belongs to them. What it writes
 * does not depend on what the table has.
 */
final class WindowWrite {

    private static final String NOTE = """
            update meta.sources s set edited_days = n.edited, missing_from = n.first, missing_end = n.last
            from (select ?::int as edited, ?::date as first, ?::date as last) n
            where s.source = ? and (s.edited_days, s.missing_from, s.missing_end)
              is distinct from (n.edited, n.first, n.last)""";

    private final Transaction tx;
    private final ImportRun run;
    private final ReplacePlan plan;
    private final SpooledReport report;

    WindowWrite(Transaction tx, ImportRun run, ReplacePlan plan, SpooledReport report) {
        this.tx = tx;
        this.run = run;
        this.plan = plan;
        this.report = report;
    }

    /**
     * The rows of the days that were written.
     *
     * @param days that are now those of the report
     * @param gone rows that the last report had, as far as it is known, and this one has not
     * @param before what they had, as far as it is known; days that have it again are not dirty
     * @param left days that were not written and lost rows, because their keys are now of another day
     * @param kept days of the window with rows that someone has changed, which stay
     * @param partial days that lack rows of the report
     */
    record Written(
            long inserted,
            long updated,
            long deleted,
            long gone,
            Set<LocalDate> days,
            Map<LocalDate, DayTotal> before,
            Set<LocalDate> left,
            Set<LocalDate> kept,
            Set<LocalDate> partial) {}

    /**
     * @throws ReportHeldException when the database refuses too many rows; the transaction is then to be rolled back
     */
    RunOutcome run(ChangedDays found) throws SQLException, IOException, ReportHeldException {
        // what is checked at the commit could not be put aside any more
        tx.sql().execute("set constraints all immediate");
        tx.sql()
                .execute(
                        "set local lock_timeout = " + run.limits().lockTimeout().toMillis());
        Set<LocalDate> days = found.toWrite(plan.restoreEdits());
        Written written;
        if (days.isEmpty()) {
            written = new Written(0, 0, 0, 0, days, Map.of(), Set.of(), Set.of(), Set.of());
        } else if (plan.key().isEmpty()) {
            written = replace(days, found);
        } else {
            written = new KeyedWrite(tx, run, plan, report).run(days, plan.restoreEdits() ? Set.of() : found.edited());
        }
        return finish(found, written);
    }

    private Written replace(Set<LocalDate> days, ChangedDays found)
            throws SQLException, IOException, ReportHeldException {
        long deleted = 0;
        List<RowRange> ranges = WindowDays.ranges(report.table(), plan.scope(), run.zone(), days);
        WatchedRows watched = watched(ranges, "");
        for (RowRange range : ranges) {
            deleted += tx.verbs().deleteRange(plan.relation(), range);
        }
        SpooledRows rows = new SpooledRows(
                tx, run, plan, report, numbers(run, days), plan.relation().sql(), report.columns(), false);
        rows.write();
        watched.record();
        return new Written(
                rows.written(),
                0,
                deleted,
                found.fewer(),
                days,
                found.before(),
                Set.of(),
                Set.of(),
                rows.partialDays());
    }

    private WatchedRows watched(List<RowRange> ranges, String more) throws SQLException {
        return watched(tx, report.table(), plan.relation(), ranges, more);
    }

    /**
     * The rows of some ranges for those who watch the table.
     *
     * @param more a further condition by which rows may change, after {@code or}, or empty
     */
    static WatchedRows watched(Transaction tx, ReportTable table, Relation relation, List<RowRange> ranges, String more)
            throws SQLException {
        List<Object> parameters = new ArrayList<>();
        StringBuilder where = new StringBuilder("(false");
        for (RowRange range : ranges) {
            where.append(" or ").append(range.condition());
            parameters.addAll(Arrays.asList(range.parameters()));
        }
        return WatchedRows.before(tx.sql(), relation, table.window().name(), where + more + ")", parameters.toArray());
    }

    /** Days as numbers from the window's first. */
    static BitSet numbers(ImportRun run, Set<LocalDate> days) {
        BitSet numbers = new BitSet();
        days.forEach(day -> numbers.set((int) (day.toEpochDay() - run.firstDay().toEpochDay())));
        return numbers;
    }

    private RunOutcome finish(ChangedDays found, Written written) throws SQLException {
        report.rejects().writeTo(tx);
        tx.resolveRejects(plan.relation(), run.firstDay(), run.endDay(), run.window());
        tx.position(run.position(report.totals().newest()));
        tx.completeTo(plan.relation(), run.completeTo());
        tx.whenAdvancing(sql -> {
            run.advance(sql);
            note(sql, found);
        });
        WindowDays days = new WindowDays(tx.sql(), plan.relation(), plan.scope());
        days.forgetOverlapping();
        Map<LocalDate, Day> now = now(written);
        Set<LocalDate> dirty = new TreeSet<>(written.left());
        now.forEach((day, state) -> {
            if (!state.table().equals(written.before().get(day))) {
                dirty.add(day);
            }
        });
        boolean nothingNew = found.changed().isEmpty() && dirty.isEmpty();
        RunOutcome outcome = nothingNew ? RunOutcome.unchanged() : RunOutcome.ok();
        if (!nothingNew) {
            days.write(now);
            Set<LocalDate> unknown = new TreeSet<>(written.left());
            unknown.removeAll(written.kept());
            days.forget(unknown);
            tx.markDirty(plan.relation(), utcDays(dirty));
            outcome = outcome.inserted(written.inserted())
                    .updated(written.updated())
                    .deleted(written.deleted())
                    .gone(written.gone());
        }
        return outcome.read(report.read())
                .rejected(report.rejects().size())
                .dataAsOf(report.totals().newest());
    }

    /** Tells the page what was noticed and left as it is. */
    private void note(Sql sql, ChangedDays found) throws SQLException {
        if (!run.isReload()) {
            MissingDays missing = found.missing();
            sql.update(
                    NOTE,
                    plan.restoreEdits() ? 0 : found.edited().size(),
                    missing == null ? null : missing.first(),
                    missing == null ? null : missing.end(),
                    run.sourceName());
        }
    }

    /** What the days have that were written. */
    private Map<LocalDate, Day> now(Written written) throws SQLException {
        Map<LocalDate, DayTotal> reported = report.totals().days();
        Map<LocalDate, DayTotal> table = WindowDays.ofTable(
                tx.sql(), report.table(), plan.scope(), run.zone(), report.columns(), written.days());
        Map<LocalDate, Day> now = new TreeMap<>();
        for (LocalDate day : written.days()) {
            now.put(
                    day,
                    new Day(
                            reported.getOrDefault(day, DayTotal.NONE),
                            table.getOrDefault(day, DayTotal.NONE),
                            written.partial().contains(day)));
        }
        return now;
    }

    /** Dirty days are days of UTC; a day of the source's zone touches one or two of them. */
    private Set<LocalDate> utcDays(Set<LocalDate> days) {
        Set<LocalDate> utc = new TreeSet<>();
        for (LocalDate day : days) {
            utc.add(LocalDate.ofInstant(day.atStartOfDay(run.zone()).toInstant(), ZoneOffset.UTC));
            utc.add(LocalDate.ofInstant(
                    day.plusDays(1).atStartOfDay(run.zone()).toInstant().minusNanos(1), ZoneOffset.UTC));
        }
        return utc;
    }
}
