package serai.refresh;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import serai.warehouse.Relation;
import serai.warehouse.RowRange;
import serai.warehouse.Sql;
import serai.warehouse.TimeWindow;
import serai.warehouse.Transaction;
import serai.warehouse.WatchedRows;

/**
 * Rows whose {@code @grain} does not name their unit, and which are now in another one, such as an order that was given
 * another date. They leave the unit that they had in the transaction that writes the new one.
 */
final class MovedRows {

    private static final String UNMARKED = """
            select unit from unnest(?::timestamptz[]) as moved(unit) where not exists (
              select from meta.model_dirty d where d.model = ? and d.unit in (moved.unit, '-infinity'))""";

    private static final String MARKS_WAIT = """
            select from meta.watches w where w.consumer = ? and (
              exists (select from meta.dirty_keys where watch = w.id)
              or w.kind = 'window' and exists (select from meta.dirty where relation = w.relation)) limit 1""";

    private static final String SERIALIZATION_FAILURE = "40001";

    private final Transaction tx;
    private final RunContext run;
    private final Model model;
    private final RowRange rows;
    /** The staged rows with the grain of a row {@code t}. */
    private final String staged;
    /** The rows {@code t} of other units that have the grain of a staged one. */
    private final String condition;

    private final Object[] parameters;

    private MovedRows(Transaction tx, RunContext run, Model model, RowRange rows) {
        this.tx = tx;
        this.run = run;
        this.model = model;
        this.rows = rows;
        this.staged = "(select from (select * from " + StagingTable.TABLE + " where " + rows.condition() + ") s where "
                + model.grain().stream()
                        .map(Relation::quote)
                        .map(column -> "s." + column + " = t." + column)
                        .collect(Collectors.joining(" and "))
                + ")";
        this.condition = "(" + rows.condition() + ") is not true and exists " + staged;
        List<Object> twice = new ArrayList<>(List.of(rows.parameters()));
        twice.addAll(List.of(rows.parameters()));
        this.parameters = twice.toArray();
    }

    /**
     * Deletes from other units the staged rows of a range. A unit that has the rows still keeps them: then the SELECT
     * gives one row for two units, which the unique index of the grain refuses.
     *
     * @param rows that are written next
     * @param transaction the units that this transaction calculates
     * @return the number of rows
     */
    static long delete(
            Transaction tx, RunContext run, Model model, RowRange rows, TimeWindow transaction, Instant firstKept)
            throws SQLException {
        return model.grain().contains(model.window().column())
                ? 0
                : new MovedRows(tx, run, model, rows).delete(transaction, firstKept);
    }

    private long delete(TimeWindow transaction, Instant firstKept) throws SQLException {
        Sql sql = tx.sql();
        SortedSet<Instant> units = new TreeSet<>(sql.list(
                "select distinct " + model.window().unitSql() + " as unit from "
                        + model.relation().sql() + " t where " + condition,
                row -> row.instant("unit"),
                parameters));
        SortedSet<Instant> others = new TreeSet<>(units);
        others.removeIf(unit ->
                unit.isBefore(firstKept) || !unit.isBefore(transaction.from()) && unit.isBefore(transaction.to()));
        if (units.isEmpty() || haveRowsStill(others)) {
            return 0;
        }
        tx.markDirty(model.relation(), model.window().utcDays(units));
        WatchedRows watched =
                WatchedRows.before(sql, model.relation(), model.window().column(), condition, parameters);
        long deleted = sql.update("delete from " + model.relation().sql() + " t where " + condition, parameters);
        watched.record();
        return deleted;
    }

    /**
     * Whether the SELECT gives a staged row for one of these units too. Marked units are calculated later, and then it
     * is found.
     *
     * @throws SQLException a conflict, when that may be because a row has moved since it was staged
     */
    private boolean haveRowsStill(SortedSet<Instant> units) throws SQLException {
        SearchPath.set(tx.sql());
        for (Instant unit : tx.sql().list(UNMARKED, row -> row.instant("unit"), units, model.name())) {
            Map<String, Object> values =
                    run.parameters(new TimeWindow(unit, model.window().next(unit)));
            List<Object> bound = new ArrayList<>(
                    model.sql().parameters().stream().map(values::get).toList());
            bound.addAll(List.of(rows.parameters()));
            boolean still = tx.sql()
                    .first(
                            "select from (" + model.sql().prepared() + "\n) as t where exists " + staged + " limit 1",
                            row -> true,
                            bound.toArray())
                    .orElse(false);
            if (still && tx.sql().first(MARKS_WAIT, row -> true, model.name()).isPresent()) {
                throw new SQLException("Rows have moved between units meanwhile", SERIALIZATION_FAILURE);
            }
            if (still) {
                return true;
            }
        }
        return false;
    }
}
