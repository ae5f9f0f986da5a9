package serai.load;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import serai.load.WindowTotals.DayTotal;
import serai.warehouse.Reject;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/**
 * The rows of a report whose table has a key. They are staged in a temporary table first: of two rows with one key the
 * last one counts, and a row may have moved into the window from another day.
 */
final class KeyedRows {

    /** Columns of the staging table, beside those of the table. */
    static final String LINE = "serai_line";

    static final String HASH = "serai_hash";
    static final String STAGED = "pg_temp.serai_staged";

    private final Sql sql;
    private final ReportTable table;
    private final List<String> columns;
    private final List<String> key;
    private final String daySql;

    /**
     * @param columns that the rows have
     * @param daySql the day of a row, as SQL
     */
    KeyedRows(Sql sql, ReportTable table, List<String> columns, List<String> key, String daySql) {
        this.sql = sql;
        this.table = table;
        this.columns = columns;
        this.key = key;
        this.daySql = daySql;
    }

    void createStaging() throws SQLException {
        sql.execute(
                "create temporary table serai_staged (like " + table.relation().sql() + " including defaults, " + LINE
                        + " bigint, " + HASH + " bigint) on commit drop");
    }

    /**
     * Deletes all but the last row of each key, and rejects them.
     *
     * @param place the place of a row in its source, by its number
     */
    void rejectDuplicates(RejectList rejects, LongFunction<Map<String, Object>> place)
            throws SQLException, ReportHeldException {
        String deleted = "with deleted as (delete from " + STAGED + " a using " + STAGED + " b where "
                + sameKey("a", "b") + " and a." + LINE + " < b." + LINE + " returning a.*)";
        String texts = columns.stream().map(c -> Relation.quote(c) + "::text").collect(Collectors.joining(", "));
        List<Reject> duplicates = sql.list(
                deleted + " select distinct on (" + LINE + ") " + LINE + " as line, " + daySql + " as day, array["
                        + texts + "] as record from deleted limit " + (RejectList.MAX_RECORDS + 1),
                row -> RejectedRecord.of(
                        table.relation(),
                        place.apply(row.number("line")),
                        key.get(0),
                        row.date("day"),
                        RejectedRecord.csv(columns) + "\n" + RejectedRecord.csv(row.texts("record")),
                        row.texts("record"),
                        "has the same key as a later row, which is used"));
        for (Reject duplicate : duplicates) {
            rejects.add(duplicate);
        }
    }

    /** Rows and hash of each day, as they will be in the table. */
    Map<LocalDate, DayTotal> totals() throws SQLException {
        Map<LocalDate, DayTotal> totals = new TreeMap<>();
        sql.each(
                "select " + daySql + " as day, count(*) as rows, sum(" + HASH + ") as hash from " + STAGED
                        + " group by 1",
                row -> {
                    // the sum of many bigints is a numeric; a total has its lowest 64 bits
                    long hash = new BigDecimal(row.text("hash")).toBigInteger().longValue();
                    totals.put(row.date("day"), new DayTotal(row.number("rows"), hash));
                });
        return totals;
    }

    /** Deletes the rows of other days whose key is in the report. Returns how many each day lost. */
    Map<LocalDate, Long> deleteMoved() throws SQLException {
        Map<LocalDate, Long> days = new HashMap<>();
        sql.each(
                "with deleted as (delete from " + table.relation().sql() + " t using " + STAGED + " s where "
                        + sameKey("t", "s") + " returning t.*) select " + daySql
                        + " as day, count(*) as rows from deleted group by 1",
                row -> days.put(row.date("day"), row.number("rows")));
        return days;
    }

    void insert() throws SQLException {
        String names = columns.stream().map(Relation::quote).collect(Collectors.joining(", "));
        sql.update("insert into " + table.relation().sql() + " (" + names + ") select " + names + " from " + STAGED);
    }

    /** The condition that two rows have the same key. */
    String sameKey(String a, String b) {
        return key.stream()
                .map(Relation::quote)
                .map(k -> a + "." + k + " = " + b + "." + k)
                .collect(Collectors.joining(" and "));
    }
}
