package serai.refresh;

import java.util.List;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.WatchedRows;
import serai.warehouse.Writer;

/**
 * What loaders do: statements on a relation in one transaction, in which what has changed is recorded.
 *
 * @param dayColumn the time whose days the load marks itself, or empty
 */
record WatchedLoad(RefreshFixture fixture, String relation, String dayColumn) {

    void run(String... statements) throws Exception {
        try (Writer writer = fixture.warehouse.writer("test-load")) {
            writer.commitWithState(tx -> {
                Relation table = Relation.of(relation);
                WatchedRows watched = WatchedRows.before(tx.sql(), table, dayColumn, "true");
                if (!dayColumn.isEmpty()) {
                    tx.sql().execute("create temp table before_load on commit drop as " + all(table));
                }
                for (String statement : List.of(statements)) {
                    tx.sql().execute(statement);
                }
                if (!dayColumn.isEmpty()) {
                    String changed = "((table before_load except all " + all(table) + ") union all (" + all(table)
                            + " except all table before_load)) as changed";
                    tx.markDirty(
                            table,
                            tx.sql()
                                    .list(
                                            "select distinct (" + dayColumn + " at time zone 'UTC')::date as day from "
                                                    + changed,
                                            row -> row.date("day")));
                }
                watched.record();
                return RunOutcome.ok();
            });
        }
    }

    private static String all(Relation table) {
        return "select * from " + table.sql();
    }
}
