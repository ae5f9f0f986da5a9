package serai.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import serai.warehouse.TimeWindow;

/**
 * Decides whether a complete reply is believable enough to replace rows (spec, SQL convention 3.5). Each refusal says
 * how to let the reply through if it is right after all.
 *
 * @param minShare rows that a window must have, in per cent of the median of the last four of the same weekday; 0
 *     switches it off
 * @param maxReject records that may be rejected, in per cent of those read
 * @param caps row counts at which exports are cut off
 * @param force lets every reply through that is a CSV file of the right shape; said in the log
 */
record ReportGuard(double minShare, double maxReject, Set<Long> caps, boolean force) {

    /** What a reply came to. */
    record Reply(long read, long rejected, Instant newest) {}

    /**
     * @param newestBefore the newest event time of the last load, or null
     * @throws ReportHeldException when the old rows should stay
     */
    void check(Connection connection, String source, TimeWindow window, Reply reply, Instant newestBefore)
            throws SQLException, ReportHeldException {
        if (force) {
            return;
        }
        long rows = reply.read() - reply.rejected();
        if (caps.contains(reply.read())) {
            throw new ReportHeldException(
                    "The report has exactly " + reply.read() + " rows, a limit at which exports are cut off. "
                            + "Poll a shorter window, or say which limits apply with 'caps'.");
        }
        if (reply.rejected() * 100.0 > maxReject * reply.read()) {
            throw new ReportHeldException(
                    reply.rejected() + " of " + reply.read() + " records do not fit the table, more than 'maxRejects' ("
                            + maxReject + " %) allows; meta.rejects has them with their reasons.");
        }
        double median = medianRowsPerHour(connection, source, window) * hours(window);
        if (rows < median * minShare / 100) {
            throw new ReportHeldException("The report has " + rows + " rows where the last windows of this weekday had "
                    + Math.round(median) + ", less than 'minShare' (" + minShare
                    + " %). If that is right, lower minShare or set force: true.");
        }
        if (reply.newest() != null && newestBefore != null && reply.newest().isBefore(newestBefore)) {
            throw new ReportHeldException(
                    "The newest row is of " + reply.newest() + ", older than the newest of the last load, "
                            + newestBefore + ". If that is right, set force: true.");
        }
    }

    /**
     * Of the last four loads whose window ended on the same weekday, per hour of window, so that another lookback does
     * not trip it.
     */
    private static double medianRowsPerHour(Connection connection, String source, TimeWindow window)
            throws SQLException {
        List<Double> rates = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement("""
                select rows_read - rows_rejected, window_from, window_to from meta.runs
                where source = ? and status in ('ok', 'unchanged') and window_to is not null
                  and extract(dow from window_to) = extract(dow from ?::timestamptz)
                order by run_id desc limit 4""")) {
            s.setString(1, source);
            s.setTimestamp(2, Timestamp.from(window.to()));
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    rates.add(r.getLong(1)
                            / hours(new TimeWindow(
                                    r.getTimestamp(2).toInstant(),
                                    r.getTimestamp(3).toInstant())));
                }
            }
        }
        rates.sort(null);
        int n = rates.size();
        return n == 0 ? 0 : (rates.get((n - 1) / 2) + rates.get(n / 2)) / 2;
    }

    private static double hours(TimeWindow window) {
        return Duration.between(window.from(), window.to()).toSeconds() / 3600.0;
    }
}
