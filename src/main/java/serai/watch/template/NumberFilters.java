package serai.watch.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import serai.watch.python.PythonNumber;

/** Filters that return numbers, and {@code filesizeformat}. */
final class NumberFilters {

    private static final String[] DECIMAL = {"kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"};
    private static final String[] BINARY = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"};

    /** The most characters of a text that is read as a number. */
    private static final int LONGEST = 4_000;

    private NumberFilters() {}

    static void addTo(Map<String, JinjaFilter.Body> filters) {
        filters.put("int", NumberFilters::whole);
        filters.put("float", NumberFilters::fraction);
        filters.put("abs", (value, arguments) -> absolute(value));
        filters.put("round", NumberFilters::rounded);
        filters.put("filesizeformat", (value, arguments) -> size(number(value), arguments.flag(0, "binary", false)));
    }

    private static Object whole(Object value, Arguments arguments) {
        Object defaultValue = arguments.get(0, "default") == null ? Long.valueOf(0) : arguments.get(0, "default");
        int base = arguments.whole(1, "base", 10);
        if (PythonNumber.isWhole(value)) {
            return PythonNumber.narrow(PythonNumber.toWhole(value));
        }
        try {
            if (value instanceof CharSequence text
                    && text.toString().strip().matches("[+-]?(0[xX])?[0-9a-zA-Z_]{1,4000}")
                    && base >= 2
                    && base <= 36) {
                String digits = text.toString().strip().replace("_", "");
                return PythonNumber.narrow(
                        new BigInteger(base == 16 ? digits.replaceFirst("^([+-]?)0[xX]", "$1") : digits, base));
            }
        } catch (NumberFormatException notOfThatBase) {
            // it may be a fraction
        }
        Object fraction = value instanceof CharSequence || PythonNumber.isNumber(value) ? parsed(value) : null;
        return fraction instanceof Double d && Double.isFinite(d)
                ? PythonNumber.narrow(new BigDecimal(d).toBigInteger())
                : defaultValue;
    }

    private static Object fraction(Object value, Arguments arguments) {
        Object parsed = parsed(value);
        return parsed != null
                ? parsed
                : arguments.get(0, "default") == null ? Double.valueOf(0) : arguments.get(0, "default");
    }

    private static Double parsed(Object value) {
        if (PythonNumber.isNumber(value)) {
            return PythonNumber.toDouble(value);
        }
        String text = value instanceof CharSequence all && all.length() <= LONGEST
                ? all.toString().strip().toLowerCase(Locale.ROOT)
                : "";
        if (text.matches("[+-]?(inf|infinity)")) {
            return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return text.equals("nan")
                ? Double.valueOf(Double.NaN)
                : text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)(e[+-]?\\d+)?") ? Double.valueOf(text) : null;
    }

    private static Object absolute(Object value) {
        if (!PythonNumber.isNumber(value)) {
            throw new RenderException("bad operand type for abs(): '" + Values.typeName(value) + "'");
        }
        return PythonNumber.isWhole(value)
                ? PythonNumber.narrow(PythonNumber.toWhole(value).abs())
                : (Object) Math.abs(PythonNumber.toDouble(value));
    }

    /** Rounds the exact value, half to even, as Python's {@code round()}; the result is a float, like in Jinja. */
    private static Object rounded(Object value, Arguments arguments) {
        String method = arguments.text(1, "method", "common");
        RoundingMode mode = switch (method) {
            case "common" -> RoundingMode.HALF_EVEN;
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> throw new RenderException("method must be common, ceil or floor");
        };
        double number = number(value);
        int digits = Math.max(-400, Math.min(400, arguments.whole(0, "precision", 0)));
        if (!Double.isFinite(number)) {
            return number;
        }
        if (PythonNumber.isWhole(value) && mode == RoundingMode.HALF_EVEN) {
            BigInteger whole = new BigDecimal(PythonNumber.toWhole(value))
                    .setScale(Math.min(0, digits), mode)
                    .toBigInteger();
            return PythonNumber.narrow(whole);
        }
        return new BigDecimal(number).setScale(digits, mode).doubleValue();
    }

    private static double number(Object value) {
        if (value instanceof Undefined undefined) {
            throw undefined.used();
        }
        Double parsed = PythonNumber.isNumber(value) ? Double.valueOf(PythonNumber.toDouble(value)) : null;
        if (parsed == null) {
            throw new RenderException("type " + Values.typeName(value) + " is not a number");
        }
        return parsed;
    }

    private static String size(double bytes, boolean binary) {
        int base = binary ? 1024 : 1000;
        if (bytes == 1) {
            return "1 Byte";
        }
        if (bytes < base) {
            return (long) bytes + " Bytes";
        }
        String[] units = binary ? BINARY : DECIMAL;
        double unit = base;
        int i = 0;
        while (i < units.length - 1 && bytes >= unit * base) {
            unit *= base;
            i++;
        }
        return new BigDecimal(bytes / unit).setScale(1, RoundingMode.HALF_EVEN) + " " + units[i];
    }
}
