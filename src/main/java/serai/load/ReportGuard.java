package serai.load;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import serai.warehouse.Sql;
import serai.warehouse.TimeWindow;

/**
 * Decides whether a complete report is plausible enough to replace rows: docs/reference/sql-convention.md, "Guards of
 * imports". Each refusal names the way to let the report through if it is right.
 *
 * @param minShare rows that a window must have, in per cent of the median of the last four of the same weekday; 0
 *     switches the check off
 * @param maxRejects records that may be rejected, in per cent of those read
 * @param caps row counts at which exports are cut off
 * @param force lets every report through that is a CSV file of the right shape
 */
record ReportGuard(double minShare, double maxRejects, Set<Long> caps, boolean force) {

    /** The same for a report that an operator has accepted. */
    ReportGuard accepted() {
        return new ReportGuard(minShare, maxRejects, caps, true);
    }

    /** @throws ReportHeldException when the old rows should stay */
    void check(Sql sql, ImportRun run, Scope scope, SpooledReport report) throws SQLException, ReportHeldException {
        if (!force) {
            long rejected = report.rejects().size();
            if (report.hasRowLimits()) {
                checkCaps(report.read());
            }
            checkRejects(report.read(), rejected);
            if (run.isReload()) {
                // years ago a window had fewer rows than last week's
                checkShare(
                        report.read() - rejected, loadedRows(sql, report, run, scope), "when they were last imported");
            } else {
                checkShare(
                        report.read() - rejected,
                        medianRows(sql, run.sourceName(), run.window()),
                        "in the last windows of this weekday");
                checkNewest(report.totals().newest(), run.newestBefore());
            }
        }
    }

    private void checkCaps(long read) throws ReportHeldException {
        if (caps.contains(read)) {
            throw new ReportHeldException("The report has exactly " + read
                    + " rows, a limit at which exports are cut off. Import a shorter window, or set 'caps' to the"
                    + " limits that apply.");
        }
    }

    /**
     * Checks how many records cannot be loaded; called again when the database has refused some, too.
     *
     * @throws ReportHeldException when there are too many
     */
    void checkRejects(long read, long rejected) throws ReportHeldException {
        if (!force && rejected * 100.0 > maxRejects * read) {
            throw new ReportHeldException(rejected + " of " + read
                    + " records do not fit the table, more than 'maxRejects' (" + maxRejects
                    + " %) allows; meta.rejects has them with their reasons.");
        }
    }

    private void checkShare(long rows, double usual, String when) throws ReportHeldException {
        if (rows < usual * minShare / 100) {
            throw new ReportHeldException("The report has " + rows + " rows where there were " + Math.round(usual) + " "
                    + when + ", less than 'minShare' (" + minShare
                    + " %). If that is right, lower minShare or set force: true.");
        }
    }

    /** The rows that these days had when they were last imported. */
    private static double loadedRows(Sql sql, SpooledReport report, ImportRun run, Scope scope) throws SQLException {
        return sql.first(
                        "select coalesce(sum(table_rows), 0)::bigint as rows from meta.window_days"
                                + " where relation = ? and scope = ? and day >= ? and day < ?",
                        row -> row.number("rows"),
                        report.table().relation().toString(),
                        scope.toString(),
                        run.firstDay(),
                        run.endDay())
                .orElseThrow();
    }

    private static void checkNewest(Instant newest, Instant before) throws ReportHeldException {
        if (newest != null && before != null && newest.isBefore(before)) {
            throw new ReportHeldException("The newest row is of " + newest
                    + ", older than the newest of the last load, " + before + ". If that is right, set force: true.");
        }
    }

    /**
     * The rows that a window of this length had, by the median of the last four loads whose window ended on the same
     * weekday. It is a rate per hour, so that another lookback does not matter; hours before the first of these windows
     * do not count, as there may have been no data yet. One that an operator has accepted stands for all before it.
     */
    private static double medianRows(Sql sql, String source, TimeWindow window) throws SQLException {
        List<PastLoad> loads = sql.list(
                """
                with loads as not materialized (
                  select run_id, accepted_by, rows_read - rows_rejected as rows, window_from, window_to, started_at
                  from meta.runs where source = ? and status in ('ok', 'unchanged') and window_to is not null
                ), accepted as (
                  select * from loads where accepted_by is not null and window_to > started_at
                  order by run_id desc limit 1
                ), last as (
                  select * from loads where extract(dow from window_to) = extract(dow from ?::timestamptz)
                  order by run_id desc limit 4)
                select l.rows, l.window_from, l.window_to from last l
                where not exists (select from accepted a where a.run_id > l.run_id)
                union all
                select a.rows, a.window_from, a.window_to from accepted a join last l on l.run_id < a.run_id""",
                row -> new PastLoad(
                        row.number("rows"), new TimeWindow(row.instant("window_from"), row.instant("window_to"))),
                source,
                window.to());
        if (loads.isEmpty()) {
            return 0;
        }
        double[] rates =
                loads.stream().mapToDouble(PastLoad::rowsPerHour).sorted().toArray();
        Instant first = Stream.concat(
                        Stream.of(window.to()),
                        loads.stream().map(load -> load.window().from()))
                .min(Comparator.naturalOrder())
                .orElseThrow();
        TimeWindow known = first.isAfter(window.from()) ? new TimeWindow(first, window.to()) : window;
        return (rates[(rates.length - 1) / 2] + rates[rates.length / 2]) / 2 * hours(known);
    }

    private record PastLoad(long rows, TimeWindow window) {

        double rowsPerHour() {
            return rows / hours(window);
        }
    }

    private static double hours(TimeWindow window) {
        return Duration.between(window.from(), window.to()).toSeconds() / 3600.0;
    }
}
