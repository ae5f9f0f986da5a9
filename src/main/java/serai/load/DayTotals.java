package serai.load;

import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rows and an order-free hash for each day of a window: two loads of the same rows, in whatever order, have the same
 * totals. The days of a window lie in an array, so memory does not grow with rows.
 */
final class DayTotals {

    private final long firstDay;
    private final long[] rows;
    private final long[] hashes;

    /** @param first the window's first day; {@code days} its length in days */
    DayTotals(LocalDate first, int days) {
        this.firstDay = first.toEpochDay();
        this.rows = new long[days];
        this.hashes = new long[days];
    }

    void add(long epochDay, long hash) {
        int i = (int) (epochDay - firstDay);
        rows[i]++;
        hashes[i] += hash;
    }

    /** A day's rows and hash. */
    record Total(long rows, long hash) {

        static final Total NONE = new Total(0, 0);
    }

    /** The days that have rows. */
    Map<LocalDate, Total> totals() {
        Map<LocalDate, Total> totals = new TreeMap<>();
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] > 0) {
                totals.put(LocalDate.ofEpochDay(firstDay + i), new Total(rows[i], hashes[i]));
            }
        }
        return totals;
    }
}
