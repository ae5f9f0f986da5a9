package serai.warehouse;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import serai.warehouse.SqlLexer.Token;
import serai.warehouse.SqlLexer.Type;

/**
 * Finds where a SELECT names relations: after {@code from}, {@code join} and a comma of a from clause. Everything else
 * stays as it is.
 */
final class SelectRelations {

    /** The words that end a from clause. */
    private static final Set<String> ENDS = Set.of(
            "where",
            "group",
            "having",
            "order",
            "limit",
            "offset",
            "fetch",
            "for",
            "window",
            "union",
            "except",
            "intersect",
            "select");
    /** The words that can follow a relation without an alias. */
    private static final Set<String> NO_ALIAS =
            Set.of("join", "inner", "left", "right", "full", "cross", "natural", "on", "using", "tablesample");

    private final List<Token> tokens;
    private final Set<String> ownNames;
    /** For each open parenthesis, whether it is in a from clause. */
    private final Deque<Boolean> clauses = new ArrayDeque<>();

    private boolean inFrom;
    private boolean expected;
    private String previous = "";

    SelectRelations(List<Token> tokens) {
        this.tokens = tokens;
        this.ownNames = ownNames();
    }

    /**
     * The names of common table expressions, which hide relations: {@code NAME as (} or {@code NAME as materialized (}.
     */
    private Set<String> ownNames() {
        List<String> code = tokens.stream()
                .filter(token -> token.type() != Type.GAP)
                .map(Token::text)
                .toList();
        Set<String> names = new HashSet<>();
        for (int i = 1; i + 1 < code.size(); i++) {
            boolean opens = code.get(i + 1).equals("(")
                    || code.get(i + 1).equalsIgnoreCase("materialized")
                    || code.get(i + 1).equalsIgnoreCase("not");
            if (code.get(i).equalsIgnoreCase("as") && opens) {
                names.add(code.get(i - 1));
            }
        }
        return names;
    }

    /**
     * Writes the tokens again.
     *
     * @param parameter what to write for a parameter
     * @param relation what to write for a relation, named as in the text, such as {@code landing.logins}; null to keep
     *     it. Without an alias it gets its name as one
     */
    String replace(UnaryOperator<String> parameter, UnaryOperator<String> relation) {
        StringBuilder sql = new StringBuilder();
        int at = 0;
        while (at < tokens.size()) {
            Token token = tokens.get(at);
            int end = nameEnd(at);
            boolean known = expected && end > at && !ownNames.contains(text(at, end));
            String replaced = known ? relation.apply(text(at, end)) : null;
            if (replaced != null) {
                sql.append(replaced);
                if (!hasAlias(end)) {
                    sql.append(" as ").append(tokens.get(end - 1).text());
                }
                expected = false;
                at = end;
            } else {
                follow(token);
                sql.append(token.type() == Type.PARAMETER ? parameter.apply(token.text()) : token.text());
                at++;
            }
        }
        return sql.toString();
    }

    /** The end of a name with or without schema that begins here, or the same place when none does. */
    private int nameEnd(int at) {
        if (!isWord(at)) {
            return at;
        }
        return at + 2 < tokens.size() && tokens.get(at + 1).text().equals(".") && isWord(at + 2) ? at + 3 : at + 1;
    }

    private boolean isWord(int at) {
        Token token = tokens.get(at);
        return token.type() == Type.CODE
                && (Character.isLetter(token.text().charAt(0)) || token.text().charAt(0) == '_');
    }

    private String text(int from, int to) {
        StringBuilder text = new StringBuilder();
        tokens.subList(from, to).forEach(token -> text.append(token.text()));
        return text.toString();
    }

    private boolean hasAlias(int at) {
        int next = at;
        while (next < tokens.size() && tokens.get(next).type() == Type.GAP) {
            next++;
        }
        if (next == tokens.size() || !isWord(next)) {
            return false;
        }
        String word = tokens.get(next).text().toLowerCase(Locale.ROOT);
        return !ENDS.contains(word) && !NO_ALIAS.contains(word);
    }

    private void follow(Token token) {
        if (token.type() == Type.GAP) {
            return;
        }
        String word = token.text().toLowerCase(Locale.ROOT);
        switch (word) {
            case "(" -> {
                clauses.push(inFrom);
                // a function has arguments; a subquery or a join in parentheses stands where a relation is expected
                inFrom &= expected;
            }
            case ")" -> {
                inFrom = !clauses.isEmpty() && clauses.pop();
                expected = false;
            }
            case "from", "join" -> {
                inFrom |= !previous.equals("distinct");
                expected = !previous.equals("distinct");
            }
            case "," -> expected = inFrom;
            case "only", "lateral" -> {}
            default -> {
                inFrom &= !ENDS.contains(word);
                expected = false;
            }
        }
        previous = word;
    }
}
