package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import serai.warehouse.Relation;
import serai.warehouse.RelationKind;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;
import serai.warehouse.WatchedRows;
import serai.warehouse.Writer;

/**
 * An scd2 without a change log: the present rows are compared with the open versions, and the differences are dated
 * with the time of the refresh. What changes twice between two refreshes is not seen.
 */
final class SnapshotMaterialization implements Materialization {

    private static final String CHANGED = "pg_temp.serai_changed";
    private static final String GONE = "pg_temp.serai_gone";

    private final RunContext run;
    private final Model model;
    private final String table;
    private final List<String> columns;

    SnapshotMaterialization(RunContext run, Model model) {
        this.run = run;
        this.model = model;
        this.table = model.relation().sql();
        this.columns = run.graph().versions(model).selected().names();
    }

    @Override
    public Change next(Writer writer) throws SQLException {
        Connection connection = writer.connection();
        if (RelationKind.of(connection, model.relation()).isEmpty()) {
            return creation();
        }
        StagingTable staging = StagingTable.ofPresent(connection, run, model);
        RelationColumns existing = RelationColumns.read(writer.sql(), table).orElseThrow();
        if (!existing.isSameAs(run.graph().columns(model))) {
            return addition(existing);
        }
        long rows = staging.rows();
        boolean differs = findDifference(writer.sql());
        return new Change(true, differs, null, tx -> {
            RunOutcome outcome = differs ? write(tx) : RunOutcome.ok();
            ModelState before = ModelState.read(tx.sql(), model);
            long more = outcome.inserted() - outcome.deleted();
            new ModelState(
                            time(before),
                            run.graph().definitionHash(model),
                            (before.rows() == null ? 0 : before.rows()) + more)
                    .writeSuccess(tx, model, null);
            tx.sql().update("update meta.model_state set snapshot = true where model = ?", model.name());
            return outcome.read(rows);
        });
    }

    private Change creation() {
        return new Change(false, true, null, tx -> {
            NewTable.create(tx, model.relation(), run.graph().columns(model), model);
            new ModelState(null, run.graph().definitionHash(model), 0L).writeSuccess(tx, model, null);
            tx.sql().update("update meta.model_state set snapshot = true where model = ?", model.name());
            return RunOutcome.ok();
        });
    }

    /** A column that is new is no change of the rows: the open versions get its values. */
    private Change addition(RelationColumns existing) {
        List<String> added = columns.stream()
                .filter(column -> !existing.names().contains(column))
                .toList();
        return new Change(false, true, null, tx -> {
            SearchPath.set(tx.sql(), run.settings().lockTimeout());
            ColumnChange change = ColumnChange.between(existing, run.graph().columns(model));
            tx.verbs()
                    .alterColumns(
                            model.relation(), change.actions(), run.graph().viewDefinitions());
            long filled = added.isEmpty()
                    ? 0
                    : tx.sql()
                            .update("update " + table + " t set "
                                    + added.stream()
                                            .map(Relation::quote)
                                            .map(column -> column + " = s." + column)
                                            .collect(Collectors.joining(", "))
                                    + " from " + StagingTable.TABLE + " s where t.valid_to is null and " + match());
            WatchedRows.all(tx.sql(), model.relation());
            return RunOutcome.ok().updated(filled);
        });
    }

    private String match() {
        return model.grain().stream()
                .map(Relation::quote)
                .map(column -> "t." + column + " = s." + column)
                .collect(Collectors.joining(" and "));
    }

    /** The time of the refresh; never before that of an earlier one, so that no version ends before it begins. */
    private Instant time(ModelState before) {
        return before.coveredTo() == null || before.coveredTo().isBefore(run.now()) ? run.now() : before.coveredTo();
    }

    /** Keeps in temporary tables which rows are not there as an open version, and which keys are gone. */
    private boolean findDifference(Sql sql) throws SQLException {
        String open = "(select * from " + table + " where " + Versions.TO + " is null)";
        String match = match();
        String key = Relation.quote(model.grain().get(0));
        sql.execute("drop table if exists " + CHANGED + ", " + GONE);
        sql.execute("create temp table serai_changed as select s.* from " + StagingTable.TABLE + " s left join " + open
                + " t on " + match + " where t." + key + " is null or row(" + names(columns, "t.")
                + ")::record *<> row(" + names(columns, "s.") + ")::record");
        sql.execute("create temp table serai_gone as select " + names(model.grain(), "t.") + " from " + open
                + " t left join " + StagingTable.TABLE + " s on " + match + " where s." + key + " is null");
        return sql.first(
                        "select exists (select from " + CHANGED + ") or exists (select from " + GONE + ") as differs",
                        row -> row.flag("differs"))
                .orElseThrow();
    }

    private RunOutcome write(Transaction tx) throws SQLException {
        Sql sql = tx.sql();
        SearchPath.set(sql, run.settings().lockTimeout());
        Instant time = time(ModelState.read(sql, model));
        String grain = names(model.grain(), "");
        String touched = "(" + names(model.grain(), "t.") + ") in (select " + grain + " from " + CHANGED
                + " union all select " + grain + " from " + GONE + ")";
        WatchedRows watched = WatchedRows.before(sql, model.relation(), "", touched);
        // a version that began at this very time was never the present one
        long deleted = sql.update(
                "delete from " + table + " t where valid_to is null and valid_from >= ? and " + touched, time);
        long closed = sql.update("update " + table + " t set valid_to = ? where valid_to is null and " + touched, time);
        String list = names(columns, "");
        long inserted = sql.update(
                "insert into " + table + " (" + list + ", valid_from) select " + list + ", ?::timestamptz from "
                        + CHANGED,
                time);
        watched.record();
        return RunOutcome.ok().inserted(inserted).updated(closed).deleted(deleted);
    }

    private static String names(List<String> columns, String prefix) {
        return columns.stream().map(c -> prefix + Relation.quote(c)).collect(Collectors.joining(", "));
    }
}
