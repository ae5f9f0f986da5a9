package serai.watch.rule;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import serai.watch.python.Strftime;

/**
 * A Python expression over a timestamp's text, as {@code timestamp_format_expr} and
 * {@code timestamp_to_datetime_format_expr} are written in the field: the names {@code ts} and {@code dt}, texts,
 * indexing and slices, {@code +}, and the methods {@code replace}, {@code strip}, {@code lstrip}, {@code rstrip},
 * {@code upper}, {@code lower} and {@code dt.strftime}, as in {@code ts[:23] + ts[26:]}. Anything else is refused when
 * it is read: no program runs here.
 */
public final class TimeExpression {

    private static final int LONGEST = 1_000;

    /** What a part of the expression is worth for a text and a moment. */
    private interface Part extends BiFunction<String, ZonedDateTime, String> {}

    private final String source;
    private int at;
    private final Part whole;

    private TimeExpression(String source) {
        this.source = source;
        this.whole = sum();
        require(at == source.length(), "cannot go on with '" + source.substring(at) + "'");
    }

    /** @throws IllegalArgumentException when it is not an expression of the kind above; the message says where */
    public static TimeExpression of(String source) {
        if (source.length() > LONGEST) {
            throw new IllegalArgumentException("is longer than " + LONGEST + " characters");
        }
        return new TimeExpression(source.strip());
    }

    /** @throws java.time.DateTimeException when the text is too short for an index */
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
                part = method(part, word());
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
        if (next() == '\'' || next() == '"') {
            String text = text();
            return (ts, dt) -> text;
        }
        String name = word();
        if (name.equals("ts")) {
            return (ts, dt) -> ts;
        }
        require(
                name.equals("dt") && take(".strftime("),
                "knows the names ts and dt.strftime('...') only, not '" + name + "'");
        String format = text();
        expect(")");
        return (ts, dt) -> Strftime.format(dt, format);
    }

    private Part slice(Part part) {
        Integer from = number();
        if (!take(":")) {
            expect("]");
            require(from != null, "needs a number between [ and ]");
            return (ts, dt) -> at(part.apply(ts, dt), from);
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

    private static String at(String text, int index) {
        int i = index < 0 ? index + text.length() : index;
        if (i < 0 || i >= text.length()) {
            throw new java.time.DateTimeException("the text is too short for index " + index);
        }
        return text.substring(i, i + 1);
    }

    private static int bound(int index, int length) {
        return Math.min(length, Math.max(0, index < 0 ? index + length : index));
    }

    private Part method(Part part, String name) {
        expect("(");
        List<String> arguments = new ArrayList<>();
        while (next() == '\'' || next() == '"') {
            arguments.add(text());
            take(",");
        }
        expect(")");
        String one = arguments.isEmpty() ? " \t\n\r\f" : arguments.get(0);
        if (name.equals("replace") && arguments.size() == 2) {
            return (ts, dt) -> part.apply(ts, dt).replace(one, arguments.get(1));
        }
        require(
                arguments.isEmpty() || name.endsWith("strip") && arguments.size() == 1,
                "'" + name + "' has other arguments");
        return switch (name) {
            case "strip" -> (ts, dt) -> stripped(part.apply(ts, dt), one, true, true);
            case "lstrip" -> (ts, dt) -> stripped(part.apply(ts, dt), one, true, false);
            case "rstrip" -> (ts, dt) -> stripped(part.apply(ts, dt), one, false, true);
            case "upper" -> (ts, dt) -> part.apply(ts, dt).toUpperCase(java.util.Locale.ROOT);
            case "lower" -> (ts, dt) -> part.apply(ts, dt).toLowerCase(java.util.Locale.ROOT);
            default -> throw new IllegalArgumentException("the method '" + name + "' is not known here");
        };
    }

    private static String stripped(String text, String characters, boolean left, boolean right) {
        int start = 0;
        int end = text.length();
        while (left && start < end && characters.indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        while (right && end > start && characters.indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return text.substring(start, end);
    }

    private char next() {
        while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
            at++;
        }
        return at < source.length() ? source.charAt(at) : 0;
    }

    private boolean take(String token) {
        next();
        if (source.startsWith(token, at)) {
            at += token.length();
            next();
            return true;
        }
        return false;
    }

    private void expect(String token) {
        require(take(token), "needs '" + token + "' after '" + source.substring(0, at) + "'");
    }

    private String word() {
        next();
        int start = at;
        while (at < source.length() && (Character.isLetterOrDigit(source.charAt(at)) || source.charAt(at) == '_')) {
            at++;
        }
        return source.substring(start, at);
    }

    private Integer number() {
        boolean negative = take("-");
        String digits = word();
        if (digits.isEmpty()) {
            require(!negative, "needs a number after '-'");
            return null;
        }
        require(digits.matches("\\d{1,6}"), "needs a number in place of '" + digits + "'");
        return Integer.parseInt(digits) * (negative ? -1 : 1);
    }

    private String text() {
        char quote = next();
        require(quote == '\'' || quote == '"', "needs a text in quotes");
        int end = source.indexOf(quote, at + 1);
        require(end > 0, "has a text without its closing quote");
        String text = source.substring(at + 1, end);
        require(text.indexOf('\\') < 0, "a backslash in a text is not supported");
        at = end + 1;
        next();
        return text;
    }

    private static void require(boolean condition, String reason) {
        if (!condition) {
            throw new IllegalArgumentException(reason);
        }
    }
}
