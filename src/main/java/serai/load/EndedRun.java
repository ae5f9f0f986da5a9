package serai.load;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import serai.command.CommandOutput;
import serai.command.ExitCode;
import serai.warehouse.Row;
import serai.warehouse.Sql;

/**
 * How a run of a source ended, as commands show it.
 *
 * @param values by their names in JSON
 */
record EndedRun(String source, Map<String, Object> values) {

    private static final Set<String> SUCCESSES = Set.of("ok", "unchanged");

    /**
     * The first run that has ended of those that a condition names.
     *
     * @param condition on {@code meta.runs}, with the order
     */
    static Optional<EndedRun> first(Sql sql, String condition, Object... parameters) throws SQLException {
        return sql.first(
                "select run_id, source, status, rows_read, rows_inserted, rows_deleted, rows_rejected, error"
                        + " from meta.runs where status <> 'running' and " + condition + " limit 1",
                EndedRun::of,
                parameters);
    }

    private static EndedRun of(Row row) throws SQLException {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("run_id", row.number("run_id"));
        run.put("status", row.text("status"));
        run.put("read", row.number("rows_read"));
        run.put("inserted", row.number("rows_inserted"));
        run.put("deleted", row.number("rows_deleted"));
        run.put("rejected", row.number("rows_rejected"));
        run.put("error", row.text("error"));
        return new EndedRun(row.text("source"), run);
    }

    /** Prints it, and returns the exit code of the command. */
    int print(CommandOutput output) {
        output.print(
                String.format(
                        "%s: %s, %s read, %s inserted, %s deleted, %s rejected%s",
                        source,
                        values.get("status"),
                        values.get("read"),
                        values.get("inserted"),
                        values.get("deleted"),
                        values.get("rejected"),
                        values.get("error") == null ? "" : ". " + values.get("error")),
                values);
        return SUCCESSES.contains(values.get("status")) ? ExitCode.DONE : ExitCode.NO;
    }
}
