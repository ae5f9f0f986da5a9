package serai.refresh;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/** Days from {@code from} up to and without {@code to}. */
record DayRange(LocalDate from, LocalDate to) {

    /** The days as ranges without gaps, oldest first. */
    static List<DayRange> coalesce(SortedSet<LocalDate> days) {
        List<DayRange> ranges = new ArrayList<>();
        LocalDate from = null;
        LocalDate to = null;
        for (LocalDate day : days) {
            if (!day.equals(to)) {
                if (from != null) {
                    ranges.add(new DayRange(from, to));
                }
                from = day;
            }
            to = day.plusDays(1);
        }
        if (from != null) {
            ranges.add(new DayRange(from, to));
        }
        return ranges;
    }
}
