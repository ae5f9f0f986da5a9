package serai.refresh;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import serai.edits.RefusedException;
import serai.refresh.SqlLexer.Token;
import serai.refresh.SqlLexer.Type;

/** The one SELECT of a model file. Parameters are bound, never pasted; line breaks stay, so that an error's place can be found again. */
final class ModelSql {

    /** The parameters that there are, and their types. */
    static final Map<String, String> PARAMETERS =
            new TreeMap<>(Map.of("from", "timestamptz", "to", "timestamptz", "now", "timestamptz", "run_id", "bigint"));

    private final List<Token> tokens;

    private ModelSql(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** @throws RefusedException when the text is not one SELECT or has a parameter that does not exist */
    static ModelSql of(Path file, String text) throws RefusedException {
        List<Token> tokens = SqlLexer.tokens(file, text);
        requireSelect(file, tokens);
        requireOneStatement(file, tokens);
        for (Token t : tokens) {
            if (t.type() == Type.PARAMETER && !PARAMETERS.containsKey(t.text())) {
                throw new RefusedException(file, t.line(), "there is no parameter :" + t.text() + "; the parameters are :"
                        + String.join(", :", PARAMETERS.keySet()) + " (a slice of an array is written with blanks: [a : b])");
            }
        }
        return new ModelSql(tokens.stream().filter(t -> t.type() != Type.END).toList());
    }

    private static void requireSelect(Path file, List<Token> tokens) throws RefusedException {
        Token first = tokens.stream().filter(t -> t.type() != Type.GAP).findFirst()
                .orElseThrow(() -> new RefusedException(file, null, "there is no SELECT in this file"));
        String word = first.text().toLowerCase(Locale.ROOT);
        if (!word.equals("select") && !word.equals("with")) {
            throw new RefusedException(file, first.line(), "a model is a bare SELECT, this one starts with '" + first.text()
                    + "'; leave out what writes, the kind says how rows are written");
        }
    }

    private static void requireOneStatement(Path file, List<Token> tokens) throws RefusedException {
        boolean ended = false;
        for (Token t : tokens) {
            if (ended && t.type() != Type.GAP) {
                throw new RefusedException(file, t.line(), "a second statement starts here: write one SELECT a file");
            }
            ended |= t.type() == Type.END;
        }
    }

    /** The names of the parameters in the order in which {@link #prepared()} binds them. */
    List<String> parameters() {
        return tokens.stream().filter(t -> t.type() == Type.PARAMETER).map(Token::text).toList();
    }

    /** The line in which a parameter is first used, or null. */
    Integer lineOf(String parameter) {
        return tokens.stream().filter(t -> t.type() == Type.PARAMETER && t.text().equals(parameter)).map(Token::line)
                .findFirst().orElse(null);
    }

    /** For a view's definition: without comments, parameters as NULLs of their type. */
    String definition() {
        return render("null", "?");
    }

    /** For a prepared statement: without comments, {@code ?} for each parameter. */
    String prepared() {
        // the driver takes a bare ? for a parameter, PostgreSQL knows it as an operator too
        return render("?", "??");
    }

    private String render(String parameter, String questionMark) {
        StringBuilder sql = new StringBuilder();
        for (Token t : tokens) {
            switch (t.type()) {
                case GAP -> sql.append(lineBreaksOf(t));
                case PARAMETER -> sql.append('(').append(parameter).append("::").append(PARAMETERS.get(t.text())).append(')');
                case CODE -> sql.append(t.text().equals("?") ? questionMark : t.text());
                default -> sql.append(t.text());
            }
        }
        return sql.toString().stripTrailing();
    }

    private static String lineBreaksOf(Token gap) {
        String breaks = "\n".repeat((int) gap.text().chars().filter(c -> c == '\n').count());
        return breaks.isEmpty() ? " " : breaks;
    }

    /** The statement without comments, each gap one blank: what the hash of a definition is made of. */
    String compact() {
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
