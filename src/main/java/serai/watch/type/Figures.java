package serai.watch.type;

import java.util.List;

/**
 * What a window's entries come to. Whole numbers stay {@link Long} in sum, least and most, as Python keeps them.
 *
 * @param values how many values there are; the others are null when there is none, but for the sum, which is 0
 */
record Figures(long values, Number sum, Number least, Number most) {

    static Figures of(List<Entry> entries) {
        Figures all = new Figures(0, 0L, null, null);
        for (Entry entry : entries) {
            if (entry.values() > 0) {
                all = all.with(entry);
            }
        }
        return all;
    }

    private Figures with(Entry entry) {
        return values == 0
                ? new Figures(entry.values(), entry.sum(), entry.least(), entry.most())
                : new Figures(
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
