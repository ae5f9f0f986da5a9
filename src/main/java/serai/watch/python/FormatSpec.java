package serai.watch.python;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Python's format specification, the part behind the colon of a replacement field:
 * {@code [[fill]align][sign][z][#][0][width][grouping][.precision][type]}.
 *
 * @param fill the padding character
 * @param align {@code <}, {@code >}, {@code ^} or {@code =}; NUL for the default of the value's type
 * @param sign {@code -}, {@code +} or a space
 * @param noMinusZero {@code z}: a zero has no minus sign
 * @param alternate {@code #}
 * @param width the fewest characters
 * @param grouping {@code ,} or {@code _}, or empty
 * @param precision -1 when it is not given
 * @param type the letter of the type; NUL when it is not given
 */
record FormatSpec(
        String fill,
        char align,
        String sign,
        boolean noMinusZero,
        boolean alternate,
        int width,
        String grouping,
        int precision,
        char type) {

    private static final Pattern SPEC = Pattern.compile(
            "(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\\d{1,4})?([,_])?(?:\\.(\\d{1,4}))?([bcdeEfFgGnosxX%])?",
            Pattern.DOTALL);
    private static final char NONE = 0;

    /** @throws IllegalArgumentException when this is no format of Python, or a width or precision is above 9999 */
    static FormatSpec of(String text) {
        Matcher m = SPEC.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException("':" + text + "' is not a format that Python knows");
        }
        boolean zero = m.group(6) != null;
        return new FormatSpec(
                m.group(1) != null ? m.group(1) : zero ? "0" : " ",
                m.group(2) != null ? m.group(2).charAt(0) : zero ? '=' : NONE,
                m.group(3) == null ? "-" : m.group(3),
                m.group(4) != null,
                m.group(5) != null,
                m.group(7) == null ? 0 : Integer.parseInt(m.group(7)),
                m.group(8) == null ? "" : m.group(8),
                m.group(9) == null ? -1 : Integer.parseInt(m.group(9)),
                m.group(10) == null ? NONE : m.group(10).charAt(0));
    }

    /** Formats a value; one that does not fit (a text where a number is expected) is printed without the format. */
    String format(Object value) {
        boolean plain = equals(of(""));
        boolean number = value instanceof Number || value instanceof Boolean && !plain;
        if (number && !plain && type != 's') {
            return number(value instanceof Boolean flag ? Integer.valueOf(flag ? 1 : 0) : (Number) value);
        }
        String text = Python.str(value);
        boolean fits = value instanceof CharSequence && (type == NONE || type == 's');
        boolean cut = fits && precision >= 0 && precision < PythonText.length(text);
        return pad("", cut ? text.substring(0, text.offsetByCodePoints(0, precision)) : text, '<');
    }

    private String number(Number number) {
        double size = number.doubleValue();
        boolean whole = number instanceof Integer || number instanceof Long || number instanceof BigInteger;
        if (!whole && (Double.isNaN(size) || Double.isInfinite(size))) {
            String text = Python.str(Math.abs(size)) + (type == '%' ? "%" : "");
            return pad(
                    sign(size < 0),
                    type == 'F' || type == 'E' || type == 'G' ? text.toUpperCase(Locale.ROOT) : text,
                    '>');
        }
        // the exact value, not the shortest text for it: the double 2.675 is a little less than 2.675
        boolean exact = whole && ("eEfFgG%".indexOf(type) < 0 || Double.isInfinite(size));
        double scaled = type == '%' ? size * 100 : size;
        BigDecimal value =
                exact ? new BigDecimal(number.toString()) : new BigDecimal(Double.isFinite(scaled) ? scaled : size);
        String digits = digits(value.abs(), whole);
        boolean minus = value.signum() < 0 || !whole && 1 / size < 0;
        boolean negative = minus && !(noMinusZero && digits.chars().noneMatch(c -> c >= '1' && c <= '9'));
        return pad(sign(negative) + prefix(whole), grouping.isEmpty() ? digits : grouped(digits, negative), '>');
    }

    private String sign(boolean negative) {
        return negative ? "-" : sign.equals("-") ? "" : sign;
    }

    private String prefix(boolean whole) {
        return alternate && whole && "boxX".indexOf(type) >= 0 ? "0" + type : "";
    }

    private String digits(BigDecimal value, boolean whole) {
        return switch (type) {
            case 'd' -> value.toBigInteger().toString();
            case 'b', 'o', 'x', 'X' -> based(value.toBigInteger());
            case 'c' ->
                Character.isValidCodePoint(value.intValue())
                        ? Character.toString(value.intValue())
                        : value.toPlainString();
            case 'e', 'E' -> scientific(value, places());
            case 'f', 'F' ->
                pointed(value.setScale(places(), RoundingMode.HALF_EVEN).toPlainString());
            case '%' -> pointed(value.setScale(places(), RoundingMode.HALF_EVEN).toPlainString()) + "%";
            case 'n', NONE ->
                whole ? value.toBigInteger().toString() : type == NONE ? general(value) : significant(value, false);
            default -> significant(value, false);
        };
    }

    /** The alternate form always has a decimal point. */
    private String pointed(String digits) {
        return alternate && digits.indexOf('.') < 0 ? digits + "." : digits;
    }

    private int places() {
        return precision < 0 ? 6 : precision;
    }

    private String general(BigDecimal value) {
        return precision < 0 ? Python.str(value.doubleValue()) : significant(value, true);
    }

    private String based(BigInteger value) {
        String digits = value.toString(type == 'b' ? 2 : type == 'o' ? 8 : 16);
        return type == 'X' ? digits.toUpperCase(Locale.ROOT) : digits;
    }

    private String scientific(BigDecimal value, int places) {
        BigDecimal rounded = value.round(new MathContext(places + 1, RoundingMode.HALF_EVEN));
        return String.format(Locale.ROOT, "%." + places + (type == 'E' || type == 'G' ? 'E' : 'e'), rounded);
    }

    /** @param point whether a number without a fraction gets ".0", like a float without a type */
    private String significant(BigDecimal value, boolean point) {
        int digits = Math.max(1, places());
        BigDecimal rounded = value.round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < (point ? digits - 1 : digits)) {
            BigDecimal stripped =
                    alternate ? rounded.setScale(Math.max(0, digits - 1 - exponent)) : rounded.stripTrailingZeros();
            String text = stripped.scale() < 0 ? stripped.setScale(0).toPlainString() : stripped.toPlainString();
            return point && text.indexOf('.') < 0 ? text + ".0" : pointed(text);
        }
        String text = scientific(rounded, digits - 1);
        return alternate
                ? text
                : text.replaceFirst("(\\.\\d*?)0+([eE])", "$1$2").replaceFirst("\\.([eE])", "$1");
    }

    /** With a separator every three digits, or every four in another base; zeros of the padding are grouped too. */
    private String grouped(String digits, boolean negative) {
        int size = "boxX".indexOf(type) >= 0 && type != NONE ? 4 : 3;
        Matcher number =
                Pattern.compile("([0-9a-fA-F]+?)((?:[.e%].*)?)", Pattern.DOTALL).matcher(digits);
        if (!number.matches()) {
            return digits;
        }
        String whole = number.group(1);
        String grouped = separated(whole, size);
        int available = width - sign(negative).length() - number.group(2).length();
        while (fill.equals("0") && align == '=' && grouped.length() < available) {
            whole = "0" + whole;
            grouped = separated(whole, size);
        }
        return grouped + number.group(2);
    }

    private String separated(String digits, int size) {
        return digits.replaceAll("\\B(?=(.{" + size + "})+$)", grouping);
    }

    private String pad(String before, String text, char defaultAlign) {
        int missing = width - before.length() - PythonText.length(text);
        if (missing <= 0) {
            return before + text;
        }
        return switch (align == NONE || align == '=' && defaultAlign == '<' ? defaultAlign : align) {
            case '<' -> before + text + fill.repeat(missing);
            case '^' -> fill.repeat(missing / 2) + before + text + fill.repeat(missing - missing / 2);
            case '=' -> before + fill.repeat(missing) + text;
            default -> fill.repeat(missing) + before + text;
        };
    }
}
