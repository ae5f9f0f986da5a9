package serai.warehouse;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits SQL into the tokens that are needed to find parameters and comments safely: quoted text of every kind (also
 * {@code $tag$}), comments, casts, {@code :name} and {@code ;}. It knows no SQL beyond that; PostgreSQL checks the
 * rest.
 */
final class SqlLexer {

    /** What a token is. */
    enum Type {
        CODE,
        /** White space or a comment. */
        GAP,
        QUOTED,
        PARAMETER,
        /** A semicolon. */
        END
    }

    /**
     * A part of the text.
     *
     * @param text the part; of a parameter its name without the colon
     * @param line the line in which it starts, from 1
     */
    record Token(Type type, String text, int line) {}

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;

    private SqlLexer(String text) {
        this.text = text;
    }

    /** @throws SqlSyntaxException when a quote or a comment is not closed */
    static List<Token> tokens(String text) throws SqlSyntaxException {
        SqlLexer lexer = new SqlLexer(text);
        while (lexer.at < text.length()) {
            lexer.next();
        }
        return lexer.tokens;
    }

    private void next() throws SqlSyntaxException {
        char c = text.charAt(at);
        if (Character.isWhitespace(c)) {
            take(Type.GAP, endOf(Character::isWhitespace));
        } else if (text.startsWith("--", at)) {
            take(Type.GAP, endOf(x -> x != '\n'));
        } else if (text.startsWith("/*", at)) {
            take(Type.GAP, endOfBlockComment());
        } else if (c == '\'' || c == '"') {
            take(Type.QUOTED, endOfQuote(at, c, false));
        } else if ((c == 'e' || c == 'E') && text.startsWith("'", at + 1)) {
            take(Type.QUOTED, endOfQuote(at + 1, '\'', true));
        } else if (c == '$' && dollarTag() != null) {
            take(Type.QUOTED, endOfDollarQuote(dollarTag()));
        } else if (isWordStart(c)) {
            take(Type.CODE, endOf(SqlLexer::isWordPart));
        } else if (text.startsWith("::", at) || text.startsWith(":=", at)) {
            take(Type.CODE, at + 2);
        } else if (c == ':' && at + 1 < text.length() && isWordStart(text.charAt(at + 1))) {
            at++;
            take(Type.PARAMETER, endOf(SqlLexer::isWordPart));
        } else {
            take(c == ';' ? Type.END : Type.CODE, at + 1);
        }
    }

    private void take(Type type, int end) {
        String piece = text.substring(at, end);
        tokens.add(new Token(type, piece, line));
        line += (int) piece.chars().filter(c -> c == '\n').count();
        at = end;
    }

    private interface CharTest {
        boolean test(char c);
    }

    private int endOf(CharTest belongs) {
        int end = at;
        while (end < text.length() && belongs.test(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private int endOfBlockComment() throws SqlSyntaxException {
        int depth = 0;
        for (int i = at; i < text.length() - 1; i++) {
            if (text.startsWith("/*", i)) {
                depth++;
                i++;
            } else if (text.startsWith("*/", i)) {
                depth--;
                i++;
                if (depth == 0) {
                    return i + 1;
                }
            }
        }
        throw new SqlSyntaxException(line, "this comment is not closed: add */");
    }

    private int endOfQuote(int open, char quote, boolean escapes) throws SqlSyntaxException {
        for (int i = open + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (escapes && c == '\\') {
                i++;
            } else if (c == quote) {
                if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
                    i++;
                } else {
                    return i + 1;
                }
            }
        }
        throw new SqlSyntaxException(line, "the quote " + quote + " is not closed");
    }

    private String dollarTag() {
        int end = at + 1;
        while (end < text.length() && isWordPart(text.charAt(end)) && text.charAt(end) != '$') {
            end++;
        }
        boolean tag = end < text.length() && text.charAt(end) == '$' && !Character.isDigit(text.charAt(at + 1));
        return tag ? text.substring(at, end + 1) : null;
    }

    private int endOfDollarQuote(String tag) throws SqlSyntaxException {
        int close = text.indexOf(tag, at + tag.length());
        if (close < 0) {
            throw new SqlSyntaxException(line, "the quote " + tag + " is not closed");
        }
        return close + tag.length();
    }

    private static boolean isWordStart(char c) {
        return c == '_' || Character.isLetter(c);
    }

    private static boolean isWordPart(char c) {
        return c == '_' || c == '$' || Character.isLetterOrDigit(c);
    }
}
