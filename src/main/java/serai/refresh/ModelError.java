package serai.refresh;

import java.sql.SQLException;
import org.postgresql.util.PSQLException;

/**
 * What went wrong with a model, in words that help its author; without values of rows, which an error's detail would
 * hold.
 */
final class ModelError {

    private static final String DUPLICATE = "23505";
    private static final String NULL = "23502";
    private static final String LOCKED = "55P03";

    private ModelError() {}

    static boolean isLock(Exception e) {
        return e instanceof SQLException s && LOCKED.equals(s.getSQLState());
    }

    static String words(CatalogEntry entry, Exception e) {
        if (e instanceof PSQLException p && p.getServerErrorMessage() != null) {
            var error = p.getServerErrorMessage();
            String grain = entry instanceof Model m ? String.join(", ", m.grain()) : "";
            if (DUPLICATE.equals(error.getSQLState())) {
                return "The SELECT gives several rows for the same (" + grain + "): group by it, or mend @grain.";
            }
            if (NULL.equals(error.getSQLState())) {
                return "The SELECT gives NULL in " + error.getColumn()
                        + ", which is in @grain or @window: coalesce it, or leave such rows out.";
            }
            return error.getMessage() + (error.getHint() == null ? "" : ". " + error.getHint());
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
