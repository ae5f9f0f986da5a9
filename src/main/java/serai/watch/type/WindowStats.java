package serai.watch.type;

import java.util.List;

/**
 * What a window's entries come to. Whole numbers stay {@link Long} in sum, least and most, as Python keeps them.
 *
 * @param values how many values there are; the others are null when there is none, but for the sum, which is 0
 */
record WindowStats(long values, Number sum, Number least, Number most) {

    static WindowStats of(List<WindowEntry> entries) {
        WindowStats all = new WindowStats(0, 0L, null, null);
        for (WindowEntry entry : entries) {
            if (entry.values() > 0) {
                all = all.with(entry);
            }
        }
        return all;
    }

    private WindowStats with(WindowEntry entry) {
        return values == 0
                ? new WindowStats(entry.values(), entry.sum(), entry.least(), entry.most())
                : new WindowStats(
                        values + entry.values(),
                        plus(sum, entry.sum()),
                        less(least, entry.least()),
                        greater(most, entry.most()));
    }

    Number mean() {
        return values == 0 ? null : (Number) (sum.doubleValue() / values);
    }

    static Number plus(Number a, Number b) {
        return a instanceof Long x && b instanceof Long y
                ? (Number) (x + y)
                : (Number) (a.doubleValue() + b.doubleValue());
    }

    /** The smaller one, the first of equals. */
    static Number less(Number a, Number b) {
        return b.doubleValue() < a.doubleValue() ? b : a;
    }

    /** The greater one, the first of equals. */
    static Number greater(Number a, Number b) {
        return b.doubleValue() > a.doubleValue() ? b : a;
    }
}
