package serai.refresh;

import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A model's row in {@code meta.model_state}.
 *
 * @param coveredTo up to when its days were calculated, or null
 * @param sqlHash the definition that all its rows were calculated by, or null
 * @param rows rows of its table, or null
 */
record ModelState(Instant coveredTo, String sqlHash, Long rows) {

    /** The words of {@code meta.model_state.status}. */
    enum Status {
        /** Never refreshed. */
        UNKNOWN,
        OK,
        /** The definition changed, and days before the change are as the old one made them. */
        CHANGED,
        /** A model that it reads failed in this run. */
        BLOCKED,
        /** A reader held the table too long; tried again at the next run. */
        HELD,
        FAILED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Optional<ModelState> read(Connection connection, CatalogEntry entry) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                "select covered_to, sql_hash, rows from meta.model_state where model = ?")) {
            s.setString(1, entry.name());
            try (ResultSet r = s.executeQuery()) {
                if (!r.next()) {
                    return Optional.empty();
                }
                var covered = r.getTimestamp(1);
                return Optional.of(new ModelState(
                        covered == null ? null : covered.toInstant(), r.getString(2), r.getObject(3, Long.class)));
            }
        }
    }

    /**
     * Writes a success, in the transaction of the rows.
     *
     * @param coveredTo null to leave it
     * @param sqlHash the definition that now holds for all rows
     * @param rows rows of the table, or null for a view
     * @param changedWhy null, or what is not as the definition says
     */
    static void success(
            Connection connection,
            CatalogEntry entry,
            Instant coveredTo,
            String sqlHash,
            Long rows,
            long runId,
            String changedWhy)
            throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                update meta.model_state set kind = ?, covered_to = coalesce(?, covered_to), sql_hash = ?, rows = ?,
                  last_run_id = coalesce(nullif(?, 0), last_run_id), last_success_at = clock_timestamp(), status = ?, error = ?
                where model = ?""")) {
            s.setString(1, entry.kind().word());
            s.setObject(2, coveredTo == null ? null : coveredTo.atOffset(ZoneOffset.UTC));
            s.setString(3, sqlHash);
            s.setObject(4, rows);
            s.setLong(5, runId);
            s.setString(6, (changedWhy == null ? Status.OK : Status.CHANGED).word());
            s.setString(7, changedWhy);
            s.setString(8, entry.name());
            s.executeUpdate();
        }
    }

    static void trouble(Connection connection, CatalogEntry entry, Status status, String error) throws SQLException {
        try (PreparedStatement s =
                connection.prepareStatement("update meta.model_state set status = ?, error = ? where model = ?")) {
            s.setString(1, status.word());
            s.setString(2, error);
            s.setString(3, entry.name());
            s.executeUpdate();
        }
    }

    static SortedSet<LocalDate> dirtyDays(Connection connection, CatalogEntry entry) throws SQLException {
        SortedSet<LocalDate> days = new TreeSet<>();
        try (PreparedStatement s = connection.prepareStatement("select day from meta.model_dirty where model = ?")) {
            s.setString(1, entry.name());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    days.add(r.getObject(1, LocalDate.class));
                }
            }
        }
        return days;
    }

    static void forgetDirty(Connection connection, CatalogEntry entry, DayRange range) throws SQLException {
        try (PreparedStatement s =
                connection.prepareStatement("delete from meta.model_dirty where model = ? and day >= ? and day < ?")) {
            s.setString(1, entry.name());
            s.setDate(2, Date.valueOf(range.from()));
            s.setDate(3, Date.valueOf(range.to()));
            s.executeUpdate();
        }
    }
}
