package serai.load.ga4;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** For how long the numbers of one row are: users of a week are not the sum of those of its days. */
enum Ga4Period {
    DAY,
    WEEK,
    MONTH;

    /**
     * One request.
     *
     * @param first the day of its rows
     * @param last included
     */
    record Range(LocalDate first, LocalDate last) {}

    /** @throws IllegalArgumentException when there is none of this name */
    static Ga4Period of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /**
     * Those that begin in a window of days, the last one up to the window's end. A week begins on Monday.
     *
     * @param end excluded
     */
    List<Range> in(LocalDate from, LocalDate end) {
        List<Range> ranges = new ArrayList<>();
        for (LocalDate first = firstOnOrAfter(from); first.isBefore(end); first = next(first)) {
            LocalDate next = next(first);
            ranges.add(new Range(first, (next.isBefore(end) ? next : end).minusDays(1)));
        }
        return ranges;
    }

    private LocalDate firstOnOrAfter(LocalDate day) {
        return switch (this) {
            case DAY -> day;
            case WEEK -> day.with(TemporalAdjusters.nextOrSame(DayOfWeek.MONDAY));
            case MONTH -> day.getDayOfMonth() == 1 ? day : day.with(TemporalAdjusters.firstDayOfNextMonth());
        };
    }

    private LocalDate next(LocalDate first) {
        return switch (this) {
            case DAY -> first.plusDays(1);
            case WEEK -> first.plusWeeks(1);
            case MONTH -> first.plusMonths(1);
        };
    }
}
