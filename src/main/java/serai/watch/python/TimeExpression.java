package serai.watch.python;

import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Python expression over a timestamp, such as {@code ts[:23] + ts[26:]}: the names {@code ts} (the timestamp's text)
 * and {@code dt} (only as {@code dt.strftime('...')}), text literals, indexing and slices, {@code +}, parentheses, and
 * the methods {@code replace}, {@code strip}, {@code lstrip}, {@code rstrip}, {@code upper} and {@code lower}. Anything
 * else is refused: no Python program runs here.
 */
public final class TimeExpression {

    private static final int LONGEST = 1_000;
    private static final Pattern TOKEN =
            Pattern.compile("\\s*(?:'(?<single>[^'\\\\]*)'|\"(?<double>[^\"\\\\]*)\"|(?<word>\\w+)|(?<symbol>\\S))");
    private static final Token END = new Token(Kind.END, "");

    private enum Kind {
        TEXT,
        WORD,
        SYMBOL,
        END
    }

    private record Token(Kind kind, String text) {}

    /** The value of a part of the expression for a text and a time. */
    private interface Part extends BiFunction<String, ZonedDateTime, String> {}

    private final List<Token> tokens = new ArrayList<>();
    private int next;
    private final Part whole;

    /** @throws IllegalArgumentException when the text is no such expression; the message names the reason */
    public TimeExpression(String source) {
        require(source.length() <= LONGEST, "is longer than " + LONGEST + " characters");
        Matcher token = TOKEN.matcher(source.strip());
        while (token.find()) {
            tokens.add(token(token));
        }
        this.whole = sum();
        require(next == tokens.size(), "has '" + peek().text() + "' where it should end");
    }

    private static Token token(Matcher token) {
        String single = token.group("single");
        String text = single == null ? token.group("double") : single;
        if (text != null) {
            return new Token(Kind.TEXT, text);
        }
        String word = token.group("word");
        return word == null ? new Token(Kind.SYMBOL, token.group("symbol")) : new Token(Kind.WORD, word);
    }

    /**
     * The value for a timestamp.
     *
     * @param dt the timestamp as a time; null where the expression runs before the text is read
     * @throws DateTimeException when the text is too short for an index, or {@code dt} is needed and null
     */
    public String apply(String ts, ZonedDateTime dt) {
        return whole.apply(ts, dt);
    }

    private Part sum() {
        Part sum = term();
        while (take("+")) {
            Part left = sum;
            Part right = term();
            sum = (ts, dt) -> left.apply(ts, dt) + right.apply(ts, dt);
        }
        return sum;
    }

    private Part term() {
        Part part = primary();
        while (true) {
            if (take("[")) {
                part = slice(part);
            } else if (take(".")) {
                UnaryOperator<String> method = method();
                Part object = part;
                part = (ts, dt) -> method.apply(object.apply(ts, dt));
            } else {
                return part;
            }
        }
    }

    private Part primary() {
        if (take("(")) {
            Part inner = sum();
            expect(")");
            return inner;
        }
        Token token = take();
        if (token.kind() == Kind.TEXT) {
            return (ts, dt) -> token.text();
        }
        if (token.text().equals("ts")) {
            return (ts, dt) -> ts;
        }
        require(
                token.text().equals("dt") && take(".") && take("strftime") && take("("),
                "knows the names ts and dt.strftime('...') only, not '" + token.text() + "'");
        String format = text();
        expect(")");
        return (ts, dt) -> {
            if (dt == null) {
                throw new DateTimeException("dt is not known before the text is read");
            }
            return Strftime.format(dt, format);
        };
    }

    private Part slice(Part part) {
        Integer from = number();
        if (!take(":")) {
            expect("]");
            require(from != null, "needs a number between [ and ]");
            return (ts, dt) -> character(part.apply(ts, dt), from);
        }
        Integer to = number();
        expect("]");
        return (ts, dt) -> {
            String text = part.apply(ts, dt);
            int start = from == null ? 0 : bound(from, text.length());
            int end = to == null ? text.length() : bound(to, text.length());
            return start < end ? text.substring(start, end) : "";
        };
    }

    private static String character(String text, int index) {
        int i = index < 0 ? index + text.length() : index;
        if (i < 0 || i >= text.length()) {
            throw new DateTimeException("the text is too short for index " + index);
        }
        return text.substring(i, i + 1);
    }

    private static int bound(int index, int length) {
        return Math.min(length, Math.max(0, index < 0 ? index + length : index));
    }

    private UnaryOperator<String> method() {
        String name = take().text();
        List<String> arguments = new ArrayList<>();
        expect("(");
        while (peek().kind() == Kind.TEXT) {
            arguments.add(text());
            take(",");
        }
        expect(")");
        String first = arguments.isEmpty() ? null : arguments.get(0);
        return switch (name + arguments.size()) {
            case "replace2" -> text -> text.replace(first, arguments.get(1));
            case "strip0", "strip1" -> text -> PythonText.strip(text, first);
            case "lstrip0", "lstrip1" -> text -> PythonText.lstrip(text, first);
            case "rstrip0", "rstrip1" -> text -> PythonText.rstrip(text, first);
            case "upper0" -> text -> text.toUpperCase(Locale.ROOT);
            case "lower0" -> text -> text.toLowerCase(Locale.ROOT);
            default ->
                throw new IllegalArgumentException(
                        "does not know the method '" + name + "' with " + arguments.size() + " texts");
        };
    }

    private Token peek() {
        return next < tokens.size() ? tokens.get(next) : END;
    }

    private Token take() {
        Token token = peek();
        next++;
        return token;
    }

    private boolean take(String text) {
        boolean found = peek().kind() != Kind.TEXT && peek().text().equals(text);
        next += found ? 1 : 0;
        return found;
    }

    private void expect(String symbol) {
        require(take(symbol), "needs '" + symbol + "' instead of '" + peek().text() + "'");
    }

    private Integer number() {
        boolean negative = take("-");
        boolean found = peek().text().matches("\\d{1,6}");
        require(found || !negative, "needs a number after '-'");
        return found ? Integer.valueOf((negative ? "-" : "") + take().text()) : null;
    }

    private String text() {
        require(peek().kind() == Kind.TEXT, "needs a text in quotes, without a backslash");
        return take().text();
    }

    private static void require(boolean condition, String reason) {
        if (!condition) {
            throw new IllegalArgumentException(reason);
        }
    }
}
