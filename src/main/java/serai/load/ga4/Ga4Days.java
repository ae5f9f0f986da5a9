package serai.load.ga4;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;

/** The table {@code meta.ga4_days}: what Google stated about the days of each source. */
final class Ga4Days {

    private final Warehouse warehouse;

    Ga4Days(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    /**
     * A day in the source's table, outside a window, whose zone or currency is another one; the newest.
     *
     * @param end excluded
     */
    Optional<Ga4Day> other(String source, LocalDate first, LocalDate end, String zone, String currency)
            throws IOException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return Sql.on(c)
                    .first(
                            """
                            select * from meta.ga4_loaded_days
                            where source = ? and (day < ? or day >= ?) and (zone <> ? or currency <> ?)
                            order by day desc limit 1""",
                            row -> new Ga4Day(
                                    row.date("day"),
                                    row.text("zone"),
                                    row.text("currency"),
                                    row.number("rows"),
                                    row.flag("sampled"),
                                    row.flag("thresholded"),
                                    row.flag("other_rows"),
                                    row.texts("restricted")),
                            source,
                            first,
                            end,
                            zone,
                            currency);
        } catch (SQLException e) {
            throw new IOException("meta.ga4_days cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Writes the days of the source's present run. They hold once the run has committed its rows; those of earlier runs
     * that do not hold any more are deleted.
     */
    void write(String source, List<Ga4Day> days) throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            Sql sql = Sql.on(c);
            sql.update("""
                    delete from meta.ga4_days d where source = ? and not exists (
                      select from meta.ga4_loaded_days l
                      where l.source = d.source and l.day = d.day and l.run_id = d.run_id)""", source);
            sql.batch(
                    """
                    insert into meta.ga4_days (source, day, run_id, zone, currency, rows, sampled, thresholded,
                      other_rows, restricted)
                    select ?, ?, max(run_id), ?, ?, ?, ?, ?, ?, ? from meta.runs where source = ?""",
                    days.stream()
                            .map(d -> List.<Object>of(
                                    source,
                                    d.day(),
                                    d.zone(),
                                    d.currency(),
                                    d.rows(),
                                    d.sampled(),
                                    d.thresholded(),
                                    d.other(),
                                    d.restricted(),
                                    source))
                            .toList());
        }
    }
}
