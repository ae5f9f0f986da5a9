package serai.load;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rows of a report by their day in the source's zone: how many, a hash of them, and the newest event time. The hash
 * does not depend on the order: two loads of the same rows have the same totals. Memory grows with the days of the
 * window, not with the rows.
 */
final class WindowTotals {

    private static final long SECONDS_OF_DAY = 86_400;

    private final ReportColumn window;
    private final TimestampParser time;
    private final String advice;
    private final ZoneId zone;
    private final LocalDate firstDay;
    private final LocalDate endDay;
    private final long first;
    private final long[] rows;
    private final long[] hashes;
    private long newest = Long.MIN_VALUE;

    /** @param advice what to do when the report has rows outside the window */
    WindowTotals(ImportRun run, ReportTable table, String advice) {
        this.window = table.window();
        this.time = table.windowFormat().time();
        this.advice = advice;
        this.zone = run.zone();
        this.firstDay = run.firstDay();
        this.endDay = run.endDay();
        this.first = firstDay.toEpochDay();
        int days = Math.toIntExact(endDay.toEpochDay() - first);
        this.rows = new long[days];
        this.hashes = new long[days];
    }

    /** The rows of one day. */
    record DayTotal(long rows, long hash) {

        static final DayTotal NONE = new DayTotal(0, 0);
    }

    /**
     * Adds the row whose window column was written last.
     *
     * @param line the row's line, for the message
     * @throws ReportHeldException when its day is outside the window that the run asked for
     */
    void add(long line, long hash) throws ReportHeldException {
        long seconds = localSeconds();
        long day = Math.floorDiv(seconds, SECONDS_OF_DAY);
        long i = day - first;
        if (i < 0 || i >= rows.length) {
            throw new ReportHeldException("Line " + line + ": " + window.name() + " is of "
                    + LocalDate.ofEpochDay(day) + ", outside the window asked for, " + firstDay + " to " + endDay
                    + " (exclusive). " + advice);
        }
        rows[(int) i]++;
        hashes[(int) i] += hash;
        newest = Math.max(newest, seconds);
    }

    /** The day of the row whose window column was written last. */
    LocalDate lastDay() {
        return LocalDate.ofEpochDay(Math.floorDiv(localSeconds(), SECONDS_OF_DAY));
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

    /** The days that have rows. */
    Map<LocalDate, DayTotal> days() {
        Map<LocalDate, DayTotal> days = new TreeMap<>();
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] > 0) {
                days.put(firstDay.plusDays(i), new DayTotal(rows[i], hashes[i]));
            }
        }
        return days;
    }

    /** The newest event time, or null when there is no row. */
    Instant newest() {
        return newest == Long.MIN_VALUE
                ? null
                : LocalDateTime.ofEpochSecond(newest, 0, ZoneOffset.UTC)
                        .atZone(zone)
                        .toInstant();
    }
}
