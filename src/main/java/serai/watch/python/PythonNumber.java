package serai.watch.python;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/** Python's numbers: {@code int} without bounds, {@code float}, and {@code bool}, which is an int of 0 or 1. */
public final class PythonNumber {

    /** A double needs at most this many digits to be read back as itself. */
    private static final int MOST_DIGITS = 17;

    private PythonNumber() {}

    /** Whether a value is an int, a float or a bool. */
    public static boolean isNumber(Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    /** Whether a value is an int or a bool. */
    public static boolean isWhole(Object value) {
        return value instanceof Long
                || value instanceof Integer
                || value instanceof BigInteger
                || value instanceof Boolean
                || value instanceof Short
                || value instanceof Byte;
    }

    /** The value of an int or a bool. */
    public static BigInteger toWhole(Object value) {
        return value instanceof Boolean flag
                ? flag ? BigInteger.ONE : BigInteger.ZERO
                : new BigInteger(value.toString());
    }

    /** Python's {@code float()} of a number. */
    public static double toDouble(Object value) {
        return value instanceof Boolean flag ? flag ? 1 : 0 : ((Number) value).doubleValue();
    }

    /** An int as a {@link Long} where it fits, else as a {@link BigInteger}. */
    public static Number narrow(BigInteger value) {
        return value.bitLength() < 64 ? (Number) value.longValue() : value;
    }

    /** Compares two numbers exactly: a large int is not rounded to a float first. */
    public static int compare(Object left, Object right) {
        if (isWhole(left) && isWhole(right)) {
            return toWhole(left).compareTo(toWhole(right));
        }
        double a = toDouble(left);
        double b = toDouble(right);
        return Double.isFinite(a) && Double.isFinite(b) ? exact(left).compareTo(exact(right)) : Double.compare(a, b);
    }

    private static BigDecimal exact(Object value) {
        return isWhole(value) ? new BigDecimal(toWhole(value)) : new BigDecimal(toDouble(value));
    }

    static String repr(Number number) {
        return number instanceof Double || number instanceof Float || number instanceof BigDecimal
                ? repr(number.doubleValue())
                : number.toString();
    }

    /** The fewest digits that are read back as the same number; {@link Double#toString} before JDK 19 prints more. */
    private static String repr(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        BigDecimal shortest = shortest(number);
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            return shortest.scale() <= 0 ? shortest.toBigInteger() + ".0" : shortest.toPlainString();
        }
        return scientific(shortest.unscaledValue(), exponent);
    }

    private static BigDecimal shortest(double number) {
        BigDecimal exact = new BigDecimal(number);
        BigDecimal shortest = exact;
        for (int digits = 1; digits <= MOST_DIGITS; digits++) {
            shortest =
                    exact.round(new MathContext(digits, RoundingMode.HALF_EVEN)).stripTrailingZeros();
            if (shortest.doubleValue() == number) {
                break;
            }
        }
        return shortest;
    }

    private static String scientific(BigInteger digits, int exponent) {
        String text = digits.abs().toString();
        String fraction = text.length() > 1 ? "." + text.substring(1) : "";
        return (digits.signum() < 0 ? "-" : "") + text.charAt(0) + fraction + String.format("e%+03d", exponent);
    }
}
