package serai.watch.python;

import java.math.BigDecimal;

/**
 * A query key's value as one key of a map: values that Python holds for equal are equal (5 and 5.0, True and 1; not 5
 * and "5").
 */
public final class KeyValue {

    private KeyValue() {}

    public static String of(Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Boolean flag) {
            return flag ? "n:1" : "n:0";
        }
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            BigDecimal plain = new BigDecimal(number.toString()).stripTrailingZeros();
            return "n:" + plain.toPlainString();
        }
        // PostgreSQL's jsonb takes no NUL
        return "s:" + Python.str(value).replace('\0', '\uFFFD');
    }
}
