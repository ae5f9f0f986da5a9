package serai.refresh;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import serai.warehouse.Relation;
import serai.warehouse.RowRange;
import serai.warehouse.TimeWindow;

/**
 * The units in which a model is calculated: {@code @window COLUMN by UNIT from RELATION.SOURCE_COLUMN zone ZONE keep
 * NUNIT drop ahead Nd}. A unit is known by the time at which it begins.
 *
 * @param column the model's column of the unit: a {@code date}, its first day; for hours a {@code timestamptz}. For an
 *     upsert any date or time, or null
 * @param relation the input that dates the rows
 * @param sourceColumn the input's time or date column
 * @param zone the zone in which a unit starts and ends
 * @param keep how much is kept up to date, with the present unit; null for all. Older units stay as they are
 * @param drop whether older units are deleted
 * @param aheadDays how many days after today rows may be dated
 */
record ModelWindow(
        String column,
        WindowUnit unit,
        String relation,
        String sourceColumn,
        ZoneId zone,
        Amount keep,
        boolean drop,
        int aheadDays) {

    /** So many units, which may be others than those of the window. */
    record Amount(int count, WindowUnit unit) {}

    /** A window of days that keeps all of them. */
    static ModelWindow ofDays(String column, String relation, String sourceColumn, ZoneId zone) {
        return new ModelWindow(column, WindowUnit.DAY, relation, sourceColumn, zone, null, false, 0);
    }

    /** Their length and zone, such as {@code day Europe/London}. */
    String unitsText() {
        return unit.text() + " " + zone;
    }

    /** When the unit begins that a time is in. */
    Instant unitOf(Instant time) {
        return unit.start(time, zone);
    }

    /** When the unit begins that follows one. */
    Instant next(Instant start) {
        return unit.next(start, zone);
    }

    /** The last unit that may have rows at a time. */
    Instant last(Instant now) {
        return unitOf(
                aheadDays == 0 ? now : now.atZone(zone).plusDays(aheadDays).toInstant());
    }

    /** The first unit that is kept up to date. */
    Instant firstKept(Instant now) {
        if (keep == null) {
            return Instant.MIN;
        }
        Instant first = keep.unit().start(now, zone);
        for (int i = 1; i < keep.count(); i++) {
            first = keep.unit().start(first.minusMillis(1), zone);
        }
        return unitOf(first);
    }

    /** The last unit that a change in a unit changes too. */
    Instant reached(Instant start, Amount reach) {
        if (reach == null) {
            return start;
        }
        Instant last = reach.unit().start(start, zone);
        for (int i = 0; i < reach.count(); i++) {
            last = reach.unit().next(last, zone);
        }
        return unitOf(last);
    }

    /** A unit such that no unit before it reaches a given one. */
    Instant reachedFrom(Instant start, Amount reach) {
        Instant first = reach.unit().start(start, zone);
        for (int i = 0; i < reach.count(); i++) {
            first = reach.unit().start(first.minusMillis(1), zone);
        }
        return unitOf(first);
    }

    /** The units that have a part of a day in UTC. */
    List<Instant> unitsOf(LocalDate utcDay) {
        Instant from = utcDay.atStartOfDay(ZoneOffset.UTC).toInstant();
        return unitsBetween(from, from.plus(1, ChronoUnit.DAYS).minusNanos(1));
    }

    /** The units from that of a time to that of another, both included. */
    List<Instant> unitsBetween(Instant first, Instant last) {
        List<Instant> units = new ArrayList<>();
        for (Instant start = unitOf(first); !start.isAfter(last); start = next(start)) {
            units.add(start);
        }
        return units;
    }

    /** The days in UTC that have a part of these units. */
    SortedSet<LocalDate> utcDays(SortedSet<Instant> units) {
        SortedSet<LocalDate> days = new TreeSet<>();
        for (Instant start : units) {
            LocalDate last = LocalDate.ofInstant(next(start).minusNanos(1), ZoneOffset.UTC);
            LocalDate.ofInstant(start, ZoneOffset.UTC)
                    .datesUntil(last.plusDays(1))
                    .forEach(days::add);
        }
        return days;
    }

    /** Joins units that follow each other to ranges, oldest first. */
    List<TimeWindow> ranges(SortedSet<Instant> units) {
        List<TimeWindow> ranges = new ArrayList<>();
        Instant from = null;
        Instant to = null;
        for (Instant start : units) {
            if (!start.equals(to)) {
                if (from != null) {
                    ranges.add(new TimeWindow(from, to));
                }
                from = start;
            }
            to = next(start);
        }
        if (from != null) {
            ranges.add(new TimeWindow(from, to));
        }
        return ranges;
    }

    /** The model's rows of a range of units. */
    RowRange rows(TimeWindow range) {
        return unit.isDate()
                ? RowRange.ofDays(column, dayOf(range.from()), dayOf(range.to()))
                : RowRange.ofInstants(column, range.from(), range.to(), zone);
    }

    /** The model's rows before a unit. */
    RowRange rowsBefore(Instant start) {
        return unit.isDate()
                ? RowRange.ofDays(column, LocalDate.MIN, dayOf(start))
                : RowRange.ofInstants(column, Instant.EPOCH.minus(1_000_000, ChronoUnit.DAYS), start, zone);
    }

    /** The first day of a unit. */
    LocalDate dayOf(Instant start) {
        return LocalDate.ofInstant(start, zone);
    }

    /** The last day of a unit. */
    LocalDate lastDayOf(Instant start) {
        return LocalDate.ofInstant(next(start).minusNanos(1), zone);
    }

    /** A unit for a message: its first day, or the time at which an hour begins. */
    String text(Instant start) {
        return String.valueOf(unit.isDate() ? dayOf(start) : start);
    }

    /** The units of some days. */
    TimeWindow unitsOf(LocalDate first, LocalDate last) {
        return new TimeWindow(
                unitOf(first.atStartOfDay(zone).toInstant()),
                next(unitOf(last.plusDays(1).atStartOfDay(zone).toInstant().minusNanos(1))));
    }

    /** SQL for the time at which the unit of a row of the model begins, a {@code timestamptz}. */
    String unitSql() {
        String name = Relation.quote(column);
        return unit.isDate() ? "(" + name + "::timestamp at time zone " + zoneSql() + ")" : name;
    }

    /**
     * SQL for the time at which the unit begins in which a value lies.
     *
     * @param value a {@code timestamptz}, or a {@code timestamp} of the window's zone
     */
    String unitSql(String value, boolean local) {
        return local
                ? "(date_trunc('" + unit.text() + "', " + value + ") at time zone " + zoneSql() + ")"
                : "date_trunc('" + unit.text() + "', " + value + ", " + zoneSql() + ")";
    }

    private String zoneSql() {
        return "'" + (zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId()) + "'";
    }
}
