package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import serai.warehouse.Relation;
import serai.warehouse.RelationKind;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;
import serai.warehouse.Writer;

/** A table or a seed: calculated as a whole, and replaced only when its rows, columns or definition differ. */
final class TableMaterialization implements Materialization {

    private final RunContext run;
    private final Node node;
    private final RelationColumns columns;

    TableMaterialization(RunContext run, Node node) {
        this.run = run;
        this.node = node;
        this.columns = run.graph().columns(node);
    }

    @Override
    public Change next(Writer writer) throws SQLException {
        Connection connection = writer.connection();
        boolean sameDefinition = hasSameDefinition(connection);
        if (sameDefinition && node instanceof Seed seed) {
            return unchanged(seed.rows().size());
        }
        StagingTable staging = StagingTable.of(connection, run, node);
        long rows = staging.rows();
        if (sameDefinition && staging.hasRowsOf(node.relation())) {
            return unchanged(rows);
        }
        return new Change(true, true, null, tx -> {
            replace(tx, run, node, staging);
            state(rows).writeSuccess(tx, node, null);
            return RunOutcome.ok().read(rows).inserted(rows);
        });
    }

    private boolean hasSameDefinition(Connection connection) throws SQLException {
        Sql sql = Sql.on(connection);
        return RelationKind.of(connection, node.relation()).equals(Optional.of(RelationKind.TABLE))
                && RelationColumns.read(sql, node.relation().sql()).equals(Optional.of(columns))
                && run.graph()
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

    /** A name for the new table that leaves space for the suffix of an index, however long the table's is. */
    private static Relation shadow(Relation table) {
        return new Relation(table.schema(), "shadow_" + Sha256.of(table.name()).substring(0, 16));
    }

    /** Gives a node's table the staged rows, and creates it if it does not exist. */
    static void replace(Transaction tx, RunContext run, Node node, StagingTable staging) throws SQLException {
        SearchPath.set(tx.sql(), run.settings().lockTimeout());
        Relation table = node.relation();
        boolean exists = RelationKind.of(tx.connection(), table).isPresent();
        Relation target = exists ? shadow(table) : table;
        NewTable.create(tx, target, run.graph().columns(node), node);
        staging.copyTo(target);
        if (exists) {
            tx.verbs().swap(table, target, run.graph().viewDefinitions());
        }
    }
}
