package serai.refresh;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/** What a model is calculated in: hours, days, weeks from Monday, or months of a zone. */
enum WindowUnit {
    HOUR,
    DAY,
    WEEK,
    MONTH;

    /** The unit as {@code @window} and {@code date_trunc} write it. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the model's column is a {@code date}; else it is a {@code timestamptz}. */
    boolean isDate() {
        return this != HOUR;
    }

    /** When the unit begins that a time is in. */
    Instant start(Instant time, ZoneId zone) {
        ZonedDateTime local = time.atZone(zone);
        if (this == HOUR) {
            return local.truncatedTo(ChronoUnit.HOURS).toInstant();
        }
        ZonedDateTime day = local.toLocalDate().atStartOfDay(zone);
        return switch (this) {
            case WEEK -> startOfDay(day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)), zone);
            case MONTH -> startOfDay(day.withDayOfMonth(1), zone);
            default -> day.toInstant();
        };
    }

    /** When the next unit begins after one that begins at this time. */
    Instant next(Instant start, ZoneId zone) {
        if (this == HOUR) {
            return start.plus(1, ChronoUnit.HOURS);
        }
        ZonedDateTime local = start.atZone(zone);
        return startOfDay(
                switch (this) {
                    case WEEK -> local.plusWeeks(1);
                    case MONTH -> local.plusMonths(1);
                    default -> local.plusDays(1);
                },
                zone);
    }

    private static Instant startOfDay(ZonedDateTime day, ZoneId zone) {
        return day.toLocalDate().atStartOfDay(zone).toInstant();
    }
}
