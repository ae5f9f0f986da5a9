package serai.load;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Finds the day of each row of a report in the source's zone, and the newest event time of all rows. */
final class RowTimes {

    private static final long SECONDS_OF_DAY = 86_400;

    private final ReportColumn window;
    private final TimestampParser time;
    private final ZoneId zone;
    private final LocalDate firstDay;
    private final LocalDate endDay;
    private final long first;
    private final long end;
    private final String advice;
    private long newest = Long.MIN_VALUE;

    /** @param advice what to do when the report has rows outside the window */
    RowTimes(ImportRun run, ReportTable table, String advice) {
        this.window = table.window();
        this.time = table.windowFormat().time();
        this.zone = run.zone();
        this.firstDay = run.firstDay();
        this.endDay = run.endDay();
        this.first = firstDay.toEpochDay();
        this.end = endDay.toEpochDay();
        this.advice = advice;
    }

    /**
     * The day of the row whose window column was written last, in days since 1970-01-01.
     *
     * @param line the row's line, for the message
     * @throws ReportHeldException when it is outside the window that the run asked for
     */
    long day(long line) throws ReportHeldException {
        long seconds = localSeconds();
        long day = Math.floorDiv(seconds, SECONDS_OF_DAY);
        if (day < first || day >= end) {
            throw new ReportHeldException("Line " + line + ": " + window.name() + " is of "
                    + LocalDate.ofEpochDay(day) + ", outside the window asked for, " + firstDay + " to " + endDay
                    + " (exclusive). " + advice);
        }
        newest = Math.max(newest, seconds);
        return day;
    }

    private long localSeconds() {
        if (!time.hasOffset()) {
            return time.localSeconds();
        }
        long instant = time.localSeconds() - time.offsetSeconds();
        return zone.equals(ZoneOffset.UTC)
                ? instant
                : instant
                        + zone.getRules()
                                .getOffset(Instant.ofEpochSecond(instant))
                                .getTotalSeconds();
    }

    /** The newest event time, or null when there was no row. */
    Instant newest() {
        return newest == Long.MIN_VALUE
                ? null
                : LocalDateTime.ofEpochSecond(newest, 0, ZoneOffset.UTC)
                        .atZone(zone)
                        .toInstant();
    }
}
