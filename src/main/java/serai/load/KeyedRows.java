package serai.load;

import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import serai.load.DayTotals.Total;
import serai.warehouse.Reject;
import serai.warehouse.Relation;
import serai.warehouse.Transaction;

/**
 * The rows of a report whose table has a key. They are staged, because of two rows with one key the last counts, and
 * because a row may have moved here from a day outside the window.
 */
final class KeyedRows {

    static final String LINE = "serai_line";
    static final String HASH = "serai_hash";
    static final String STAGED = "pg_temp.serai_staged";
    private static final int MOST_DUPLICATES = 100_000;

    private final Transaction tx;
    private final ReportTable table;
    private final List<String> key;
    private final String dayOfWindow;

    /** @param dayOfWindow SQL for the day of a row */
    KeyedRows(Transaction tx, ReportTable table, List<String> key, String dayOfWindow) {
        this.tx = tx;
        this.table = table;
        this.key = key;
        this.dayOfWindow = dayOfWindow;
    }

    void createStaging() throws SQLException {
        execute("create temporary table serai_staged (like " + table.relation().sql() + " including defaults, " + LINE
                + " bigint, " + HASH + " bigint) on commit drop");
    }

    /** Takes out all but the last row of each key. */
    List<Reject> duplicates() throws SQLException, ReportHeldException {
        List<String> columns = List.copyOf(table.columns().keySet());
        String sql = "with gone as (delete from " + STAGED + " a using " + STAGED + " b where " + sameKey("a", "b")
                + " and a." + LINE
                + " < b." + LINE + " returning a.*) select distinct on (" + LINE + ") " + LINE + ", "
                + columns.stream().map(c -> Relation.quote(c) + "::text").collect(Collectors.joining(", "))
                + " from gone";
        List<Reject> duplicates = new ArrayList<>();
        try (PreparedStatement s = tx.connection().prepareStatement(sql)) {
            s.setFetchSize(1000);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    if (duplicates.size() == MOST_DUPLICATES) {
                        throw new ReportHeldException(
                                "More than " + MOST_DUPLICATES + " rows have a key that stands again further down.");
                    }
                    List<String> record = new ArrayList<>();
                    for (int i = 0; i < columns.size(); i++) {
                        record.add(r.getString(i + 2));
                    }
                    duplicates.add(new Reject(
                            table.relation(),
                            r.getLong(1),
                            key.get(0),
                            "has the same key as a row further down, which counts",
                            columns,
                            record));
                }
            }
        }
        return duplicates;
    }

    /** Rows and hash of each day, as they will stand in the table. */
    Map<LocalDate, Total> totals() throws SQLException {
        Map<LocalDate, Total> totals = new TreeMap<>();
        try (PreparedStatement s = tx.connection()
                        .prepareStatement("select " + dayOfWindow + ", count(*), sum(" + HASH + ") from " + STAGED
                                + " group by 1");
                ResultSet r = s.executeQuery()) {
            while (r.next()) {
                BigDecimal sum = r.getBigDecimal(3);
                totals.put(
                        r.getObject(1, LocalDate.class),
                        new Total(r.getLong(2), sum.toBigInteger().longValue()));
            }
        }
        return totals;
    }

    /** Removes rows of other days whose key came again, and returns how many each day lost. */
    Map<LocalDate, Long> removeMoved() throws SQLException {
        String sql = "with gone as (delete from " + table.relation().sql() + " t using " + STAGED + " s where "
                + sameKey("t", "s") + " returning t.*) select " + dayOfWindow + ", count(*) from gone group by 1";
        Map<LocalDate, Long> days = new HashMap<>();
        try (PreparedStatement s = tx.connection().prepareStatement(sql);
                ResultSet r = s.executeQuery()) {
            while (r.next()) {
                days.put(r.getObject(1, LocalDate.class), r.getLong(2));
            }
        }
        return days;
    }

    long insert() throws SQLException {
        String names = table.columns().keySet().stream().map(Relation::quote).collect(Collectors.joining(", "));
        try (PreparedStatement s = tx.connection()
                .prepareStatement("insert into " + table.relation().sql() + " (" + names + ") select " + names
                        + " from " + STAGED)) {
            return s.executeLargeUpdate();
        }
    }

    private String sameKey(String a, String b) {
        return key.stream()
                .map(Relation::quote)
                .map(k -> a + "." + k + " = " + b + "." + k)
                .collect(Collectors.joining(" and "));
    }

    private void execute(String sql) throws SQLException {
        try (PreparedStatement s = tx.connection().prepareStatement(sql)) {
            s.execute();
        }
    }
}
