package serai.load;

import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;

/**
 * The number of rows and a hash of them for each day of a window. The hash does not depend on the order: two loads of
 * the same rows have the same totals. Memory grows with the days of the window, not with the rows.
 */
final class DayTotals {

    private final long firstDay;
    private final long[] rows;
    private final long[] hashes;

    /** @param end the day after the window's last */
    DayTotals(LocalDate first, LocalDate end) {
        this.firstDay = first.toEpochDay();
        int days = Math.toIntExact(end.toEpochDay() - firstDay);
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
