package serai.warehouse;

import java.sql.SQLException;
import java.util.Locale;

/** Writes the rows of {@code meta.runs}. */
final class RunLedger {

    private RunLedger() {}

    /**
     * Adds the row of a run that begins, and closes those of the source that a crash left open.
     *
     * @param window the window that the run covers, or null
     * @return the run's id
     */
    static long begin(Sql sql, String source, String kind, TimeWindow window) throws SQLException {
        sql.update("""
                update meta.runs set status = 'interrupted', finished_at = clock_timestamp(),
                  error = 'The process ended during this run.'
                where source = ? and status = 'running'""", source);
        return sql.first(
                        "insert into meta.runs (source, kind, window_from, window_to) values (?, ?, ?, ?)"
                                + " returning run_id",
                        row -> row.number("run_id"),
                        source,
                        kind,
                        window == null ? null : window.from(),
                        window == null ? null : window.to())
                .orElseThrow();
    }

    /**
     * Ends a run that has not ended yet.
     *
     * @param runId 0 when no run was begun; nothing is written then
     */
    static void end(Sql sql, long runId, RunOutcome outcome) throws SQLException {
        if (runId == 0) {
            return;
        }
        sql.update(
                """
                update meta.runs set finished_at = clock_timestamp(), status = ?, rows_read = ?, rows_inserted = ?,
                  rows_updated = ?, rows_deleted = ?, rows_gone = ?, rows_rejected = ?, data_as_of = ?, error = ?
                where run_id = ? and status = 'running'""",
                outcome.status().name().toLowerCase(Locale.ROOT),
                outcome.read(),
                outcome.inserted(),
                outcome.updated(),
                outcome.deleted(),
                outcome.gone(),
                outcome.rejected(),
                outcome.dataAsOf(),
                outcome.error(),
                runId);
    }
}
