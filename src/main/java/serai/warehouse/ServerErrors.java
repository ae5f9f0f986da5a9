package serai.warehouse;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

/**
 * PostgreSQL's errors without the data that they quote, for the log, the page and the ledger. Connections of the
 * warehouse leave DETAIL and CONTEXT out of each exception's text, whoever reads it. In the class 22, "data exception",
 * the message itself quotes the value, as in {@code invalid input syntax for type integer: "alice@example.org"}: there
 * the value is cut.
 */
public final class ServerErrors {

    private static final String DATA_EXCEPTION = "22";
    /** From the first quote to the last one, as a value may have quotes in it; also those of other languages. */
    private static final Pattern QUOTED =
            Pattern.compile("[\"\u201e\u201c\u00ab\u00bb].*[\"\u201c\u201d\u00ab\u00bb]", Pattern.DOTALL);

    private static final Pattern AFTER_COLON = Pattern.compile(": .*", Pattern.DOTALL);

    private ServerErrors() {}

    /** The same error, or one whose text quotes no value. */
    static SQLException withoutValues(SQLException e) {
        if (e instanceof BatchUpdateException && e.getNextException() != null) {
            return withoutValues(e.getNextException());
        }
        if (!isDataException(e)) {
            return e;
        }
        SQLException cut = e instanceof PSQLException p && p.getServerErrorMessage() != null
                ? new PSQLException(withoutValues(p.getServerErrorMessage()), false)
                : new PSQLException(cut(e.getMessage()), PSQLState.DATA_ERROR);
        cut.setStackTrace(e.getStackTrace());
        return cut;
    }

    /** The server's message, without the value that it quotes. */
    public static String message(ServerErrorMessage error) {
        return isDataException(error.getSQLState()) ? cut(error.getMessage()) : error.getMessage();
    }

    private static ServerErrorMessage withoutValues(ServerErrorMessage error) {
        return new ServerErrorMessage(Stream.of(
                        field('S', error.getSeverity()),
                        field('C', error.getSQLState()),
                        field('M', cut(error.getMessage())),
                        field('H', error.getHint()),
                        field('P', error.getPosition() == 0 ? null : String.valueOf(error.getPosition())),
                        field('s', error.getSchema()),
                        field('t', error.getTable()),
                        field('c', error.getColumn()))
                .filter(Objects::nonNull)
                .collect(Collectors.joining("\0", "", "\0")));
    }

    private static String field(char name, String value) {
        return value == null ? null : name + value;
    }

    private static String cut(String message) {
        return AFTER_COLON
                .matcher(QUOTED.matcher(String.valueOf(message)).replaceAll("\"\u2026\""))
                .replaceAll("");
    }

    private static boolean isDataException(SQLException e) {
        return isDataException(e.getSQLState());
    }

    private static boolean isDataException(String state) {
        return state != null && state.startsWith(DATA_EXCEPTION);
    }
}
