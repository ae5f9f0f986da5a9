package serai.load;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import serai.load.DayTotals.Total;
import serai.warehouse.Relation;
import serai.warehouse.Transaction;

/** What the last loads put into each day of a relation ({@code meta.window_days}), and so which days a load changes. */
final class WindowDays {

    private final Transaction tx;
    private final Relation relation;

    WindowDays(Transaction tx, Relation relation) {
        this.tx = tx;
        this.relation = relation;
    }

    /**
     * The days whose rows are not what they were: another count or hash, or fewer or more rows in the table than the
     * last load left there.
     *
     * @param now totals of the rows that are there from now on
     * @param removed rows that each day of the window had in the table until now
     */
    Set<LocalDate> changed(LocalDate first, LocalDate end, Map<LocalDate, Total> now, Map<LocalDate, Long> removed)
            throws SQLException {
        Map<LocalDate, Total> before = read(first, end);
        Set<LocalDate> days = new TreeSet<>(before.keySet());
        days.addAll(now.keySet());
        days.addAll(removed.keySet());
        days.removeIf(day -> {
            Total old = before.getOrDefault(day, Total.NONE);
            return old.equals(now.getOrDefault(day, Total.NONE)) && old.rows() == removed.getOrDefault(day, 0L);
        });
        return days;
    }

    private Map<LocalDate, Total> read(LocalDate first, LocalDate end) throws SQLException {
        Map<LocalDate, Total> days = new HashMap<>();
        try (PreparedStatement s = tx.connection()
                .prepareStatement(
                        "select day, rows, hash from meta.window_days where relation = ? and day >= ? and day < ?")) {
            s.setString(1, relation.toString());
            s.setObject(2, first);
            s.setObject(3, end);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    days.put(r.getObject(1, LocalDate.class), new Total(r.getLong(2), r.getLong(3)));
                }
            }
        }
        return days;
    }

    void write(Collection<LocalDate> days, Map<LocalDate, Total> now) throws SQLException {
        try (PreparedStatement s = tx.connection().prepareStatement("""
                insert into meta.window_days (relation, day, rows, hash) values (?, ?, ?, ?)
                on conflict (relation, day) do update set rows = excluded.rows, hash = excluded.hash""")) {
            for (LocalDate day : days) {
                Total total = now.getOrDefault(day, Total.NONE);
                s.setString(1, relation.toString());
                s.setObject(2, day);
                s.setLong(3, total.rows());
                s.setLong(4, total.hash());
                s.addBatch();
            }
            s.executeBatch();
        }
    }

    /** Forgets days that another window's load took rows from: their totals are not known any more. */
    void forget(Collection<LocalDate> days) throws SQLException {
        try (PreparedStatement s =
                tx.connection().prepareStatement("delete from meta.window_days where relation = ? and day = any (?)")) {
            s.setString(1, relation.toString());
            s.setArray(
                    2,
                    tx.connection()
                            .createArrayOf(
                                    "date",
                                    days.stream().map(java.sql.Date::valueOf).toArray()));
            s.executeUpdate();
        }
    }
}
