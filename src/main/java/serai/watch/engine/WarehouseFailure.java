package serai.watch.engine;

import java.sql.SQLException;
import java.util.Set;
import serai.warehouse.FencedOffException;
import serai.warehouse.Writer;

/** Distinguishes a failure of the warehouse, or the loss of the lead, from a failure of one run's rows. */
final class WarehouseFailure {

    /**
     * Classes of SQL states: connection, transaction state (read-only), resources, operator intervention (shutdown),
     * system error, configuration file, internal error.
     */
    private static final Set<String> STATES = Set.of("08", "25", "53", "57", "58", "F0", "XX");

    private WarehouseFailure() {}

    /** Whether this writer cannot commit anything any more. */
    static boolean is(Exception e, Writer writer) throws SQLException {
        if (e instanceof FencedOffException
                || e instanceof RuleProgress.MissingRowException
                || e instanceof InterruptedException) {
            return true;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && sql.getSQLState() != null
                    && STATES.contains(sql.getSQLState().substring(0, 2))) {
                return true;
            }
        }
        return !writer.isValid();
    }
}
