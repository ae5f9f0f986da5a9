package serai.load;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import serai.load.WindowTotals.DayTotal;
import serai.load.WindowWrite.Written;
import serai.warehouse.Reject;
import serai.warehouse.Relation;
import serai.warehouse.RowRange;
import serai.warehouse.Transaction;
import serai.warehouse.WatchedRows;

/**
 * Makes the days of a table with a key those of a report: rows whose key is not there any more are deleted, rows with
 * other values are changed in place, new ones are inserted. All others are not touched, so that rows of other tables
 * can refer to them.
 */
final class KeyedWrite {

    /** A unique index, or an exclusion constraint. */
    private static final Set<String> NOT_UNIQUE = Set.of("23505", "23P01");

    private static final String REFERENCE =
            "select 1 from pg_constraint where confrelid = to_regclass(?) and contype = 'f'";

    private final Transaction tx;
    private final ImportRun run;
    private final ReplacePlan plan;
    private final SpooledReport report;
    private final KeyedRows rows;
    private final String table;
    /** Whether two rows, {@code t} of the table and {@code s} of the staging table, have one key. */
    private final String sameKey;

    private final boolean nulls;
    private final Set<LocalDate> partial = new TreeSet<>();
    /** Records that do not fit, without those that repeat a key. */
    private long refused;

    /** Whether a row may be deleted and inserted again: no other refers to it, and the report has all its values. */
    private final boolean replaceable;

    private long inserted;
    private long updated;

    KeyedWrite(Transaction tx, ImportRun run, ReplacePlan plan, SpooledReport report) throws SQLException {
        this.tx = tx;
        this.run = run;
        this.plan = plan;
        this.report = report;
        this.table = plan.relation().sql();
        this.rows = new KeyedRows(tx.sql(), plan.relation(), report.columns(), plan.key(), window().daySql());
        this.nulls = plan.key().stream()
                .anyMatch(column -> !report.table().columns().get(column).required());
        this.sameKey = rows.sameKey("t", "s", nulls);
        this.refused = report.rejects().size();
        this.replaceable = report.columns().size() == report.table().columns().size()
                && tx.sql().first(REFERENCE, row -> true, plan.relation().sql()).isEmpty();
    }

    private RowRange window() {
        return report.table()
                .range(run.firstDay(), run.endDay(), run.zone())
                .within(plan.scope().share());
    }

    /**
     * Writes some days, or all of the window when a key has come to them from another day of it.
     *
     * @param kept days that are not written, because someone has changed their rows
     */
    Written run(Set<LocalDate> wanted, Set<LocalDate> kept) throws SQLException, IOException, ReportHeldException {
        Set<LocalDate> days = wanted;
        int rejectsBefore = report.rejects().size();
        stage(days);
        Set<LocalDate> others = otherDays(days);
        if (others.stream().anyMatch(this::isInWindow)) {
            // of two rows with one key the last one counts, and it may be of a day that is the same
            days = run.firstDay().datesUntil(run.endDay()).collect(Collectors.toCollection(TreeSet::new));
            tx.sql().execute("drop table " + KeyedRows.STAGED);
            report.rejects().keepFirst(rejectsBefore);
            partial.clear();
            stage(days);
            unstage(kept);
            days.removeAll(kept);
            others = otherDays(days);
        }
        Map<LocalDate, DayTotal> before = before(days);
        WatchedRows watched = WindowWrite.watched(
                tx,
                report.table(),
                plan.relation(),
                WindowDays.ranges(report.table(), plan.scope(), run.zone(), days),
                " or exists (select from " + KeyedRows.STAGED + " s where " + sameKey + ")");
        long gone = deleteVanished(days);
        long deleted = gone;
        if (nulls || !KeyedRows.isUnique(tx.sql(), plan.relation(), plan.key())) {
            deleted += rows.deleteSurplus(nulls);
        }
        long last = tx.sql()
                .first(
                        "select coalesce(max(" + KeyedRows.LINE + "), 0) as last from " + KeyedRows.STAGED,
                        row -> row.number("last"))
                .orElseThrow();
        new RefusedRows(tx).write(new Lines(0, last));
        watched.record();
        return new Written(inserted, updated, deleted, gone, days, before, others, kept, partial);
    }

    private Map<LocalDate, DayTotal> before(Set<LocalDate> days) throws SQLException {
        Map<LocalDate, DayTotal> before =
                WindowDays.ofTable(tx.sql(), report.table(), plan.scope(), run.zone(), report.columns(), days);
        days.forEach(day -> before.putIfAbsent(day, DayTotal.NONE));
        return before;
    }

    private boolean isInWindow(LocalDate day) {
        return !day.isBefore(run.firstDay()) && day.isBefore(run.endDay());
    }

    private void stage(Set<LocalDate> days) throws SQLException, IOException, ReportHeldException {
        rows.createStaging();
        SpooledRows spooled = new SpooledRows(
                tx, run, plan, report, WindowWrite.numbers(run, days), KeyedRows.STAGED, rows.stagedColumns(), true);
        spooled.write();
        partial.addAll(spooled.partialDays());
        tx.sql().execute("analyze " + KeyedRows.STAGED);
        removeRepeated(spooled.written());
    }

    /** Forgets the staged rows of some days, of which only the keys were needed. */
    private void unstage(Set<LocalDate> days) throws SQLException {
        if (!days.isEmpty()) {
            tx.sql()
                    .update(
                            "delete from " + KeyedRows.STAGED + " where " + window().daySql() + " = any (?::date[])",
                            days);
        }
    }

    /**
     * Days with rows of which one key repeats are written at each load: another order may make another one the last.
     */
    private void removeRepeated(long staged) throws SQLException, ReportHeldException {
        Set<LocalDate> repeated = new HashSet<>(tx.sql()
                .list(
                        "select distinct " + window().daySql() + " as day from " + KeyedRows.STAGED
                                + " s where exists (select from " + KeyedRows.STAGED + " b where "
                                + rows.sameKey("s", "b", nulls) + " and s." + KeyedRows.LINE + " <> b."
                                + KeyedRows.LINE + ")",
                        row -> row.date("day")));
        if (repeated.isEmpty()) {
            return;
        }
        partial.addAll(repeated);
        List<Reject> removed = rows.removeRepeated(nulls, line -> Map.of("line", line));
        if (!plan.guard().force() && removed.size() > staged / 2) {
            throw new ReportHeldException(removed.size() + " of " + staged + " rows have the key of a later row: "
                    + plan.key() + " does not identify a row. Name the columns that do as 'key'.");
        }
        for (Reject reject : removed) {
            report.rejects().add(reject);
        }
    }

    /** The days, but for some, of the table's rows whose keys are staged. */
    private Set<LocalDate> otherDays(Set<LocalDate> days) throws SQLException {
        Set<LocalDate> others = new TreeSet<>(tx.sql()
                .list(
                        "select distinct " + window().daySql() + " as day from " + table
                                + " t where exists (select from " + KeyedRows.STAGED + " s where " + sameKey
                                + ") and isfinite(" + window().daySql() + ")",
                        row -> row.date("day")));
        others.removeAll(days);
        return others;
    }

    private long deleteVanished(Set<LocalDate> days) throws SQLException {
        long deleted = 0;
        for (RowRange range : WindowDays.ranges(report.table(), plan.scope(), run.zone(), days)) {
            deleted += tx.sql()
                    .update(
                            "delete from " + table + " t where " + range.condition() + " and not exists (select from "
                                    + KeyedRows.STAGED + " s where " + sameKey + ")",
                            range.parameters());
        }
        return deleted;
    }

    /** Staged rows by their lines, the last one included. */
    private final class Lines implements RefusedRows.Rows {

        private final long first;
        private final long last;

        Lines(long first, long last) {
            this.first = first;
            this.last = last;
        }

        @Override
        public boolean areMany() {
            return first < last;
        }

        @Override
        public void write() throws SQLException {
            Savepoint before = tx.connection().setSavepoint();
            long changed;
            long added;
            try {
                changed = update();
                added = insert();
            } catch (SQLException e) {
                if (!replaceable || !areMany() || !NOT_UNIQUE.contains(e.getSQLState())) {
                    throw e;
                }
                tx.connection().rollback(before);
                changed = deleteChanged();
                added = insert() - changed;
            }
            tx.connection().releaseSavepoint(before);
            updated += changed;
            inserted += added;
        }

        private long insert() throws SQLException {
            return tx.sql()
                    .update(
                            "insert into " + table + " (" + rows.names() + ") overriding system value select "
                                    + rows.names() + " from " + KeyedRows.STAGED + " s where s." + KeyedRows.LINE
                                    + " between ? and ? and not exists (select from " + table + " t where " + sameKey
                                    + ")",
                            first,
                            last);
        }

        private long update() throws SQLException {
            List<String> others = others();
            if (others.isEmpty()) {
                return 0;
            }
            String set = others.stream()
                    .map(Relation::quote)
                    .map(column -> column + " = s." + column)
                    .collect(Collectors.joining(", "));
            return tx.sql()
                    .update(
                            "update " + table + " t set " + set + " from " + KeyedRows.STAGED + " s where "
                                    + changed(others),
                            first,
                            last);
        }

        /** Rows can exchange unique values only when all are deleted before one is inserted. */
        private long deleteChanged() throws SQLException {
            return tx.sql()
                    .update(
                            "delete from " + table + " t using " + KeyedRows.STAGED + " s where " + changed(others()),
                            first,
                            last);
        }

        private List<String> others() {
            return report.columns().stream()
                    .filter(column -> !plan.key().contains(column))
                    .toList();
        }

        private String changed(List<String> others) throws SQLException {
            ComparedColumns compared = ComparedColumns.of(tx.sql(), plan.relation());
            return sameKey + " and s." + KeyedRows.LINE + " between ? and ? and " + compared.row("t", others)
                    + " is distinct from " + compared.row("s", others);
        }

        @Override
        public List<RefusedRows.Rows> halves() {
            long middle = first + (last - first) / 2;
            return List.of(new Lines(first, middle), new Lines(middle + 1, last));
        }

        @Override
        public void reject(String column, String reason) throws SQLException, ReportHeldException {
            List<Reject> row = tx.sql()
                    .list(
                            "select " + window().daySql() + " as day, " + rows.texts() + " as record from "
                                    + KeyedRows.STAGED + " where " + KeyedRows.LINE + " = ?",
                            found -> RejectedRecord.of(
                                    plan.relation(),
                                    Map.of("line", first),
                                    column,
                                    found.date("day"),
                                    rows.csv(found.texts("record")),
                                    found.texts("record"),
                                    reason),
                            first);
            for (Reject reject : row) {
                partial.add(LocalDate.parse(reject.locator().get(Reject.DAY).toString()));
                report.rejects().add(reject);
                refused++;
                plan.guard().checkRejects(report.read(), refused);
            }
        }
    }
}
