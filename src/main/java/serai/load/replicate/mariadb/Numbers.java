package serai.load.replicate.mariadb;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Writes floating-point numbers as PostgreSQL does: the fewest digits from which the number can be read again. */
final class Numbers {

    private static final int FLOAT_DIGITS = 6;
    private static final int DOUBLE_DIGITS = 15;

    private Numbers() {}

    static String text(float number) {
        BigDecimal digits = new BigDecimal(Float.toString(number));
        for (BigDecimal shorter = shorter(digits);
                shorter != null && shorter.floatValue() == number;
                shorter = shorter(digits)) {
            digits = shorter;
        }
        return written(digits, FLOAT_DIGITS, 1 / number < 0);
    }

    static String text(double number) {
        BigDecimal digits = new BigDecimal(Double.toString(number));
        for (BigDecimal shorter = shorter(digits);
                shorter != null && shorter.doubleValue() == number;
                shorter = shorter(digits)) {
            digits = shorter;
        }
        return written(digits, DOUBLE_DIGITS, 1 / number < 0);
    }

    /** Java before 19 may write more digits than are needed. */
    private static BigDecimal shorter(BigDecimal digits) {
        BigDecimal stripped = digits.stripTrailingZeros();
        return stripped.precision() == 1
                ? null
                : stripped.round(new MathContext(stripped.precision() - 1, RoundingMode.HALF_EVEN));
    }

    /** @param places of numbers that are written without an exponent */
    private static String written(BigDecimal number, int places, boolean negative) {
        BigDecimal digits = number.stripTrailingZeros();
        if (digits.signum() == 0) {
            return negative ? "-0" : "0";
        }
        int exponent = digits.precision() - digits.scale() - 1;
        if (exponent >= -4 && exponent < places) {
            return digits.toPlainString();
        }
        String unscaled = digits.unscaledValue().abs().toString();
        String fraction = unscaled.length() == 1 ? "" : "." + unscaled.substring(1);
        String power = (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
        return (digits.signum() < 0 ? "-" : "") + unscaled.charAt(0) + fraction + "e" + power;
    }
}
