package serai.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/**
 * A column of the table that a report fills: checks each value as PostgreSQL's own input function would, because one
 * value that COPY refuses would refuse them all, and writes it for COPY. Not thread-safe.
 */
final class ReportColumn {

    /** What the decoder puts for bytes that are not UTF-8: a code point that Unicode keeps out of text. */
    static final char NOT_UTF8 = '\uFDD0';

    private static final Pattern UUID_TEXT = Pattern.compile("(?i)[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}");
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,4})?");
    /** What jsonb refuses of JSON that is well-formed: NUL, half a surrogate pair, numbers of 10^10000 and more. */
    private static final Pattern JSON_NOT_KEPT =
            Pattern.compile("\\\\u0000|\\\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\\\u[dD][c-fC-F])"
                    + "|(?<!\\\\u[dD][89abAB][0-9a-fA-F]{2})\\\\u[dD][c-fC-F]|[eE][+-]?\\d{5}");

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final String name;
    private final ColumnType type;
    private final int size;
    private final int precision;
    private final int scale;
    private final boolean required;
    private final boolean emptyIsText;
    private final ZoneId zone;
    private final TimestampParser moment = new TimestampParser();
    private final long largest;

    /**
     * @param size bytes of an integer, characters of a limited text, 0 for no limit
     * @param precision of a numeric, 0 for no limit
     * @param required NULL is not allowed
     * @param emptyIsText an empty field is the empty text and not NULL
     * @param zone of times that come without an offset
     */
    ReportColumn(
            String name,
            ColumnType type,
            int size,
            int precision,
            int scale,
            boolean required,
            boolean emptyIsText,
            ZoneId zone) {
        this.name = name;
        this.type = type;
        this.size = size;
        this.precision = precision;
        this.scale = scale;
        this.required = required;
        this.emptyIsText = emptyIsText;
        this.zone = zone;
        this.largest = size == 2 ? Short.MAX_VALUE : size == 4 ? Integer.MAX_VALUE : Long.MAX_VALUE;
    }

    String name() {
        return name;
    }

    ColumnType type() {
        return type;
    }

    /** The moment that {@link #write} read last, for a column of dates or times. */
    TimestampParser moment() {
        return moment;
    }

    /** Writes a field, or says in a phrase, without the value, why it does not fit; null when it fits. */
    String write(CsvRecord row, int field, CopyBuffer out) {
        char[] chars = row.chars();
        int from = row.start(field);
        int to = row.end(field);
        if (from == to && !(emptyIsText && type == ColumnType.TEXT)) {
            if (required) {
                return "is empty, and the column must have a value";
            }
            out.nothing();
            return null;
        }
        return switch (type) {
            case INTEGER -> integer(chars, from, to, out);
            case NUMERIC -> numeric(chars, from, to, out);
            case FLOAT -> floating(chars, from, to, out);
            case BOOLEAN -> bool(chars, from, to, out);
            case DATE -> date(chars, from, to, out);
            case TIMESTAMP, TIMESTAMPTZ -> timestamp(chars, from, to, out);
            case TEXT -> text(chars, from, to, out);
            case UUID -> uuid(chars, from, to, out);
            case JSON -> json(chars, from, to, out);
        };
    }

    private String integer(char[] chars, int from, int to, CopyBuffer out) {
        boolean minus = chars[from] == '-';
        int at = minus || chars[from] == '+' ? from + 1 : from;
        if (to - at > 0 && to - at <= 18) {
            long value = 0;
            int i = at;
            while (i < to && chars[i] >= '0' && chars[i] <= '9') {
                value = value * 10 + chars[i++] - '0';
            }
            if (i == to) {
                if (value > largest && !(minus && value == largest + 1)) {
                    return "is out of the range of the column's integers";
                }
                out.ascii(chars, from, to);
                return null;
            }
        }
        return unusualInteger(new String(chars, from, to - from), out);
    }

    /** {@code 12.0} and {@code 1.0E10} are integers too: Metabase prints what the database's driver gave it. */
    private String unusualInteger(String text, CopyBuffer out) {
        if (!NUMBER.matcher(text).matches()) {
            return "is not a whole number";
        }
        try {
            BigDecimal number = new BigDecimal(text);
            if (Math.abs(number.precision() - (long) number.scale()) > 20) {
                return "is out of the range of the column's integers";
            }
            BigInteger value = number.toBigIntegerExact();
            if (value.bitLength() > size * 8 - 1) {
                return "is out of the range of the column's integers";
            }
            out.ascii(value.toString());
            return null;
        } catch (ArithmeticException e) {
            return "is not a whole number";
        }
    }

    private String numeric(char[] chars, int from, int to, CopyBuffer out) {
        int digits = plainDigits(chars, from, to);
        if (digits < 0) {
            String text = new String(chars, from, to - from);
            if (!NUMBER.matcher(text).matches()) {
                return "is not a number";
            }
            BigDecimal number = new BigDecimal(text);
            digits = (int) Math.max(0, (long) number.precision() - number.scale());
            if (number.scale() > 16_000) {
                return "has more decimals than the database can keep";
            }
        }
        int most = precision == 0 ? 100_000 : precision - scale;
        if (digits > most || digits == most && precision > 0 && roundsUp(chars, from, to, most)) {
            return "has more digits than the column's numeric(" + precision + "," + scale + ")";
        }
        out.ascii(chars, from, to);
        return null;
    }

    /** 99.995 in a numeric(4,2) becomes 100.00 and does not fit, though its digits do. */
    private boolean roundsUp(char[] chars, int from, int to, int most) {
        BigDecimal rounded =
                new BigDecimal(new String(chars, from, to - from)).setScale(scale, java.math.RoundingMode.HALF_UP);
        return rounded.signum() != 0 && rounded.precision() - rounded.scale() > most;
    }

    /** Digits before the point, without leading zeros; -1 when it is not written plainly. */
    private static int plainDigits(char[] chars, int from, int to) {
        int at = chars[from] == '-' || chars[from] == '+' ? from + 1 : from;
        int first = at;
        while (at < to && chars[at] == '0') {
            at++;
        }
        int start = at;
        while (at < to && chars[at] >= '0' && chars[at] <= '9') {
            at++;
        }
        int digits = at - start;
        boolean any = at > first;
        if (at < to && chars[at] == '.') {
            int point = ++at;
            while (at < to && chars[at] >= '0' && chars[at] <= '9') {
                at++;
            }
            any = any || at > point;
        }
        return at == to && any ? digits : -1;
    }

    private String floating(char[] chars, int from, int to, CopyBuffer out) {
        if (to - from < 20 && plainDigits(chars, from, to) >= 0) {
            out.ascii(chars, from, to);
            return null;
        }
        return unusualFloating(chars, from, to, out);
    }

    private String unusualFloating(char[] chars, int from, int to, CopyBuffer out) {
        String text = new String(chars, from, to - from);
        if (text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity")) {
            out.ascii(text);
            return null;
        }
        if (!NUMBER.matcher(text).matches()) {
            return "is not a number";
        }
        double value = size == 4 ? Float.parseFloat(text) : Double.parseDouble(text);
        boolean zero = text.split("[eE]")[0].chars().noneMatch(c -> c >= '1' && c <= '9');
        if (Double.isInfinite(value) || value == 0 && !zero) {
            return "is out of the range of the column's floating-point numbers";
        }
        out.ascii(text);
        return null;
    }

    private String bool(char[] chars, int from, int to, CopyBuffer out) {
        if (to - from == 4
                && chars[from] == 't'
                && chars[from + 1] == 'r'
                && chars[from + 2] == 'u'
                && chars[from + 3] == 'e') {
            out.ascii("t");
            return null;
        }
        String text = new String(chars, from, to - from).toLowerCase(java.util.Locale.ROOT);
        switch (text) {
            case "true", "t", "yes", "1" -> out.ascii("t");
            case "false", "f", "no", "0" -> out.ascii("f");
            default -> {
                return "is neither true nor false";
            }
        }
        return null;
    }

    private String date(char[] chars, int from, int to, CopyBuffer out) {
        if (!moment.read(chars, from, to)) {
            return "is not a date (YYYY-MM-DD)";
        }
        if (!moment.isMidnight()) {
            return "has a time of day, and the column is a date";
        }
        out.ascii(chars, from, from + 10);
        return null;
    }

    private String timestamp(char[] chars, int from, int to, CopyBuffer out) {
        if (!moment.read(chars, from, to)) {
            return "is not a date with a time (YYYY-MM-DDThh:mm:ss)";
        }
        if (type == ColumnType.TIMESTAMP && moment.hasOffset()) {
            return "has an offset, and the column has no time zone: make it timestamptz";
        }
        out.ascii(chars, from, to);
        if (type == ColumnType.TIMESTAMPTZ && !moment.hasOffset()) {
            out.ascii(moment.hasTime() ? "" : " 00:00");
            out.ascii(zone.equals(ZoneOffset.UTC) ? "Z" : offset());
        }
        return null;
    }

    private String offset() {
        return zone.getRules()
                .getOffset(LocalDateTime.ofEpochSecond(moment.localSeconds(), 0, ZoneOffset.UTC))
                .getId();
    }

    private String text(char[] chars, int from, int to, CopyBuffer out) {
        for (int i = from; i < to; i++) {
            char c = chars[i];
            if (c == 0) {
                return "holds a NUL character, which the database cannot keep";
            }
            if (c >= '\uD800' && (c == NOT_UTF8 || Character.isSurrogate(c) && !isPair(chars, i, from, to))) {
                return "holds bytes that are not UTF-8";
            }
        }
        if (size > 0 && to - from > size && Character.codePointCount(chars, from, to - from) > size) {
            return "is longer than the column's " + size + " characters";
        }
        out.text(chars, from, to);
        return null;
    }

    private static boolean isPair(char[] chars, int at, int from, int to) {
        return Character.isHighSurrogate(chars[at])
                ? at + 1 < to && Character.isLowSurrogate(chars[at + 1])
                : at > from && Character.isHighSurrogate(chars[at - 1]);
    }

    private String uuid(char[] chars, int from, int to, CopyBuffer out) {
        String text = new String(chars, from, to - from);
        if (!UUID_TEXT.matcher(text).matches()) {
            return "is not a UUID";
        }
        out.ascii(text);
        return null;
    }

    private String json(char[] chars, int from, int to, CopyBuffer out) {
        String text = new String(chars, from, to - from);
        try {
            if (JSON.readTree(text).isMissingNode()) {
                return "is not JSON";
            }
        } catch (JsonProcessingException e) {
            return "is not JSON";
        }
        if (JSON_NOT_KEPT.matcher(text).find()) {
            return "holds a character or a number that the database cannot keep";
        }
        return text(chars, from, to, out);
    }
}
