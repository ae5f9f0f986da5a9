package serai.warehouse;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import serai.warehouse.SqlLexer.Token;
import serai.warehouse.SqlLexer.Type;

/**
 * A SELECT that a person wrote, with parameters such as {@code :from}. Parameters are bound and never pasted. Line
 * breaks are kept, so that the line of PostgreSQL's error is the line in the file.
 */
public final class SelectText {

    private final List<Token> tokens;
    private final Map<String, String> types;

    private SelectText(List<Token> tokens, Map<String, String> types) {
        this.tokens = tokens;
        this.types = types;
    }

    /**
     * Checks a text.
     *
     * @param types the known parameters and their PostgreSQL types
     * @throws SqlSyntaxException when the text is not one SELECT or has an unknown parameter
     */
    public static SelectText of(String text, Map<String, String> types) throws SqlSyntaxException {
        List<Token> tokens = SqlLexer.tokens(text);
        requireSelect(tokens);
        requireOneStatement(tokens);
        for (Token t : tokens) {
            if (t.type() == Type.PARAMETER && !types.containsKey(t.text())) {
                throw new SqlSyntaxException(
                        t.line(),
                        "there is no parameter :" + t.text() + "; the parameters are :"
                                + String.join(", :", new TreeMap<>(types).keySet())
                                + " (write the slice of an array with spaces: [a : b])");
            }
        }
        return new SelectText(tokens.stream().filter(t -> t.type() != Type.END).toList(), Map.copyOf(types));
    }

    private static void requireSelect(List<Token> tokens) throws SqlSyntaxException {
        Token first = tokens.stream()
                .filter(t -> t.type() != Type.GAP)
                .findFirst()
                .orElseThrow(() -> new SqlSyntaxException(null, "this file has no SELECT"));
        String word = first.text().toLowerCase(Locale.ROOT);
        if (!word.equals("select") && !word.equals("with")) {
            throw new SqlSyntaxException(
                    first.line(),
                    "write a bare SELECT, without anything that writes; this starts with '" + first.text() + "'");
        }
    }

    private static void requireOneStatement(List<Token> tokens) throws SqlSyntaxException {
        boolean ended = false;
        for (Token t : tokens) {
            if (ended && t.type() != Type.GAP) {
                throw new SqlSyntaxException(t.line(), "a second statement starts here: write one SELECT in a file");
            }
            ended |= t.type() == Type.END;
        }
    }

    /** The names of the parameters in the order in which {@link #prepared()} binds them. */
    public List<String> parameters() {
        return tokens.stream()
                .filter(t -> t.type() == Type.PARAMETER)
                .map(Token::text)
                .toList();
    }

    /** The line in which a parameter is first used, or null. */
    public Integer lineOf(String parameter) {
        return tokens.stream()
                .filter(t -> t.type() == Type.PARAMETER && t.text().equals(parameter))
                .map(Token::line)
                .findFirst()
                .orElse(null);
    }

    /**
     * Something that the text uses.
     *
     * @param text as it is written
     * @param line in which it is
     */
    public record Use(String text, int line) {}

    /** The first function of the present time, or of chance: with it, the same input gives other rows later. */
    public Optional<Use> changingFunction() {
        return new ChangingFunctions(tokens).first();
    }

    /** The text of a view: without comments, each parameter a NULL of its type. */
    public String definition() {
        return render("null", "?");
    }

    /** The text of a prepared statement: without comments, {@code ?} for each parameter. */
    public String prepared() {
        // ? is an operator of PostgreSQL too; the driver writes it ??
        return render("?", "??");
    }

    /**
     * The text with its comments, in which relations and parameters are written in another way.
     *
     * @param parameter what to write for a parameter, by its name
     * @param relation what to write for a relation, named as in the text, such as {@code landing.logins}; null to keep
     *     it
     */
    public String rewritten(UnaryOperator<String> parameter, UnaryOperator<String> relation) {
        return new SelectRelations(tokens).replace(parameter, relation).strip();
    }

    /**
     * PostgreSQL's error in a statement with the {@link #definition()} in it, as a mistake in this text.
     *
     * @param before what the statement has before the definition
     * @throws SQLException the error itself, when the text did not cause it: the connection is lost, or time was up
     */
    public SqlSyntaxException mistake(PSQLException e, String before) throws SQLException {
        ServerErrorMessage error = e.getServerErrorMessage();
        if (error == null || error.getSQLState() == null || error.getSQLState().matches("(57|08).*")) {
            throw e;
        }
        String definition = definition();
        int position = Math.min(error.getPosition() - before.length(), definition.length());
        Integer line = position <= 0
                ? null
                : 1
                        + (int) definition
                                .substring(0, position)
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
        String hint = error.getHint() == null ? "" : ". " + error.getHint();
        return new SqlSyntaxException(line, ServerErrors.message(error) + hint);
    }

    private String render(String parameter, String questionMark) {
        StringBuilder sql = new StringBuilder();
        for (Token t : tokens) {
            switch (t.type()) {
                case GAP -> sql.append(lineBreaksOf(t));
                case PARAMETER ->
                    sql.append('(')
                            .append(parameter)
                            .append("::")
                            .append(types.get(t.text()))
                            .append(')');
                case CODE -> sql.append(t.text().equals("?") ? questionMark : t.text());
                default -> sql.append(t.text());
            }
        }
        return sql.toString().stripTrailing();
    }

    private static String lineBreaksOf(Token gap) {
        String breaks =
                "\n".repeat((int) gap.text().chars().filter(c -> c == '\n').count());
        return breaks.isEmpty() ? " " : breaks;
    }

    /** The text without comments, each gap one space: equal texts are the same definition. */
    public String compact() {
        StringBuilder sql = new StringBuilder();
        Type last = Type.GAP;
        for (Token t : tokens) {
            if (t.type() != Type.GAP) {
                sql.append(t.type() == Type.PARAMETER ? ":" : "").append(t.text());
            } else if (last != Type.GAP) {
                sql.append(' ');
            }
            last = t.type();
        }
        return sql.toString().stripTrailing();
    }
}
