package serai.load;

import java.io.IOException;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import serai.load.WindowTotals.DayTotal;
import serai.warehouse.Relation;
import serai.warehouse.RowRange;
import serai.warehouse.RunOutcome;
import serai.warehouse.ServerErrors;
import serai.warehouse.Transaction;

/** Replaces the rows of a run's window by those of its report, inside a transaction. */
final class Replacement {

    private static final Pattern COPIED_LINE = Pattern.compile("\\bline (\\d+)");

    /**
     * What the route specifies.
     *
     * @param window the table's date or time column
     * @param key columns that identify a row; empty for a table without a key
     * @param emptyText text columns in which an empty field is the empty text
     * @param renamed column names by the report's names
     * @param scope which of the table's rows the source has
     */
    record Plan(
            Relation relation,
            String window,
            List<String> key,
            List<String> emptyText,
            Map<String, String> renamed,
            Scope scope,
            ReportGuard guard) {}

    private final Transaction tx;
    private final ImportRun run;
    private final Plan plan;

    Replacement(Transaction tx, ImportRun run, Plan plan) {
        this.tx = tx;
        this.run = run;
        this.plan = plan;
    }

    /**
     * Reads the report and replaces the rows.
     *
     * @return held when the report cannot be trusted; what was written is then to be rolled back
     */
    RunOutcome replaceBy(Report report) throws SQLException, IOException {
        ReportCopy copy = null;
        try {
            ReportTable table =
                    ReportTable.read(tx.sql(), plan.relation(), plan.window(), plan.emptyText(), run.zone());
            table.requireColumns("key", plan.key());
            table.requireScope(plan.scope());
            copy = new ReportCopy(report, run, table, plan.scope());
            return plan.key().isEmpty() ? copyStraight(table, copy) : copyStaged(table, copy);
        } catch (ReportHeldException e) {
            if (copy == null) {
                return RunOutcome.held(e.getMessage());
            }
            copy.rejects().writeTo(tx);
            return RunOutcome.held(e.getMessage())
                    .read(copy.read())
                    .rejected(copy.rejects().size());
        } catch (PSQLException e) {
            throw withoutValues(e);
        }
    }

    /** The details of the database's message quote the row; the message goes to the log and the page. */
    static SQLException withoutValues(PSQLException e) {
        ServerErrorMessage message = e.getServerErrorMessage();
        if (message == null) {
            return e;
        }
        Matcher line = COPIED_LINE.matcher(String.valueOf(message.getWhere()));
        return new SQLException(
                "The database refused the rows: " + ServerErrors.message(message)
                        + (line.find() ? " (row " + line.group(1) + " of those copied)." : "."),
                e.getSQLState());
    }

    /** The rows of the window that the source has. */
    private RowRange rows(ReportTable table) {
        return table.range(run).within(plan.scope().share());
    }

    private RunOutcome copyStraight(ReportTable table, ReportCopy copy)
            throws SQLException, IOException, ReportHeldException {
        Map<LocalDate, Long> removed = tx.verbs().deleteRange(plan.relation(), rows(table));
        copy.run(tx, plan.renamed(), plan.relation().sql(), false);
        plan.guard().check(tx.sql(), run, copy);
        return finish(copy, copy.totals().days(), removed, Map.of());
    }

    private RunOutcome copyStaged(ReportTable table, ReportCopy copy)
            throws SQLException, IOException, ReportHeldException {
        KeyedRows rows = new KeyedRows(
                tx.sql(),
                table,
                List.copyOf(table.columns().keySet()),
                plan.key(),
                rows(table).daySql());
        rows.createStaging();
        copy.run(tx, plan.renamed(), KeyedRows.STAGED, true);
        rows.rejectDuplicates(copy.rejects(), line -> Map.of("line", line));
        plan.guard().check(tx.sql(), run, copy);
        Map<LocalDate, DayTotal> totals = rows.totals();
        Map<LocalDate, Long> removed = tx.verbs().deleteRange(plan.relation(), rows(table));
        Map<LocalDate, Long> moved = rows.deleteMoved();
        rows.insert();
        return finish(copy, totals, removed, moved);
    }

    /**
     * Writes the state that belongs to the rows.
     *
     * @param totals rows and hash of each day that has rows now
     * @param removed rows that each day of the window had before
     * @param moved rows that days outside the window lost, because their keys are now in it
     */
    private RunOutcome finish(
            ReportCopy copy, Map<LocalDate, DayTotal> totals, Map<LocalDate, Long> removed, Map<LocalDate, Long> moved)
            throws SQLException {
        long read = copy.read();
        long rejected = copy.rejects().size();
        copy.rejects().writeTo(tx);
        tx.resolveRejects(plan.relation(), run.firstDay(), run.endDay(), run.window());
        tx.position(run.position(copy.totals().newest()));
        tx.completeTo(plan.relation(), run.completeTo());
        WindowDays days = new WindowDays(tx.sql(), plan.relation(), plan.scope());
        days.forgetOverlapping();
        Set<LocalDate> changed = days.changed(run.firstDay(), run.endDay(), totals, removed);
        if (changed.isEmpty() && moved.isEmpty()) {
            return RunOutcome.unchanged()
                    .read(read)
                    .rejected(rejected)
                    .dataAsOf(copy.totals().newest());
        }
        days.write(changed, totals);
        days.forget(moved.keySet());
        changed.addAll(moved.keySet());
        tx.markDirty(plan.relation(), utcDays(changed));
        long inserted = totals.values().stream().mapToLong(DayTotal::rows).sum();
        return RunOutcome.ok()
                .read(read)
                .inserted(inserted)
                .deleted(sum(removed) + sum(moved))
                .rejected(rejected)
                .dataAsOf(copy.totals().newest());
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

    private static long sum(Map<LocalDate, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
