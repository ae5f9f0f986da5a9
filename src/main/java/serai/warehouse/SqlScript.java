package serai.warehouse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import serai.warehouse.SqlLexer.Token;
import serai.warehouse.SqlLexer.Type;

/** Statements that a person wrote, separated by semicolons, to be run in one transaction that others begin and end. */
public final class SqlScript {

    private static final Pattern TRANSACTION =
            Pattern.compile("(begin|start|commit|end|rollback|abort|prepare\\s+transaction)\\b.*", Pattern.DOTALL);
    /** What would stay set in a connection that others use next. */
    private static final Pattern SESSION = Pattern.compile(
            "(set\\s+(?!local\\b|constraints\\b|transaction\\b)|reset\\b|discard\\b).*", Pattern.DOTALL);

    private final List<Statement> statements = new ArrayList<>();

    private SqlScript() {}

    /**
     * A statement.
     *
     * @param text it, from its first word
     * @param line the line in which that is, from 1
     */
    public record Statement(String text, int line) {

        /** Its first word, in lower case. */
        public String verb() {
            return text.split("\\W", 2)[0].toLowerCase(Locale.ROOT);
        }

        /**
         * PostgreSQL's error in this statement as a mistake in the text.
         *
         * @return null when the text did not cause it: the connection is lost
         */
        public SqlSyntaxException mistake(PSQLException e) {
            ServerErrorMessage error = e.getServerErrorMessage();
            if (error == null
                    || error.getSQLState() == null
                    || error.getSQLState().matches("(57P|08).*")) {
                return null;
            }
            int at = Math.max(0, Math.min(error.getPosition() - 1, text.length()));
            int lines =
                    (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
            String hint = error.getHint() == null ? "" : ". " + error.getHint();
            return new SqlSyntaxException(line + lines, ServerErrors.message(error) + hint);
        }
    }

    /**
     * Splits a text.
     *
     * @throws SqlSyntaxException when a quote is not closed, there is no statement, or one would end the transaction or
     *     change the session
     */
    public static SqlScript of(String text) throws SqlSyntaxException {
        return of(text, parameter -> ":" + parameter);
    }

    /**
     * The same, with something else for {@code :name}.
     *
     * @param parameter what to write for a parameter, by its name; null when there is none of this name
     */
    public static SqlScript of(String text, UnaryOperator<String> parameter) throws SqlSyntaxException {
        SqlScript script = new SqlScript();
        StringBuilder statement = new StringBuilder();
        int line = 0;
        int blocks = 0;
        String before = "";
        for (Token token : SqlLexer.tokens(text)) {
            if (token.type() == Type.GAP && statement.isEmpty()) {
                continue;
            }
            if (token.type() == Type.END && blocks == 0) {
                script.add(statement, line);
                continue;
            }
            if (statement.isEmpty()) {
                line = token.line();
            }
            String written = token.type() == Type.PARAMETER ? parameter.apply(token.text()) : token.text();
            if (written == null) {
                throw new SqlSyntaxException(token.line(), "there is no parameter :" + token.text());
            }
            statement.append(written);
            if (token.type() == Type.CODE) {
                String word = token.text().toLowerCase(Locale.ROOT);
                blocks += block(before, word, blocks);
                before = word;
            }
        }
        script.add(statement, line);
        if (script.statements.isEmpty()) {
            throw new SqlSyntaxException(null, "there is no statement in it");
        }
        return script;
    }

    /** A function's body between {@code begin atomic} and {@code end} has semicolons of its own. */
    private static int block(String before, String word, int blocks) {
        if (word.equals("atomic") && before.equals("begin") || word.equals("case") && blocks > 0) {
            return 1;
        }
        return word.equals("end") && blocks > 0 ? -1 : 0;
    }

    private void add(StringBuilder text, int line) throws SqlSyntaxException {
        if (text.isEmpty()) {
            return;
        }
        String lower = text.toString().toLowerCase(Locale.ROOT);
        if (TRANSACTION.matcher(lower).matches()) {
            throw new SqlSyntaxException(
                    line, "the statements run in one transaction, which none of them may begin or end: remove it");
        }
        if (SESSION.matcher(lower).matches()) {
            throw new SqlSyntaxException(line, "it would hold for others that use the connection: write SET LOCAL");
        }
        statements.add(new Statement(text.toString(), line));
        text.setLength(0);
    }

    /** The statements, in their order. */
    public List<Statement> statements() {
        return List.copyOf(statements);
    }
}
