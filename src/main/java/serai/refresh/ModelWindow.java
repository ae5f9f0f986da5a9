package serai.refresh;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * The days of a model that is written day by day: {@code @window COLUMN by day from RELATION.SOURCE_COLUMN zone ZONE
 * keep DAYSd}.
 *
 * @param column the model's column of days
 * @param relation the input whose first row is the model's first day
 * @param sourceColumn the input's column of time
 * @param zone the zone in which a day starts and ends
 * @param keepDays how many days the table keeps, today among them; null for all
 */
record ModelWindow(String column, String relation, String sourceColumn, ZoneId zone, Integer keepDays) {

    LocalDate dayOf(Instant instant) {
        return instant.atZone(zone).toLocalDate();
    }

    Instant startOf(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }

    /** The first day that the table keeps. */
    LocalDate firstKept(LocalDate today) {
        return keepDays == null ? LocalDate.MIN : today.minusDays(keepDays - 1L);
    }
}
