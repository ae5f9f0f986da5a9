package serai.warehouse;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * The rows of a relation whose column lies in {@code [from, to)}. Bounds are {@link LocalDate} for a column of days, else
 * {@link java.time.OffsetDateTime}.
 */
public record Range(String column, Object from, Object to) {

    public static Range ofDays(String column, LocalDate from, LocalDate to) {
        return new Range(column, from, to);
    }

    public static Range ofInstants(String column, Instant from, Instant to) {
        return new Range(column, from.atOffset(ZoneOffset.UTC), to.atOffset(ZoneOffset.UTC));
    }

    String condition() {
        return Relation.quote(column) + " >= ? and " + Relation.quote(column) + " < ?";
    }
}
