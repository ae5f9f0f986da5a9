package serai.refresh;

import java.sql.SQLException;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import serai.warehouse.ServerErrors;

/**
 * Describes an error of a model to its author. PostgreSQL's detail is left out: it has values of rows, which may be
 * personal.
 */
final class ModelError {

    private static final String UNIQUE_VIOLATION = "23505";
    private static final String NOT_NULL_VIOLATION = "23502";
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    /** What the server says when an object needs what is dropped or changed. */
    private static final Set<String> DEPENDENT_OBJECTS = Set.of("2BP01", "0A000");

    private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

    private ModelError() {}

    /** Whether a lock was not granted within {@code lock_timeout}. */
    static boolean isLockTimeout(SQLException e) {
        return LOCK_NOT_AVAILABLE.equals(e.getSQLState());
    }

    /** Whether an index is that of the grain, on the table or on the staged rows. */
    private static boolean isGrain(String index) {
        return index == null || index.endsWith("_grain") || index.startsWith("serai_staging");
    }

    /** Whether the server ended the transaction because of what another one did: it may be repeated. */
    static boolean isConflict(Throwable e) {
        return e instanceof SQLException error
                && error.getSQLState() != null
                && (CONFLICTS.contains(error.getSQLState())
                        // two grants on one schema at the same time
                        || String.valueOf(error.getMessage()).contains("tuple concurrently updated"));
    }

    static String describe(Node node, Exception e) {
        if (!(e instanceof PSQLException p) || p.getServerErrorMessage() == null) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
        ServerErrorMessage error = p.getServerErrorMessage();
        if (UNIQUE_VIOLATION.equals(error.getSQLState()) && isGrain(error.getConstraint())) {
            String grain = node instanceof Model model ? String.join(", ", model.grain()) : "";
            return "The SELECT gives several rows for the same (" + grain + "): group by it, or fix @grain.";
        }
        if (NOT_NULL_VIOLATION.equals(error.getSQLState())) {
            return "The SELECT gives NULL in " + error.getColumn()
                    + ", which is in @grain or @window: use coalesce, or leave such rows out.";
        }
        return describe(error);
    }

    private static String describe(ServerErrorMessage error) {
        if (DEPENDENT_OBJECTS.contains(error.getSQLState()) && error.getDetail() != null) {
            // the detail has names of objects, and the hint advises to drop them too
            return ServerErrors.message(error) + ": " + error.getDetail().replace("\n", "; ")
                    + ". Drop or change that first.";
        }
        return ServerErrors.message(error) + (error.getHint() == null ? "" : ". " + error.getHint());
    }

    /** The same for a statement that does not belong to a model of the graph. */
    static String describe(SQLException e) {
        return e instanceof PSQLException p && p.getServerErrorMessage() != null
                ? describe(p.getServerErrorMessage())
                : e.getMessage();
    }
}
