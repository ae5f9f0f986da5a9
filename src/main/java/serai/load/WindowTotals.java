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
    /** The offset of a zone that has only one; otherwise null. */
    private final ZoneOffset fixedOffset;

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
        this.fixedOffset = zone.normalized() instanceof ZoneOffset fixed ? fixed : null;
        this.firstDay = run.firstDay();
        this.endDay = run.endDay();
        this.first = firstDay.toEpochDay();
        int days = Math.toIntExact(endDay.toEpochDay() - first);
        this.rows = new long[days];
        this.hashes = new long[days];
    }

    /** Takes over what was counted before, in another object for the same window. */
    void restore(Map<LocalDate, DayTotal> days, Instant newestRow) {
        days.forEach((day, total) -> {
            int i = Math.toIntExact(day.toEpochDay() - first);
            rows[i] = total.rows();
            hashes[i] = total.hash();
        });
        if (newestRow != null) {
            newest = newestRow.atZone(zone).toLocalDateTime().toEpochSecond(ZoneOffset.UTC);
        }
    }

    /** The rows of one day. */
    record DayTotal(long rows, long hash) {

        static final DayTotal NONE = new DayTotal(0, 0);
    }

    /**
     * Adds the row whose window column was written last.
     *
     * @param line the row's line, for the message
     * @return the row's day, counted from the window's first
     * @throws ReportHeldException when its day is outside the window that the run asked for, or was counted in another
     *     zone
     */
    int add(long line, long hash) throws ReportHeldException {
        requireZone(line);
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
        return (int) i;
    }

    /** An offset that is not the zone's shows that the source counts its days in another zone. */
    private void requireZone(long line) throws ReportHeldException {
        if (time.hasOffset()) {
            ZoneOffset expected = offset(time.localSeconds() - time.offsetSeconds());
            if (expected.getTotalSeconds() != time.offsetSeconds()) {
                throw new ReportHeldException("Line " + line + ": " + window.name() + " has the offset "
                        + ZoneOffset.ofTotalSeconds(time.offsetSeconds()) + ", where the route's zone, " + zone
                        + ", has "
                        + printed(expected)
                        + ": the source counts its days in another time zone. Set 'zone' of the route to"
                        + " that one, a region such as Europe/London.");
            }
        }
    }

    private static String printed(ZoneOffset offset) {
        return offset.equals(ZoneOffset.UTC) ? "+00:00" : offset.getId();
    }

    /** The zone's offset at an instant, in seconds since 1970. */
    private ZoneOffset offset(long instant) {
        return zone instanceof ZoneOffset fixed ? fixed : zone.getRules().getOffset(Instant.ofEpochSecond(instant));
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
        return instant + offset(instant).getTotalSeconds();
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
