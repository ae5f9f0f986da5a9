package serai.warehouse;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The rows of a relation whose column lies in {@code [from, to)}: the condition of a DELETE, for each type of column.
 *
 * @param from a {@link LocalDate} for a {@code date}, a {@link LocalDateTime} for a {@code timestamp}, an
 *     {@link Instant} for a {@code timestamptz}; {@code to} likewise
 * @param zone the zone in which the days of a {@code timestamptz} are counted; null for other types
 * @param share which of these rows; null for all
 */
public record RowRange(String column, Object from, Object to, ZoneId zone, RowShare share) {

    /** A range of a {@code date} column. */
    public static RowRange ofDays(String column, LocalDate from, LocalDate to) {
        return new RowRange(column, from, to, null, null);
    }

    /** A range of a {@code timestamp} column. */
    public static RowRange ofTimes(String column, LocalDateTime from, LocalDateTime to) {
        return new RowRange(column, from, to, null, null);
    }

    /** A range of a {@code timestamptz} column. */
    public static RowRange ofInstants(String column, Instant from, Instant to, ZoneId zone) {
        return new RowRange(column, from, to, zone, null);
    }

    /** SQL for the day of a row, a {@code date}. */
    public String daySql() {
        String name = Relation.quote(column);
        if (zone == null) {
            return name + "::date";
        }
        return "(" + name + " at time zone '" + (zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId()) + "')::date";
    }

    /** The rows of this range that belong to a share; null for all. */
    public RowRange within(RowShare rows) {
        return new RowRange(column, from, to, zone, rows);
    }

    /** SQL that is true for a row of this range; its parameters are {@link #parameters()}. */
    public String condition() {
        return Relation.quote(column) + " >= ? and " + Relation.quote(column) + " < ?"
                + (share == null ? "" : " and " + share.condition());
    }

    /** The parameters of the condition. */
    public Object[] parameters() {
        return share == null ? new Object[] {from, to} : new Object[] {from, to, share.values()};
    }
}
