package serai.warehouse;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The rows of a relation whose column lies in {@code [from, to)}.
 *
 * @param from {@link LocalDate} for a column of days, {@link java.time.LocalDateTime} for one of times without zone,
 *     else {@link java.time.OffsetDateTime}; {@code to} alike
 * @param zone in which the days of a column of instants are counted; null for the other columns
 */
public record RowRange(String column, Object from, Object to, ZoneId zone) {

    public static RowRange ofDays(String column, LocalDate from, LocalDate to) {
        return new RowRange(column, from, to, null);
    }

    public static RowRange ofInstants(String column, Instant from, Instant to, ZoneId zone) {
        return new RowRange(column, from.atOffset(ZoneOffset.UTC), to.atOffset(ZoneOffset.UTC), zone);
    }

    /** SQL for the day of a row. */
    public String daySql() {
        String name = Relation.quote(column);
        if (zone == null) {
            return name + "::date";
        }
        return "(" + name + " at time zone '" + (zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId()) + "')::date";
    }

    String condition() {
        return Relation.quote(column) + " >= ? and " + Relation.quote(column) + " < ?";
    }
}
