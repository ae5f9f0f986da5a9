package serai.watch.rule;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands behind the colon in Python's format language: {@code [[fill]align][sign][#][0][width][grouping][.precision][type]}. */
public record FormatSpec(char fill, char align, String sign, boolean alternate, int width, String grouping, int precision, char type) {

    private static final Pattern SPEC = Pattern.compile(
            "(?:(.)?([<>=^]))?([-+ ])?z?(#)?(0)?(\\d{1,4})?([,_])?(?:\\.(\\d{1,4}))?([bcdeEfFgGnosxX%])?", Pattern.DOTALL);
    private static final char NONE = 0;

    public static FormatSpec of(String text) {
        Matcher m = SPEC.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException("':" + text + "' is not a format that Python knows");
        }
        boolean zero = m.group(5) != null;
        return new FormatSpec(m.group(1) != null ? m.group(1).charAt(0) : zero ? '0' : ' ',
                m.group(2) != null ? m.group(2).charAt(0) : zero ? '=' : NONE,
                m.group(3) == null ? "-" : m.group(3), m.group(4) != null,
                m.group(6) == null ? 0 : Integer.parseInt(m.group(6)), m.group(7) == null ? "" : m.group(7),
                m.group(8) == null ? -1 : Integer.parseInt(m.group(8)), m.group(9) == null ? NONE : m.group(9).charAt(0));
    }

    /** Formats a value; one that the format does not fit (a text where a number is expected) is printed plain: the alert must go out. */
    public String format(Object value) {
        boolean plain = equals(of(""));
        if (value instanceof Number || value instanceof Boolean && !plain) {
            Number number = value instanceof Boolean flag ? Integer.valueOf(flag ? 1 : 0) : (Number) value;
            if (!plain && type != 's') {
                return number(number);
            }
        }
        String text = Python.str(value);
        boolean fits = value instanceof CharSequence && (type == NONE || type == 's');
        return pad("", fits && precision >= 0 && precision < text.length() ? text.substring(0, precision) : text, '<');
    }

    private String number(Number number) {
        boolean whole = number instanceof Integer || number instanceof Long || number instanceof BigInteger;
        BigDecimal value;
        try {
            value = new BigDecimal(number.toString());
        } catch (NumberFormatException notFinite) {
            return pad("", Python.str(number), '>');
        }
        String digits = switch (type) {
            case 'd', 'n', NONE -> whole ? value.abs().toBigInteger().toString() : general(value.abs(), number);
            case 'b', 'o', 'x', 'X' -> based(value.abs().toBigInteger());
            case 'c' -> new String(Character.toChars(value.intValue()));
            case 'e', 'E' -> String.format(Locale.ROOT, "%." + places() + type, value.abs());
            case '%' -> value.abs().movePointRight(2).setScale(places(), RoundingMode.HALF_EVEN).toPlainString() + "%";
            case 'g', 'G' -> significant(value.abs());
            default -> value.abs().setScale(places(), RoundingMode.HALF_EVEN).toPlainString();
        };
        String before = value.signum() < 0 ? "-" : sign.equals("-") ? "" : sign;
        return pad(before, grouping.isEmpty() ? digits : grouped(digits), '>');
    }

    private int places() {
        return precision < 0 ? 6 : precision;
    }

    private String general(BigDecimal value, Number number) {
        if (precision >= 0) {
            return significant(value);
        }
        return Python.str(Math.abs(number.doubleValue()));
    }

    private String based(BigInteger value) {
        int base = type == 'b' ? 2 : type == 'o' ? 8 : 16;
        String digits = (alternate ? "0" + type : "") + value.toString(base);
        return type == 'X' ? digits.toUpperCase(Locale.ROOT) : digits;
    }

    private String significant(BigDecimal value) {
        int digits = Math.max(1, places());
        BigDecimal rounded = value.round(new java.math.MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < digits) {
            BigDecimal stripped = rounded.stripTrailingZeros();
            return stripped.scale() < 0 ? stripped.setScale(0).toPlainString() : stripped.toPlainString();
        }
        String text = String.format(Locale.ROOT, "%." + (digits - 1) + (type == 'G' ? 'E' : 'e'), rounded);
        return text.replaceFirst("\\.?0+([eE])", "$1");
    }

    private String grouped(String digits) {
        Matcher number = Pattern.compile("(\\d+)(.*)", Pattern.DOTALL).matcher(digits);
        return number.matches() ? number.group(1).replaceAll("\\B(?=(\\d{3})+$)", grouping) + number.group(2) : digits;
    }

    private String pad(String before, String text, char usual) {
        int missing = width - before.length() - text.codePointCount(0, text.length());
        if (missing <= 0) {
            return before + text;
        }
        String filling = String.valueOf(fill).repeat(missing);
        return switch (align == NONE || align == '=' && usual == '<' ? usual : align) {
            case '<' -> before + text + filling;
            case '^' -> filling.substring(0, missing / 2) + before + text + filling.substring(missing / 2);
            case '=' -> before + filling + text;
            default -> filling + before + text;
        };
    }
}
