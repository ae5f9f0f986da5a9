package serai.load;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Optional;
import serai.warehouse.Row;
import serai.warehouse.Sql;

/**
 * Past days of a source that are to be imported again, a part in each run ({@code meta.reloads}). A process that dies
 * leaves the rest to the next one.
 *
 * @param first the first day
 * @param end the day after the last
 * @param next the first day that is still to be imported
 */
record Reload(LocalDate first, LocalDate end, LocalDate next) {

    /** Days of one run: about what a usual window has, so that no export limit is reached. */
    private static final int DAYS = 31;

    static Optional<Reload> find(Sql sql, String source) throws SQLException {
        return sql.first("select first_day, end_day, next_day from meta.reloads where source = ?", Reload::of, source);
    }

    private static Reload of(Row row) throws SQLException {
        return new Reload(row.date("first_day"), row.date("end_day"), row.date("next_day"));
    }

    /** Asks for days, in place of others that were asked for. */
    static void ask(Sql sql, String source, LocalDate first, LocalDate end, String user) throws SQLException {
        sql.update("""
                insert into meta.reloads (source, first_day, end_day, next_day, requested_by) values (?, ?, ?, ?, ?)
                on conflict (source) do update set first_day = excluded.first_day, end_day = excluded.end_day,
                  next_day = excluded.next_day, requested_by = excluded.requested_by,
                  requested_at = clock_timestamp()""", source, first, end, first, user);
    }

    /** Gives it up. Returns whether there was one. */
    static boolean cancel(Sql sql, String source) throws SQLException {
        return sql.update("delete from meta.reloads where source = ?", source) > 0;
    }

    /** The day after the last of the next part. */
    LocalDate endOfPart() {
        LocalDate part = next.plusDays(DAYS);
        return part.isBefore(end) ? part : end;
    }

    /** Whether something is left after the next part. */
    private boolean isLong() {
        return endOfPart().isBefore(end);
    }

    /** Notes that the next part is in the warehouse. */
    void advance(Sql sql, String source) throws SQLException {
        if (isLong()) {
            sql.update(
                    "update meta.reloads set next_day = ? where source = ? and next_day = ?",
                    endOfPart(),
                    source,
                    next);
        } else {
            sql.update("delete from meta.reloads where source = ? and next_day = ? and end_day = ?", source, next, end);
        }
    }
}
