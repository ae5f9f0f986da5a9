package serai.load.replicate.mapping;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A function of expressions: those that AWS DMS documents, and four of Serai's own from whose result the argument
 * cannot be read back. See {@code docs/reference/aws-dms.md}, "Expressions".
 *
 * @param most how many arguments it takes at most
 * @param hides whether its argument cannot be read back, so that it may be a column that is removed or masked
 * @param random whether its result differs at each call
 */
record SqliteFunction(String name, int least, int most, boolean hides, boolean random, Body body) {

    private static final int MANY = 100;
    private static final int LONGEST_BLOB = 1 << 20;
    private static final String SPACE = " ";
    /** Behind the end of any text. */
    private static final long FAR = 1L << 40;

    private static final Map<String, SqliteFunction> FUNCTIONS = new TreeMap<>();

    /** What a function does. */
    interface Body {
        Object call(Object[] values, SqliteTerm.Scope scope);
    }

    static {
        text("lower", values -> SqliteValues.lower(SqliteValues.text(values[0])), 1, 1);
        text("upper", values -> SqliteValues.upper(SqliteValues.text(values[0])), 1, 1);
        text("ltrim", values -> trim(values, true, false), 1, 2);
        text("rtrim", values -> trim(values, false, true), 1, 2);
        text("trim", values -> trim(values, true, true), 1, 2);
        text("replace", SqliteFunction::replace, 3, 3);
        text("replacechars", SqliteFunction::replaceCharacters, 3, 3);
        text("substr", SqliteFunction::substring, 2, 3);
        add("hex", 1, 1, (values, scope) -> values[0] == null ? "" : hex(SqliteValues.bytes(values[0])));
        text("zeroblob", values -> new byte[blob(values[0], 0)], 1, 1);
        text("abs", values -> absolute(SqliteValues.numberIfWhole(values[0])), 1, 1);
        text("round", SqliteFunction::round, 1, 2);
        text("max", values -> Arrays.stream(values).max(SqliteValues::compare).orElseThrow(), 2, MANY);
        text("min", values -> Arrays.stream(values).min(SqliteValues::compare).orElseThrow(), 2, MANY);
        add("coalesce", 2, MANY, (values, scope) -> firstKnown(values));
        add("ifnull", 2, 2, (values, scope) -> firstKnown(values));
        add("nullif", 2, 2, (values, scope) -> isSame(values[0], values[1]) ? null : values[0]);
        text("hash_sha256", values -> hash(SqliteValues.bytes(values[0])), 1, 1);
        add("date", 0, MANY, (values, scope) -> SqliteTime.format("%Y-%m-%d", values, 0, scope.row()));
        add("time", 0, MANY, (values, scope) -> SqliteTime.format("%H:%M:%S", values, 0, scope.row()));
        add("datetime", 0, MANY, (values, scope) -> SqliteTime.format("%Y-%m-%d %H:%M:%S", values, 0, scope.row()));
        add("julianday", 0, MANY, (values, scope) -> SqliteTime.julianDay(values, 0, scope.row()));
        add(
                "strftime",
                1,
                MANY,
                (values, scope) -> values[0] == null
                        ? null
                        : SqliteTime.format(SqliteValues.text(values[0]), values, 1, scope.row()));
        random("random", 0, values -> ThreadLocalRandom.current().nextLong());
        random("randomblob", 1, values -> {
            byte[] bytes = new byte[blob(values[0], 1)];
            ThreadLocalRandom.current().nextBytes(bytes);
            return bytes;
        });
        hiding("email_domain", values -> SqliteFunction.emailDomain(SqliteValues.text(values[0])), true);
        hiding("length", values -> length(values[0]), true);
        hiding("is_null", values -> SqliteValues.of(values[0] == null), false);
        FUNCTIONS.put(
                "x_hash_salted",
                new SqliteFunction(
                        "x_hash_salted",
                        1,
                        1,
                        true,
                        false,
                        (values, scope) -> values[0] == null ? null : scope.saltedHash(sourceText(values[0]))));
    }

    private static String sourceText(Object value) {
        return value instanceof byte[] bytes ? "\\x" + HexFormat.of().formatHex(bytes) : SqliteValues.text(value);
    }

    private interface OfValues {
        Object call(Object[] values);
    }

    private static void add(String name, int least, int most, Body body) {
        FUNCTIONS.put(name, new SqliteFunction(name, least, most, false, false, body));
    }

    /** A function that is NULL when one of its arguments is. */
    private static void text(String name, OfValues body, int least, int most) {
        add(name, least, most, (values, scope) -> hasNull(values) ? null : body.call(values));
    }

    private static void random(String name, int arguments, OfValues body) {
        FUNCTIONS.put(
                name,
                new SqliteFunction(name, arguments, arguments, false, true, (values, scope) -> body.call(values)));
    }

    private static void hiding(String name, OfValues body, boolean nullOfNull) {
        FUNCTIONS.put(
                name,
                new SqliteFunction(
                        name,
                        1,
                        1,
                        true,
                        false,
                        (values, scope) -> nullOfNull && values[0] == null ? null : body.call(values)));
    }

    /** Whether it is about times; without a time, or with 'now', it takes that of the commit. */
    static boolean isOfTime(SqliteFunction function) {
        return List.of("date", "time", "datetime", "julianday", "strftime").contains(function.name());
    }

    static Optional<SqliteFunction> of(String name) {
        return Optional.ofNullable(FUNCTIONS.get(name.toLowerCase(Locale.ROOT)));
    }

    static List<String> names() {
        return List.copyOf(FUNCTIONS.keySet());
    }

    Object call(Object[] values, SqliteTerm.Scope scope) {
        return body.call(values, scope);
    }

    private static boolean hasNull(Object[] values) {
        return Arrays.stream(values).anyMatch(value -> value == null);
    }

    private static Object firstKnown(Object[] values) {
        return Arrays.stream(values).filter(value -> value != null).findFirst().orElse(null);
    }

    private static boolean isSame(Object a, Object b) {
        return a != null && b != null && SqliteValues.compare(a, b) == 0;
    }

    private static String trim(Object[] values, boolean left, boolean right) {
        int[] text = SqliteValues.text(values[0]).codePoints().toArray();
        String set = values.length > 1 ? SqliteValues.text(values[1]) : SPACE;
        int from = 0;
        int to = text.length;
        while (left && from < to && set.indexOf(text[from]) >= 0) {
            from++;
        }
        while (right && from < to && set.indexOf(text[to - 1]) >= 0) {
            to--;
        }
        return new String(text, from, to - from);
    }

    private static Object replace(Object[] values) {
        String old = SqliteValues.text(values[1]);
        return old.isEmpty()
                ? SqliteValues.text(values[0])
                : SqliteValues.text(values[0]).replace(old, SqliteValues.text(values[2]));
    }

    /** A character without a counterpart becomes the first of the new ones; without new ones it goes. */
    private static Object replaceCharacters(Object[] values) {
        int[] old = SqliteValues.text(values[1]).codePoints().toArray();
        int[] fresh = SqliteValues.text(values[2]).codePoints().toArray();
        StringBuilder replaced = new StringBuilder();
        SqliteValues.text(values[0]).codePoints().forEach(c -> {
            int at = IntStream.range(0, old.length)
                    .filter(i -> old[i] == c)
                    .findFirst()
                    .orElse(-1);
            if (at < 0) {
                replaced.appendCodePoint(c);
            } else if (fresh.length > 0) {
                replaced.appendCodePoint(fresh[at < fresh.length ? at : 0]);
            }
        });
        return replaced.toString();
    }

    private static Object substring(Object[] values) {
        long start = bounded(values[1]);
        long count = values.length < 3 ? FAR : bounded(values[2]);
        if (values[0] instanceof byte[] bytes) {
            int[] range = range(start, count, bytes.length);
            return Arrays.copyOfRange(bytes, range[0], range[1]);
        }
        int[] text = SqliteValues.text(values[0]).codePoints().toArray();
        int[] range = range(start, count, text.length);
        return new String(text, range[0], range[1] - range[0]);
    }

    private static long bounded(Object value) {
        return Math.max(-FAR, Math.min(FAR, SqliteValues.whole(value)));
    }

    /** From and to, from 0. A start below 0 counts from the end, a count below 0 takes what is before the start. */
    private static int[] range(long start, long count, int length) {
        long from = start;
        long size = Math.abs(count);
        if (from < 0) {
            from += length;
            if (from < 0) {
                size = Math.max(0, size + from);
                from = 0;
            }
        } else if (from > 0) {
            from--;
        } else if (size > 0) {
            size--;
        }
        if (count < 0) {
            from -= size;
            if (from < 0) {
                size += from;
                from = 0;
            }
        }
        long first = Math.min(from, length);
        return new int[] {(int) first, (int) Math.max(first, Math.min(from + size, length))};
    }

    private static Object absolute(Object value) {
        if (value instanceof Long number && number != Long.MIN_VALUE) {
            return Math.abs(number);
        }
        return value instanceof String || value instanceof byte[]
                ? new BigDecimal("0.0")
                : SqliteValues.decimal(value).abs();
    }

    private static Object round(Object[] values) {
        BigDecimal number = SqliteValues.decimal(SqliteValues.number(values[0]));
        int digits = (int) Math.max(0, Math.min(30, values.length > 1 ? SqliteValues.whole(values[1]) : 0));
        return number.scale() > digits ? number.setScale(digits, RoundingMode.HALF_UP) : asFraction(number);
    }

    private static BigDecimal asFraction(BigDecimal number) {
        return number.scale() <= 0 ? number.setScale(1) : number;
    }

    private static int blob(Object size, int least) {
        long bytes = size == null ? 0 : SqliteValues.whole(size);
        return (int) Math.max(least, Math.min(bytes, LONGEST_BLOB));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().withUpperCase().formatHex(bytes);
    }

    private static String hash(byte[] bytes) {
        return hex(DigestUtils.sha256(bytes));
    }

    private static Object length(Object value) {
        return value instanceof byte[] bytes
                ? Long.valueOf(bytes.length)
                : Long.valueOf(SqliteValues.text(value).codePoints().count());
    }

    /** What follows the last @, in lower case; null when there is no @. */
    private static String emailDomain(String address) {
        int at = address.lastIndexOf('@');
        return at < 0 ? null : address.substring(at + 1).strip().toLowerCase(Locale.ROOT);
    }
}
