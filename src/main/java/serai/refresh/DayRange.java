package serai.refresh;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/** Days of a model's zone: {@code from} inclusive, {@code to} exclusive. {@link ModelWindow} knows their times. */
record DayRange(LocalDate from, LocalDate to) {

    private static final LocalDate FIRST = LocalDate.of(1, 1, 1);

    /** All days before one. */
    static DayRange before(LocalDate day) {
        return new DayRange(FIRST, day);
    }

    /** Joins consecutive days to ranges, oldest first. */
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
