package serai.load;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;

/** Whole numbers of 2, 4 or 8 bytes. */
final class IntegerFormat implements FieldFormat {

    private static final String OUT_OF_RANGE = "is out of the range of the column's integers";
    private static final String NOT_WHOLE = "is not a whole number";
    /** Hexadecimal, octal and binary numbers, with underscores between digits, and spaces around any number. */
    private static final Pattern OTHER_FORM =
            Pattern.compile("\\s*[+-]?(0[xX]_?[0-9a-fA-F]|0[oO]_?[0-7]|0[bB]_?[01]|\\d)[0-9a-fA-F_]*\\s*");

    /** As many digits as always fit a long. */
    private static final int SAFE_DIGITS = 18;

    private final int bits;
    private final long largest;

    IntegerFormat(int bytes) {
        this.bits = bytes * 8;
        this.largest = Long.MAX_VALUE >> (64 - bits);
    }

    @Override
    public String write(char[] chars, int from, int to, CopyBuffer out) {
        boolean minus = chars[from] == '-';
        int at = minus || chars[from] == '+' ? from + 1 : from;
        if (at == to || to - at > SAFE_DIGITS) {
            return writeUnusual(new String(chars, from, to - from), out);
        }
        long value = 0;
        for (; at < to; at++) {
            int digit = chars[at] - '0';
            if (digit < 0 || digit > 9) {
                return writeUnusual(new String(chars, from, to - from), out);
            }
            value = value * 10 + digit;
        }
        if (value > largest && !(minus && value == largest + 1)) {
            return OUT_OF_RANGE;
        }
        out.writeAscii(chars, from, to);
        return null;
    }

    /** {@code 12.0} and {@code 1.0E10} are whole numbers too: some sources print what their database driver gave. */
    private String writeUnusual(String text, CopyBuffer out) {
        if (!NumericFormat.NUMBER.matcher(text).matches()) {
            return OTHER_FORM.matcher(text).matches()
                    ? ServerFormat.judge(text.toCharArray(), 0, text.length(), out)
                    : NOT_WHOLE;
        }
        try {
            BigDecimal number = new BigDecimal(text);
            if (Math.abs(number.precision() - (long) number.scale()) > 20) {
                return OUT_OF_RANGE;
            }
            BigInteger value = number.toBigIntegerExact();
            if (value.bitLength() > bits - 1) {
                return OUT_OF_RANGE;
            }
            out.writeAscii(value.toString());
            return null;
        } catch (ArithmeticException e) {
            return NOT_WHOLE;
        }
    }
}
