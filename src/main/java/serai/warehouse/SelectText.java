package serai.warehouse;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import serai.warehouse.SqlLexer.Token;
import serai.warehouse.SqlLexer.Type;

/**
 * The one SELECT of an analyst's file. Parameters are bound, never pasted; line breaks stay, so that an error's place
 * can be found again.
 */
public final class SelectText {

    private final List<Token> tokens;
    private final Map<String, String> types;

    private SelectText(List<Token> tokens, Map<String, String> types) {
        this.tokens = tokens;
        this.types = types;
    }

    /**
     * @param types the parameters that there are, and their types in PostgreSQL
     * @throws SqlSyntaxException when the text is not one SELECT or has a parameter that does not exist
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
                                + " (a slice of an array is written with blanks: [a : b])");
            }
        }
        return new SelectText(tokens.stream().filter(t -> t.type() != Type.END).toList(), Map.copyOf(types));
    }

    private static void requireSelect(List<Token> tokens) throws SqlSyntaxException {
        Token first = tokens.stream()
                .filter(t -> t.type() != Type.GAP)
                .findFirst()
                .orElseThrow(() -> new SqlSyntaxException(null, "there is no SELECT in this file"));
        String word = first.text().toLowerCase(Locale.ROOT);
        if (!word.equals("select") && !word.equals("with")) {
            throw new SqlSyntaxException(
                    first.line(),
                    "write a bare SELECT; this starts with '" + first.text() + "'; leave out what writes");
        }
    }

    private static void requireOneStatement(List<Token> tokens) throws SqlSyntaxException {
        boolean ended = false;
        for (Token t : tokens) {
            if (ended && t.type() != Type.GAP) {
                throw new SqlSyntaxException(t.line(), "a second statement starts here: write one SELECT a file");
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

    /** For a view's definition: without comments, parameters as NULLs of their type. */
    public String definition() {
        return render("null", "?");
    }

    /** For a prepared statement: without comments, {@code ?} for each parameter. */
    public String prepared() {
        // the driver takes a bare ? for a parameter, PostgreSQL knows it as an operator too
        return render("?", "??");
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

    /** The statement without comments, each gap one blank: what the hash of a definition is made of. */
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
