package serai.load;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import serai.warehouse.Reject;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/**
 * Rows for a table with a key, in a temporary table: of two rows with one key the last one counts, and only rows that
 * differ from the table's are written.
 */
final class KeyedRows {

    /** Column of the staging table that has each row's number, beside those of the table. */
    static final String LINE = "serai_line";

    static final String STAGED = "pg_temp.serai_staged";

    private static final String HAS_KEY = """
            select 1 from pg_index i where i.indrelid = to_regclass(?) and i.indisunique and i.indisvalid
              and i.indimmediate and i.indpred is null and i.indexprs is null
              and (select array_agg(a.attname::text order by a.attname::text) from pg_attribute a
                where a.attrelid = i.indrelid and a.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1])) = ?""";

    private final Sql sql;
    private final Relation relation;
    private final List<String> columns;
    private final List<String> key;
    private final String daySql;

    /**
     * @param columns that the rows have
     * @param daySql the day of a row, as SQL
     */
    KeyedRows(Sql sql, Relation relation, List<String> columns, List<String> key, String daySql) {
        this.sql = sql;
        this.relation = relation;
        this.columns = columns;
        this.key = key;
        this.daySql = daySql;
    }

    /** Whether a primary key or a unique index is on just these columns. */
    static boolean isUnique(Sql sql, Relation relation, List<String> key) throws SQLException {
        return sql.first(
                        HAS_KEY,
                        row -> true,
                        relation.sql(),
                        key.stream().sorted().toList())
                .isPresent();
    }

    /**
     * Deletes rows of the table until each staged key is there once at most; only needed where no unique index is.
     *
     * @return how many
     */
    long deleteSurplus(boolean nulls) throws SQLException {
        String names = key.stream().map(Relation::quote).collect(Collectors.joining(", "));
        return sql.update("delete from " + relation.sql() + " t using (select x.tableoid as part, x.ctid as place,"
                + " row_number() over (partition by " + names + ") as number from " + relation.sql()
                + " x where exists (select from " + STAGED + " s where " + sameKey("x", "s", nulls)
                + ")) as found where t.tableoid = part and t.ctid = place and number > 1");
    }

    /** Creates the staging table, without what the table requires of its rows. */
    void createStaging() throws SQLException {
        sql.execute("create temporary table serai_staged on commit drop as select " + names() + ", null::bigint as "
                + LINE + " from " + relation.sql() + " with no data");
    }

    /** The columns of the staging table. */
    List<String> stagedColumns() {
        List<String> staged = new ArrayList<>(columns);
        staged.add(LINE);
        return staged;
    }

    /** The names of the columns as SQL. */
    String names() {
        return columns.stream().map(Relation::quote).collect(Collectors.joining(", "));
    }

    /**
     * Deletes all but the last row of each key from the staging table.
     *
     * @param nulls whether parts of the key may be NULL, which are then equal to each other
     * @param place the place of a row in its source, by its number
     * @return the rows that were deleted
     */
    List<Reject> removeRepeated(boolean nulls, LongFunction<Map<String, Object>> place) throws SQLException {
        String deleted = "with deleted as (delete from " + STAGED + " a using " + STAGED + " b where "
                + sameKey("a", "b", nulls) + " and a." + LINE + " < b." + LINE + " returning a.*)";
        return sql.list(
                deleted + " select distinct on (" + LINE + ") " + LINE + " as line, " + daySql + " as day, " + texts()
                        + " as record from deleted limit " + (RejectList.MAX_RECORDS + 1),
                row -> RejectedRecord.of(
                        relation,
                        place.apply(row.number("line")),
                        key.get(0),
                        row.date("day"),
                        csv(row.texts("record")),
                        row.texts("record"),
                        "has the same key as a later row, which is used"));
    }

    /** SQL for the values of a row as texts. */
    String texts() {
        return columns.stream().map(c -> Relation.quote(c) + "::text").collect(Collectors.joining(", ", "array[", "]"));
    }

    /** A row with a header, as lines of CSV. */
    String csv(List<String> values) {
        return RejectedRecord.csv(columns) + "\n" + RejectedRecord.csv(values);
    }

    /**
     * The condition that two rows have the same key.
     *
     * @param nulls whether parts of the key may be NULL, which are then equal to each other. {@code is not distinct
     *     from} can use neither an index nor a hash join, so equal hashes are asked for beside it
     */
    String sameKey(String a, String b, boolean nulls) {
        String same = key.stream()
                .map(Relation::quote)
                .map(k -> a + "." + k + (nulls ? " is not distinct from " : " = ") + b + "." + k)
                .collect(Collectors.joining(" and "));
        return nulls ? keyHash(a) + " = " + keyHash(b) + " and " + same : same;
    }

    private String keyHash(String alias) {
        return key.stream()
                .map(k -> alias + "." + Relation.quote(k))
                .collect(Collectors.joining(", ", "hash_record_extended(row(", "), 0)"));
    }
}
