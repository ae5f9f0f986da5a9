package serai.refresh;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import serai.warehouse.RowRange;
import serai.warehouse.TimeWindow;

/**
 * The days of a model that is written day by day: {@code @window COLUMN by day from RELATION.SOURCE_COLUMN zone ZONE
 * keep DAYSd}.
 *
 * @param column the model's {@code date} column
 * @param relation the input that dates the rows: its first row is in the model's first day
 * @param sourceColumn the input's time or date column
 * @param zone the zone in which a day starts and ends
 * @param keepDays how many days the table keeps, including today; null for all
 */
record ModelWindow(String column, String relation, String sourceColumn, ZoneId zone, Integer keepDays) {

    LocalDate dayOf(Instant instant) {
        return instant.atZone(zone).toLocalDate();
    }

    /** When a day starts in the model's zone. */
    Instant startOf(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }

    /** From the start of the first day to the end of the last. */
    TimeWindow times(DayRange days) {
        return new TimeWindow(startOf(days.from()), startOf(days.to()));
    }

    /** The rows of these days. */
    RowRange rows(DayRange days) {
        return RowRange.ofDays(column, days.from(), days.to());
    }

    /** The first day that the table keeps. */
    LocalDate firstKept(LocalDate today) {
        return keepDays == null ? LocalDate.MIN : today.minusDays(keepDays - 1L);
    }
}
