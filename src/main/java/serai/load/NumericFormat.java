package serai.load;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/** Numbers of the type {@code numeric}, with or without a limit. */
final class NumericFormat implements FieldFormat {

    /** What the server reads as a number, apart from {@code NaN} and infinities. */
    static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,4})?");

    /** Other forms of numbers: words, other bases, underscores, spaces around, large exponents. */
    static final Pattern OTHER_FORM =
            Pattern.compile("(?i)\\s*[+-]?(nan|inf|infinity|0[xob]_?[0-9a-f][0-9a-f_]*([.]?[0-9a-f]*p[+-]?\\d+)?"
                    + "|(\\d[\\d_]*[.]?[\\d_]*|[.]\\d[\\d_]*)(e[+-]?\\d[\\d_]*)?)\\s*");

    private static final int MAX_DIGITS = 131_072;
    private static final int MAX_DECIMALS = 16_383;

    private final boolean limited;
    private final int precision;
    private final int scale;

    private NumericFormat(boolean limited, int precision, int scale) {
        this.limited = limited;
        this.precision = precision;
        this.scale = scale;
    }

    /** @param modifier {@code pg_attribute.atttypmod}: 4 more than 16 bits of precision and 11 of scale, or -1 */
    static NumericFormat of(int modifier) {
        int bits = modifier - 4;
        return modifier < 0
                ? new NumericFormat(false, 0, 0)
                : new NumericFormat(true, bits >> 16 & 0xffff, (bits & 0x7ff ^ 1024) - 1024);
    }

    @Override
    public String write(char[] chars, int from, int to, CopyBuffer out) {
        int digits = plainDigits(chars, from, to);
        if (digits < 0) {
            String text = new String(chars, from, to - from);
            if (!NUMBER.matcher(text).matches()) {
                return OTHER_FORM.matcher(text).matches()
                        ? ServerFormat.judge(chars, from, to, out)
                        : "is not a number";
            }
            BigDecimal number = new BigDecimal(text);
            digits = (int) Math.max(0, (long) number.precision() - number.scale());
            if (!limited && number.scale() > MAX_DECIMALS) {
                return "has more decimals than the database can keep";
            }
        }
        if (!limited && digits > MAX_DIGITS) {
            return "has more digits than the database can keep";
        }
        if (limited && digits >= precision - scale && !fits(new String(chars, from, to - from))) {
            return "has more digits than the column's numeric(" + precision + "," + scale + ")";
        }
        out.writeAscii(chars, from, to);
        return null;
    }

    /** The server rounds first: 99.995 in a numeric(4,2) becomes 100.00 and does not fit. */
    private boolean fits(String text) {
        BigDecimal rounded = new BigDecimal(text).setScale(scale, RoundingMode.HALF_UP);
        return rounded.signum() == 0 || rounded.precision() - rounded.scale() <= precision - scale;
    }

    /**
     * Digits before the point, without leading zeros; -1 for a text that is not plain digits with at most one point.
     */
    static int plainDigits(char[] chars, int from, int to) {
        int first = chars[from] == '-' || chars[from] == '+' ? from + 1 : from;
        int start = first;
        while (start < to && chars[start] == '0') {
            start++;
        }
        int point = skipDigits(chars, start, to);
        if (point == to) {
            return point > first ? point - start : -1;
        }
        int end = chars[point] == '.' ? skipDigits(chars, point + 1, to) : point;
        boolean anyDigit = point > first || end > point + 1;
        return end == to && anyDigit ? point - start : -1;
    }

    private static int skipDigits(char[] chars, int from, int to) {
        int at = from;
        while (at < to && chars[at] >= '0' && chars[at] <= '9') {
            at++;
        }
        return at;
    }
}
