package serai.watch.engine;

import java.sql.SQLException;
import java.util.Set;
import serai.warehouse.FencedOffException;
import serai.warehouse.Writer;

/** Tells a failure of the warehouse, or of this process's place in it, from one of what was to be written. */
final class WarehouseFailure {

    /**
     * Classes of SQL states: connection, resources, the server going down, its disk, read-only, errors inside the
     * server.
     */
    private static final Set<String> STATES = Set.of("08", "25", "53", "57", "58", "F0", "XX");

    private WarehouseFailure() {}

    /** Whether nothing can be committed any more by this writer. */
    static boolean is(Exception e, Writer writer) throws SQLException {
        if (e instanceof FencedOffException
                || e instanceof RuleRowMissingException
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
        return !writer.connection().isValid(5);
    }
}
