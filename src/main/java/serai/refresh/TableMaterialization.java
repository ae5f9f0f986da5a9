package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import serai.warehouse.Relation;
import serai.warehouse.RelationKind;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;
import serai.warehouse.WatchedRows;
import serai.warehouse.WriteVerbs.Written;
import serai.warehouse.Writer;

/** A table or a seed: calculated as a whole; only the rows that differ are written, in place. */
final class TableMaterialization implements Materialization {

    private final RunContext run;
    private final Node node;

    TableMaterialization(RunContext run, Node node) {
        this.run = run;
        this.node = node;
    }

    @Override
    public Change next(Writer writer) throws SQLException {
        Connection connection = writer.connection();
        boolean sameShape = hasShape(connection, run, node);
        if (sameShape && node instanceof Seed seed && hasSameDefinition(writer.sql())) {
            return unchanged(seed.rows().size());
        }
        StagingTable staging = StagingTable.of(connection, run, node);
        long rows = staging.rows();
        if (sameShape && staging.difference(node, TableDifference.Scope.ALL).isEmpty()) {
            return unchanged(rows);
        }
        return new Change(true, true, null, tx -> {
            Written written = replaceWatched(tx, run, node, staging);
            state(rows).writeSuccess(tx, node, null);
            return RunOutcome.ok()
                    .read(rows)
                    .inserted(written.inserted())
                    .updated(written.updated())
                    .deleted(written.deleted());
        });
    }

    /** Writes the rows, and records for those who read the table what has changed. */
    static Written replaceWatched(Transaction tx, RunContext run, Node node, StagingTable staging) throws SQLException {
        if (!hasShape(tx.connection(), run, node)) {
            Written written = replace(tx, run, node, staging);
            WatchedRows.all(tx.sql(), node.relation());
            return written;
        }
        WatchedRows rows = WatchedRows.before(tx.sql(), node.relation(), "", "true");
        Written written = replace(tx, run, node, staging);
        rows.record();
        return written;
    }

    private boolean hasSameDefinition(Sql sql) throws SQLException {
        return run.graph()
                .definitionHash(node)
                .equals(ModelState.read(sql, node).sqlHash());
    }

    private Change unchanged(long rows) {
        return new Change(true, false, null, tx -> {
            state(rows).writeSuccess(tx, node, null);
            return RunOutcome.ok().read(rows);
        });
    }

    private ModelState state(long rows) {
        return new ModelState(run.now(), run.graph().definitionHash(node), rows);
    }

    /** Whether a node's relation is a table with its columns, in any order, and its grain. */
    static boolean hasShape(Connection connection, RunContext run, Node node) throws SQLException {
        Sql sql = Sql.on(connection);
        Optional<RelationColumns> columns =
                RelationColumns.read(sql, node.relation().sql());
        return columns.isPresent()
                && columns.get().isSameAs(run.graph().columns(node))
                && RelationKind.of(connection, node.relation()).equals(Optional.of(RelationKind.TABLE))
                && hasGrain(sql, node);
    }

    private static boolean hasGrain(Sql sql, Node node) throws SQLException {
        return !(node instanceof Model model) || NewTable.hasGrain(sql, model.relation(), model);
    }

    /** Gives a node's table the staged rows, and creates it if it does not exist. */
    static Written replace(Transaction tx, RunContext run, Node node, StagingTable staging) throws SQLException {
        SearchPath.set(tx.sql(), run.settings().lockTimeout());
        Written written = write(tx, run, node, staging);
        if (written.inserted() + written.updated() + written.deleted() > staging.rows() / 10) {
            tx.sql().execute("analyze " + node.relation().sql());
        }
        return written;
    }

    private static Written write(Transaction tx, RunContext run, Node node, StagingTable staging) throws SQLException {
        Relation table = node.relation();
        Optional<RelationKind> kind = RelationKind.of(tx.connection(), table);
        if (kind.isEmpty()) {
            NewTable.create(tx, table, run.graph().columns(node), node);
            ensurePartitions(tx, run, node, staging);
            return new Written(staging.copyTo(table), 0, 0);
        }
        ensurePartitions(tx, run, node, staging);
        return kind.get() == RelationKind.TABLE
                ? writeInPlace(tx, run, node, staging)
                : replaceView(tx, run, node, staging);
    }

    private static void ensurePartitions(Transaction tx, RunContext run, Node node, StagingTable staging)
            throws SQLException {
        if (node instanceof Model model && model.table().partition() != null) {
            Partitions.ensure(tx.sql(), model.relation(), model, staging.units(model), run.now());
        }
    }

    private static Written writeInPlace(Transaction tx, RunContext run, Node node, StagingTable staging)
            throws SQLException {
        Sql sql = tx.sql();
        Relation table = node.relation();
        ColumnChange change = ColumnChange.between(
                RelationColumns.read(sql, table.sql()).orElseThrow(),
                run.graph().columns(node));
        boolean otherGrain = !hasGrain(sql, node)
                || node instanceof Model model && change.emptied().stream().anyMatch(model.grain()::contains);
        long deleted = 0;
        if (otherGrain) {
            TableObjects.refuseReferences(sql, table);
            deleted = sql.update("delete from " + table.sql());
        }
        if (!change.actions().isEmpty()) {
            TableObjects.refuseLoss(sql, table, change.removed());
            tx.verbs().alterColumns(table, change.actions(), run.graph().viewDefinitions());
        }
        if (otherGrain) {
            NewTable.changeGrain(sql, table, (Model) node);
            return new Written(staging.copyTo(table), 0, deleted);
        }
        return TableDifference.find(sql, node, staging).apply(tx.connection());
    }

    /** Puts a table in place of a view. */
    private static Written replaceView(Transaction tx, RunContext run, Node node, StagingTable staging)
            throws SQLException {
        Relation table = node.relation();
        // a name that leaves space for the suffix of an index, however long the table's is
        Relation shadow =
                new Relation(table.schema(), "shadow_" + Sha256.of(table.name()).substring(0, 16));
        NewTable.create(tx, shadow, run.graph().columns(node), node);
        long rows = staging.copyTo(shadow);
        tx.verbs().swap(table, shadow, run.graph().viewDefinitions());
        return new Written(rows, 0, 0);
    }
}
