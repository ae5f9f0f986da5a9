package serai.warehouse;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Records for those who watch a relation ({@code meta.watches}) which values a write changed, in its transaction: call
 * {@link #before}, write, call {@link #record()}. Rows are compared by the watched columns only, so that a row that is
 * deleted and inserted without a change is not recorded. Nothing is read when no model watches the relation. Where the
 * new rows are known by their keys before the write, {@link #record(Sql, Relation, StagedRows)} does it in one pass.
 */
public final class WatchedRows {

    /** More values than these are recorded as all. */
    private static final int MOST = 100_000;

    /** Several relations may be watched in one transaction. */
    private static final AtomicLong NUMBER = new AtomicLong();

    private record Watch(long id, String kind, List<String> columns, List<String> reads) {

        Set<String> all() {
            Set<String> all = new LinkedHashSet<>(columns);
            all.addAll(reads);
            return all;
        }
    }

    private final Sql sql;
    private final Relation relation;
    private final List<Watch> watches;
    /** Those of columns that the relation has no more. */
    private final List<Watch> outdated;

    private final String where;
    private final Object[] parameters;
    /** A temporary table with the rows before the write. */
    private final String before = "serai_watched_" + NUMBER.incrementAndGet();

    private final String changes = before + "_changes";

    private WatchedRows(
            Sql sql, Relation relation, List<Watch> watches, List<Watch> outdated, String where, Object... parameters) {
        this.sql = sql;
        this.relation = relation;
        this.watches = watches;
        this.outdated = outdated;
        this.where = where;
        this.parameters = parameters;
    }

    /**
     * Reads the rows that are about to be written.
     *
     * @param dayColumn the column whose days the writer marks itself, or empty
     * @param where a condition on the relation, named {@code t}, that is true for all rows that the write may change,
     *     before it and after it
     */
    public static WatchedRows before(Sql sql, Relation relation, String dayColumn, String where, Object... parameters)
            throws SQLException {
        WatchedRows rows = read(sql, relation, dayColumn, where, parameters);
        if (!rows.watches.isEmpty()) {
            sql.update(
                    "create temp table " + rows.before + " on commit drop as " + rows.counted("count(*)"), parameters);
        }
        return rows;
    }

    private static WatchedRows read(Sql sql, Relation relation, String dayColumn, String where, Object... parameters)
            throws SQLException {
        List<Watch> watches = sql.list(
                "select id, kind, columns, reads from meta.watches where relation = ?"
                        + " and not (kind = 'window' and columns = array[?::text])",
                row -> new Watch(row.number("id"), row.text("kind"), row.texts("columns"), row.texts("reads")),
                relation.toString(),
                dayColumn);
        if (watches.isEmpty()) {
            return new WatchedRows(sql, relation, watches, List.of(), where, parameters);
        }
        Set<String> columns = Set.copyOf(sql.list(
                "select attname from pg_attribute where attrelid = to_regclass(?) and attnum > 0 and not attisdropped",
                row -> row.text("attname"),
                relation.sql()));
        Map<Boolean, List<Watch>> readable =
                watches.stream().collect(Collectors.partitioningBy(watch -> columns.containsAll(watch.all())));
        return new WatchedRows(sql, relation, readable.get(true), readable.get(false), where, parameters);
    }

    /**
     * Rows of a temporary table that are about to be written by their key.
     *
     * @param join the temporary table {@code s}, and what it finds of the relation {@code t} by a left join
     * @param gone a condition on {@code s}: the row is deleted
     * @param after an expression of a column's value after the write, by the column's name
     */
    public record StagedRows(String join, String gone, UnaryOperator<String> after) {}

    /**
     * Records what a write is about to change, row by row, in one statement a watch. A value that one row loses and
     * another one gets is recorded, too.
     */
    public static void record(Sql sql, Relation relation, StagedRows staged) throws SQLException {
        WatchedRows rows = read(sql, relation, "", "");
        rows.recordOutdated();
        for (Watch watch : rows.watches) {
            rows.record(watch, changed(watch, staged));
        }
    }

    /** Old and new values of rows that differ in them. */
    private static String changed(Watch watch, StagedRows staged) {
        String names = list(watch, Relation::quote);
        String old = list(watch, column -> "t." + Relation.quote(column));
        String after = list(watch, staged.after());
        // records also compare what has no equality, such as json, but take longer
        String differ = watch.kind().equals("window") && watch.all().size() == 1
                ? old + " is distinct from " + after
                : "row(" + old + ")::record *<> row(" + after + ")::record";
        String isThere = "t.ctid is not null";
        String isKept = "not (" + staged.gone() + ")";
        return "(select v.* from " + staged.join() + ", lateral (values (" + isThere + ", " + old + ")"
                + (watch.kind().equals("gone") ? "" : ", (" + isKept + ", " + after + ")") + ") as v(serai_is_there, "
                + names + ") where v.serai_is_there and (not (" + isThere + ") or " + staged.gone() + " or " + differ
                + ")) as c";
    }

    private static String list(Watch watch, UnaryOperator<String> each) {
        return watch.all().stream().map(each).collect(Collectors.joining(", "));
    }

    /** The rows by their watched columns, as texts, since some types have no equality. */
    private String counted(String count) {
        List<String> columns = columns();
        return "select "
                + columns.stream().map(c -> "t." + c + "::text as " + c).collect(Collectors.joining(", "))
                + ", " + count + " as serai_rows from " + relation.sql() + " t where " + where
                + (columns.isEmpty()
                        ? ""
                        : " group by "
                                + columns.stream().map(c -> "t." + c + "::text").collect(Collectors.joining(", ")));
    }

    private List<String> columns() {
        Set<String> columns = new TreeSet<>();
        watches.forEach(watch -> columns.addAll(watch.all()));
        return columns.stream().map(Relation::quote).toList();
    }

    /** Records what the write has changed. */
    public void record() throws SQLException {
        recordOutdated();
        if (watches.isEmpty()) {
            return;
        }
        String columns = String.join(", ", columns());
        sql.update(
                "create temp table " + changes + " on commit drop as select " + columns
                        + ", sum(serai_rows) as serai_rows from (select "
                        + columns + ", serai_rows from pg_temp." + before + " union all " + counted("-count(*)")
                        + ") as both_times group by " + columns,
                parameters);
        for (Watch watch : watches) {
            String all = list(watch, Relation::quote);
            // a positive number is of values that are there less often than before
            record(
                    watch,
                    "(select " + all + " from pg_temp." + changes + " group by " + all + " having sum(serai_rows) "
                            + (watch.kind().equals("gone") ? ">" : "<>") + " 0) as c");
        }
        sql.execute("drop table pg_temp." + changes + ", pg_temp." + before);
    }

    private void recordOutdated() throws SQLException {
        for (Watch watch : outdated) {
            sql.update("insert into meta.dirty_keys (watch) values (?)", watch.id());
        }
    }

    /** @param changed a relation {@code c} that has the watched columns of changed rows */
    private void record(Watch watch, String changed) throws SQLException {
        if (watch.kind().equals("window")) {
            sql.update(
                    "insert into meta.dirty (relation, day, run_id) select distinct ?, day, 0 from " + changed
                            + ", lateral (" + days(watch.columns().get(0)) + ") as d(day) where isfinite(day)",
                    relation.toString());
            return;
        }
        List<String> values = new ArrayList<>();
        watch.columns().forEach(column -> values.add(Relation.quote(column) + "::text"));
        String recorded = "select distinct array[" + String.join(", ", values) + "]::text[] as v from " + changed;
        sql.update(
                "insert into meta.dirty_keys (watch, values) with v as (" + recorded
                        + "), n as (select count(*) as n from v) select ?, v from v, n where n <= " + MOST
                        + " union all select ?, null from n where n > "
                        + MOST,
                watch.id(),
                watch.id());
    }

    /** The days in UTC of a watched time, of which only the text is left; a time without a zone may be of any. */
    private String days(String column) throws SQLException {
        String name = Relation.quote(column);
        String type = sql.first(
                        "select format_type(atttypid, null) as type from pg_attribute"
                                + " where attrelid = to_regclass(?) and attname = ?",
                        row -> row.text("type"),
                        relation.sql(),
                        column)
                .orElse("");
        return switch (type) {
            case "date" -> "select " + name + "::date";
            case "timestamp without time zone" ->
                "select " + name + "::timestamp::date + serai_shift from generate_series(-1, 1) as serai_shift";
            default -> "select (" + name + "::timestamptz at time zone 'UTC')::date";
        };
    }

    /** Records that all rows of a relation may have changed. */
    public static void all(Sql sql, Relation relation) throws SQLException {
        sql.update(
                "insert into meta.dirty_keys (watch)"
                        + " select id from meta.watches where relation = ? and kind <> 'window'",
                relation.toString());
        sql.update(
                "insert into meta.dirty (relation, day, run_id) select ?, '-infinity', 0 where exists"
                        + " (select from meta.watches where relation = ? and kind = 'window')",
                relation.toString(),
                relation.toString());
    }
}
