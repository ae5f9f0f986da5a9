package serai.watch.python;

import java.math.BigDecimal;

/**
 * A value as a text by which it can be found in a map: scalars that are equal in Python have the same text (5 and 5.0,
 * True and 1), others have not (5 and "5"). Stored state holds these texts, so they must not change.
 */
public final class EqualityKey {

    private EqualityKey() {}

    /** The key of a value; lists and maps are taken as the text that Python prints for them. */
    public static String of(Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Boolean flag) {
            return flag ? "n:1" : "n:0";
        }
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return "n:" + new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
        }
        // PostgreSQL's jsonb refuses the NUL character
        return "s:" + Python.str(value).replace('\0', '\uFFFD');
    }
}
