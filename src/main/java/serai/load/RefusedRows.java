package serai.load;

import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import serai.warehouse.ServerErrors;
import serai.warehouse.Transaction;

/**
 * Writes rows of which the database may refuse some, by a constraint, an index or a trigger: those are found by halving
 * and put aside, and all others are written. Without such rows it costs a savepoint.
 */
public final class RefusedRows {

    /** How the context of an error of COPY begins. */
    private static final Pattern COPIED_COLUMN =
            Pattern.compile("^COPY [^\\n]+?, line \\d+, column ([^\\n]+?)(?=: |$)", Pattern.MULTILINE);

    /** Data, constraints, views with a check, limits such as the size of an index row, and triggers that raise. */
    private static final List<String> CLASSES_OF_ROWS = List.of("22", "23", "44", "54", "P0");

    private final Transaction tx;

    /** @param tx in which rows are written */
    public RefusedRows(Transaction tx) {
        this.tx = tx;
    }

    /** Rows that are written together, or else by halves. */
    public interface Rows {

        /** Whether these are more than one. */
        boolean areMany();

        /** Writes them all. */
        void write() throws SQLException, ReportHeldException;

        /** Two parts that together have the same rows. */
        List<Rows> halves() throws SQLException, ReportHeldException;

        /** Puts the only row aside. */
        void reject(String column, String reason) throws SQLException, ReportHeldException;
    }

    /**
     * Writes the rows that the database takes.
     *
     * @throws ReportHeldException when it refuses too many
     * @throws SQLException when it refuses them for another reason than the rows themselves
     */
    public void write(Rows rows) throws SQLException, ReportHeldException {
        Savepoint before = tx.connection().setSavepoint();
        PSQLException refusal;
        try {
            rows.write();
            tx.connection().releaseSavepoint(before);
            return;
        } catch (PSQLException e) {
            if (!isOfRows(e)) {
                throw withoutValues(e);
            }
            tx.connection().rollback(before);
            // or each refusal would leave a level of subtransactions
            tx.connection().releaseSavepoint(before);
            refusal = e;
        }
        if (rows.areMany()) {
            for (Rows half : rows.halves()) {
                write(half);
            }
        } else {
            rows.reject(column(refusal.getServerErrorMessage()), reason(refusal));
        }
    }

    /** The column of the message, or the one in whose text COPY found no value; null when none is named. */
    private static String column(ServerErrorMessage message) {
        if (message == null || message.getColumn() != null) {
            return message == null ? null : message.getColumn();
        }
        Matcher copied = COPIED_COLUMN.matcher(String.valueOf(message.getWhere()));
        return copied.find() ? copied.group(1) : null;
    }

    private static boolean isOfRows(PSQLException e) {
        String state = String.valueOf(e.getSQLState());
        return CLASSES_OF_ROWS.stream().anyMatch(state::startsWith);
    }

    private static String reason(PSQLException e) {
        ServerErrorMessage message = e.getServerErrorMessage();
        return "is refused by the database: " + (message == null ? e.getMessage() : ServerErrors.message(message));
    }

    /** The details of the database's message quote rows; the message goes to the log and the page. */
    static SQLException withoutValues(PSQLException e) {
        ServerErrorMessage message = e.getServerErrorMessage();
        if (message == null) {
            return e;
        }
        String hint = message.getHint();
        return new SQLException(
                "The database refused the rows: " + ServerErrors.message(message)
                        + (hint == null || isOfRows(e) ? "." : ". " + hint),
                e.getSQLState());
    }
}
