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
import serai.load.DayTotals.Total;
import serai.warehouse.Relation;
import serai.warehouse.RowRange;
import serai.warehouse.RunOutcome;
import serai.warehouse.Transaction;

/** One replacement of a window inside its transaction. */
final class Replacement {

    private static final Pattern COPIED_LINE = Pattern.compile("\\bline (\\d+)");

    /**
     * What the route says of it.
     *
     * @param window the table's date or time column
     * @param key columns that tell rows apart, none for a table without a key
     * @param emptyText text columns in which an empty field is the empty text
     * @param renamed column names by the report's names
     * @param maxBytes most bytes of an unpacked report
     */
    record Plan(
            Relation relation,
            String window,
            List<String> key,
            List<String> emptyText,
            Map<String, String> renamed,
            ReportGuard guard,
            long maxBytes) {}

    private final Transaction tx;
    private final ImportRun poll;
    private final Plan plan;

    Replacement(Transaction tx, ImportRun poll, Plan plan) {
        this.tx = tx;
        this.poll = poll;
        this.plan = plan;
    }

    RunOutcome run(Report report) throws SQLException, IOException {
        WindowLoad load = null;
        try {
            ReportTable table =
                    ReportTable.read(tx.connection(), plan.relation(), plan.window(), plan.emptyText(), poll.zone());
            load = new WindowLoad(poll, table, plan.maxBytes());
            return plan.key().isEmpty() ? straight(report, table, load) : staged(report, table, load);
        } catch (ReportHeldException e) {
            if (load != null) {
                load.rejects().forEach(tx::reject);
            }
            return RunOutcome.held(
                    load == null ? 0 : load.readRows(),
                    load == null ? 0 : load.rejects().size(),
                    e.getMessage());
        } catch (PSQLException e) {
            throw withoutValues(e);
        }
    }

    /**
     * What the database says in detail quotes the row, and goes to the ledger, the log and the page: only its first
     * sentence may.
     */
    private static SQLException withoutValues(PSQLException e) {
        ServerErrorMessage said = e.getServerErrorMessage();
        if (said == null) {
            return e;
        }
        Matcher line = COPIED_LINE.matcher(String.valueOf(said.getWhere()));
        return new SQLException(
                "The database refused the rows: " + said.getMessage()
                        + (line.find() ? " (row " + line.group(1) + " of those copied)." : "."),
                e.getSQLState());
    }

    private RunOutcome straight(Report report, ReportTable table, WindowLoad load)
            throws SQLException, IOException, ReportHeldException {
        Map<LocalDate, Long> removed = tx.deleteRange(plan.relation(), range(table));
        load.copy(tx, report, plan.renamed(), plan.relation().sql(), false);
        check(load);
        return commit(load, load.totals().totals(), removed, Map.of());
    }

    private RunOutcome staged(Report report, ReportTable table, WindowLoad load)
            throws SQLException, IOException, ReportHeldException {
        KeyedRows rows = new KeyedRows(tx, table, keyColumns(table), day(table));
        rows.createStaging();
        load.copy(tx, report, plan.renamed(), KeyedRows.STAGED, true);
        load.rejects().addAll(rows.duplicates());
        check(load);
        Map<LocalDate, Total> totals = rows.totals();
        Map<LocalDate, Long> removed = tx.deleteRange(plan.relation(), range(table));
        Map<LocalDate, Long> moved = rows.removeMoved();
        rows.insert();
        return commit(load, totals, removed, moved);
    }

    private void check(WindowLoad load) throws SQLException, ReportHeldException {
        if (poll.expected() >= 0 && poll.expected() != load.readRows()) {
            throw new ReportHeldException("The report has " + load.readRows() + " rows where the count question said "
                    + poll.expected() + ": it was cut off, or its data changed between the two answers.");
        }
        plan.guard()
                .check(
                        tx.connection(),
                        poll.writer().source(),
                        poll.window(),
                        new ReportGuard.Reply(load.readRows(), load.rejects().size(), load.newest()),
                        poll.newestBefore());
    }

    private RunOutcome commit(
            WindowLoad load, Map<LocalDate, Total> now, Map<LocalDate, Long> removed, Map<LocalDate, Long> moved)
            throws SQLException {
        load.rejects().forEach(tx::reject);
        tx.position(poll.position(load.newest()));
        WindowDays state = new WindowDays(tx, plan.relation());
        Set<LocalDate> changed = state.changed(poll.firstDay(), poll.endDay(), now, removed);
        if (changed.isEmpty() && moved.isEmpty()) {
            return new RunOutcome(
                    RunOutcome.Status.UNCHANGED,
                    load.readRows(),
                    0,
                    0,
                    load.rejects().size(),
                    load.newest(),
                    null);
        }
        state.write(changed, now);
        state.forget(moved.keySet());
        changed.addAll(moved.keySet());
        tx.markDirty(plan.relation(), utcDays(changed));
        long inserted = now.values().stream().mapToLong(Total::rows).sum();
        long deleted = sum(removed) + sum(moved);
        return RunOutcome.ok(load.readRows(), inserted, deleted, load.rejects().size(), load.newest());
    }

    /**
     * A day of the source's zone touches one or two days of UTC, which is what the dirty days of all relations are
     * counted in.
     */
    private Set<LocalDate> utcDays(Set<LocalDate> days) {
        Set<LocalDate> utc = new TreeSet<>();
        for (LocalDate day : days) {
            utc.add(LocalDate.ofInstant(day.atStartOfDay(poll.zone()).toInstant(), ZoneOffset.UTC));
            utc.add(LocalDate.ofInstant(
                    day.plusDays(1).atStartOfDay(poll.zone()).toInstant().minusNanos(1), ZoneOffset.UTC));
        }
        return utc;
    }

    private RowRange range(ReportTable table) {
        return switch (table.window().type()) {
            case DATE -> RowRange.ofDays(plan.window(), poll.firstDay(), poll.endDay());
            case TIMESTAMP ->
                new RowRange(
                        plan.window(),
                        poll.firstDay().atStartOfDay(),
                        poll.endDay().atStartOfDay(),
                        null);
            default ->
                RowRange.ofInstants(
                        plan.window(), poll.window().from(), poll.window().to(), poll.zone());
        };
    }

    private String day(ReportTable table) {
        return range(table).daySql();
    }

    private List<String> keyColumns(ReportTable table) throws ReportHeldException {
        for (String name : plan.key()) {
            if (!table.columns().containsKey(name)) {
                throw new ReportHeldException(
                        "'key' names the column '" + name + "', which " + plan.relation() + " does not have.");
            }
        }
        return plan.key();
    }

    private static long sum(Map<LocalDate, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
