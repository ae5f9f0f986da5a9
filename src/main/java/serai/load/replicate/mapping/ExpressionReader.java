package serai.load.replicate.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import serai.settings.Spelling;

/** Reads an expression: a recursive descent with the precedence of SQLite's operators. It is bounded. */
final class ExpressionReader {

    private static final int LONGEST = 4000;
    private static final int DEEPEST = 50;
    private static final Pattern TOKEN =
            Pattern.compile("\\s*(?:(\\$[\\p{L}\\p{N}_]+)|(\\d+(?:\\.\\d*)?(?:[eE][-+]?\\d{1,3})?|\\.\\d+)"
                    + "|('(?:[^']|'')*')|(\"(?:[^\"]|\"\")*\")|([A-Za-z_][A-Za-z0-9_]*)"
                    + "|(\\|\\||<=|>=|<>|==|!=|[-+*/%<>=(),]))");
    private static final Set<String> COMPARISONS = Set.of("=", "==", "<>", "!=", "IS", "IN", "LIKE", "BETWEEN", "NOT");
    private static final List<List<String>> ARITHMETIC =
            List.of(List.of("<", "<=", ">", ">="), List.of("+", "-"), List.of("*", "/", "%"), List.of("||"));

    /** A part of the text; the text of a word is in upper case. */
    private record Token(Kind kind, String text) {}

    private enum Kind {
        COLUMN,
        NUMBER,
        TEXT,
        WORD,
        SYMBOL,
        END
    }

    private final List<Token> tokens = new ArrayList<>();
    private int next;
    private int depth;

    ExpressionReader(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("it has more than " + LONGEST + " characters");
        }
        Matcher matcher = TOKEN.matcher(text);
        int at = 0;
        while (!text.substring(at).isBlank()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw unknownCharacter(text.substring(at).stripLeading());
            }
            tokens.add(token(matcher));
            at = matcher.end();
        }
        tokens.add(new Token(Kind.END, "the end"));
    }

    private static IllegalArgumentException unknownCharacter(String rest) {
        String character = Character.toString(rest.codePointAt(0));
        return new IllegalArgumentException(
                "\u2018\u2019\u201c\u201d".contains(character)
                        ? "texts stand in straight quotes ('), not in " + character
                        : "'" + character + "' is not understood");
    }

    private static Token token(Matcher matcher) {
        if (matcher.group(1) != null) {
            return new Token(Kind.COLUMN, matcher.group(1).substring(1));
        }
        if (matcher.group(2) != null) {
            return new Token(Kind.NUMBER, matcher.group(2));
        }
        for (int quoted = 3; quoted <= 4; quoted++) {
            String text = matcher.group(quoted);
            if (text != null) {
                String quote = text.substring(0, 1);
                return new Token(Kind.TEXT, text.substring(1, text.length() - 1).replace(quote + quote, quote));
            }
        }
        return matcher.group(5) == null
                ? new Token(Kind.SYMBOL, matcher.group(6))
                : new Token(Kind.WORD, matcher.group(5).toUpperCase(Locale.ROOT));
    }

    SqliteTerm read() {
        SqliteTerm term = disjunction();
        if (peek().kind() != Kind.END) {
            throw new IllegalArgumentException("'" + peek().text() + "' is not understood there");
        }
        return term;
    }

    private Token peek() {
        return tokens.get(next);
    }

    private boolean accept(String text) {
        boolean found = (peek().kind() == Kind.SYMBOL || peek().kind() == Kind.WORD)
                && peek().text().equals(text);
        next += found ? 1 : 0;
        return found;
    }

    private void expect(String text) {
        if (!accept(text)) {
            throw new IllegalArgumentException("there is '" + peek().text() + "' where '" + text + "' belongs");
        }
    }

    private SqliteTerm disjunction() {
        if (++depth > DEEPEST) {
            throw new IllegalArgumentException("it is nested too deep");
        }
        SqliteTerm term = conjunction();
        while (accept("OR")) {
            term = new SqliteTerm.Binary("OR", term, conjunction());
        }
        depth--;
        return term;
    }

    private SqliteTerm conjunction() {
        SqliteTerm term = negation();
        while (accept("AND")) {
            term = new SqliteTerm.Binary("AND", term, negation());
        }
        return term;
    }

    private SqliteTerm negation() {
        int negations = 0;
        while (accept("NOT")) {
            negations++;
        }
        SqliteTerm term = equality();
        if (negations > 0) {
            term = new SqliteTerm.Unary("NOT", term);
        }
        return negations > 0 && negations % 2 == 0 ? new SqliteTerm.Unary("NOT", term) : term;
    }

    private SqliteTerm equality() {
        SqliteTerm term = operators(0);
        while (COMPARISONS.contains(peek().text()) && isOperator(peek())) {
            term = comparison(term);
        }
        return term;
    }

    private static boolean isOperator(Token token) {
        return token.kind() == Kind.SYMBOL || token.kind() == Kind.WORD;
    }

    private SqliteTerm comparison(SqliteTerm left) {
        String operator = tokens.get(next++).text();
        if (operator.equals("IS")) {
            boolean negated = accept("NOT");
            if (!accept("NULL")) {
                throw new IllegalArgumentException("behind IS only NULL and NOT NULL are understood");
            }
            return negated ? not(new SqliteTerm.IsNull(left)) : new SqliteTerm.IsNull(left);
        }
        if (operator.equals("NOT")) {
            String word = tokens.get(next++).text();
            if (!Set.of("IN", "LIKE", "BETWEEN").contains(word)) {
                throw new IllegalArgumentException("behind a value, NOT needs IN, LIKE or BETWEEN");
            }
            return not(comparison(left, word));
        }
        return comparison(left, operator);
    }

    private SqliteTerm comparison(SqliteTerm left, String operator) {
        if (operator.equals("IN")) {
            expect("(");
            return new SqliteTerm.In(left, arguments());
        }
        if (operator.equals("BETWEEN")) {
            SqliteTerm low = operators(0);
            expect("AND");
            SqliteTerm high = operators(0);
            return new SqliteTerm.Binary(
                    "AND", new SqliteTerm.Binary(">=", left, low), new SqliteTerm.Binary("<=", left, high));
        }
        return new SqliteTerm.Binary(operator, left, operators(0));
    }

    private static SqliteTerm not(SqliteTerm term) {
        return new SqliteTerm.Unary("NOT", term);
    }

    private SqliteTerm operators(int level) {
        if (level == ARITHMETIC.size()) {
            return unary();
        }
        SqliteTerm term = operators(level + 1);
        while (peek().kind() == Kind.SYMBOL && ARITHMETIC.get(level).contains(peek().text())) {
            String operator = tokens.get(next++).text();
            term = new SqliteTerm.Binary(operator, term, operators(level + 1));
        }
        return term;
    }

    private SqliteTerm unary() {
        if (accept("-")) {
            return nested(() -> new SqliteTerm.Unary("-", unary()));
        }
        if (accept("+")) {
            return nested(() -> new SqliteTerm.Unary("+", unary()));
        }
        return primary();
    }

    private interface Part {
        SqliteTerm read();
    }

    private SqliteTerm nested(Part part) {
        if (++depth > DEEPEST) {
            throw new IllegalArgumentException("it is nested too deep");
        }
        SqliteTerm term = part.read();
        depth--;
        return term;
    }

    private SqliteTerm primary() {
        if (accept("(")) {
            SqliteTerm term = disjunction();
            expect(")");
            return term;
        }
        Token token = tokens.get(next++);
        return switch (token.kind()) {
            case NUMBER -> new SqliteTerm.Constant(SqliteValues.parse(token.text()));
            case TEXT -> new SqliteTerm.Constant(token.text());
            case COLUMN -> column(token.text());
            case WORD -> word(token.text());
            default -> throw new IllegalArgumentException("there is " + token.text() + " where a value belongs");
        };
    }

    private static SqliteTerm column(String name) {
        if (!name.startsWith("AR_H_") && !name.startsWith("AR_M_")) {
            return new SqliteTerm.Column(name);
        }
        return ChangeHeader.of(name)
                .<SqliteTerm>map(SqliteTerm.HeaderTerm::new)
                .orElseThrow(() -> new IllegalArgumentException(
                        "PostgreSQL's log has no $" + name + "; known are " + ChangeHeader.names()));
    }

    private SqliteTerm word(String word) {
        if (word.equals("NULL")) {
            return new SqliteTerm.Constant(null);
        }
        if (word.equals("CASE")) {
            return cases();
        }
        if (!accept("(")) {
            throw new IllegalArgumentException(
                    "'" + word.toLowerCase(Locale.ROOT) + "' is not understood: a column is $name, a text 'text'");
        }
        List<SqliteTerm> arguments = accept(")") ? List.of() : arguments();
        if (word.equals("OPERATION_INDICATOR")) {
            return operation(arguments);
        }
        String name = word.toLowerCase(Locale.ROOT);
        SqliteFunction function = SqliteFunction.of(name)
                .orElseThrow(() -> new IllegalArgumentException("there is no function " + name + "; the nearest is "
                        + Spelling.nearest(name, SqliteFunction.names())));
        if (arguments.size() < function.least() || arguments.size() > function.most()) {
            throw new IllegalArgumentException(name + " does not take " + arguments.size() + " arguments");
        }
        checkModifiers(function, arguments);
        return new SqliteTerm.Call(function, arguments);
    }

    private static void checkModifiers(SqliteFunction function, List<SqliteTerm> arguments) {
        if (!SqliteFunction.isOfTime(function)) {
            return;
        }
        int time = function.name().equals("strftime") ? 1 : 0;
        for (SqliteTerm modifier : arguments.subList(Math.min(time + 1, arguments.size()), arguments.size())) {
            if (!(modifier instanceof SqliteTerm.Constant text
                    && text.constant() instanceof String word
                    && SqliteTime.isModifier(word))) {
                throw new IllegalArgumentException(function.name()
                        + ": a modifier is a text such as '+1 day', 'start of month', 'weekday 1' or" + " 'unixepoch'");
            }
        }
    }

    private static SqliteTerm operation(List<SqliteTerm> arguments) {
        List<String> texts = new ArrayList<>();
        arguments.forEach(argument -> {
            if (argument instanceof SqliteTerm.Constant text && text.constant() instanceof String word) {
                texts.add(word);
            }
        });
        if (texts.size() != 3 || arguments.size() != 3) {
            throw new IllegalArgumentException("write operation_indicator('D', 'U', 'I')");
        }
        return new SqliteTerm.OperationTerm(texts.get(0), texts.get(1), texts.get(2));
    }

    private List<SqliteTerm> arguments() {
        List<SqliteTerm> arguments = new ArrayList<>();
        do {
            arguments.add(disjunction());
        } while (accept(","));
        expect(")");
        return arguments;
    }

    private SqliteTerm cases() {
        SqliteTerm base = accept("WHEN") ? null : disjunction();
        if (base != null) {
            expect("WHEN");
        }
        List<SqliteTerm> conditions = new ArrayList<>();
        List<SqliteTerm> results = new ArrayList<>();
        do {
            SqliteTerm condition = disjunction();
            conditions.add(base == null ? condition : new SqliteTerm.Binary("=", base, condition));
            expect("THEN");
            results.add(disjunction());
        } while (accept("WHEN"));
        SqliteTerm otherwise = accept("ELSE") ? disjunction() : new SqliteTerm.Constant(null);
        expect("END");
        return new SqliteTerm.Case(conditions, results, otherwise);
    }
}
