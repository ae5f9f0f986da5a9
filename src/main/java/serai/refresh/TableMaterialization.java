package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.Transaction;
import serai.warehouse.Writer;

/** A table or a seed: calculated whole beside the one that stands, and put in its place only if it differs. */
final class TableMaterialization implements Materialization {

    private final RunContext run;
    private final CatalogEntry entry;
    private final RelationColumns shape;
    private boolean done;

    TableMaterialization(RunContext run, CatalogEntry entry) {
        this.run = run;
        this.entry = entry;
        this.shape = run.catalog().shape(entry);
    }

    @Override
    public Optional<Change> next(Writer writer) throws SQLException {
        if (done) {
            return Optional.empty();
        }
        done = true;
        Connection connection = writer.connection();
        String hash = run.catalog().definitionHash(entry);
        if (entry instanceof Seed && stands(connection, hash)) {
            return Optional.of(unchanged(((Seed) entry).rows().size(), hash));
        }
        StagingTable stage = entry instanceof Seed seed
                ? StagingTable.of(connection, seed)
                : StagingTable.of(
                        connection,
                        shape,
                        ((Model) entry).sql(),
                        new ModelParameters(null, null, run.now(), run.id()),
                        run.settings().maxTime());
        long rows = stage.rows();
        if (stands(connection, hash) && stage.hasRowsOf(entry.relation())) {
            return Optional.of(unchanged(rows, hash));
        }
        return Optional.of(new Change(true, null, tx -> {
            SearchPath.set(tx.connection(), run.settings().lockTimeout());
            put(tx, stage);
            ModelState.success(tx.connection(), entry, run.now(), hash, rows, tx.runId(), null);
            return RunOutcome.ok(rows, rows, 0, 0, null);
        }));
    }

    private boolean stands(Connection connection, String hash) throws SQLException {
        return ExistingTables.isThere(connection, entry.relation())
                && !ExistingTables.isView(connection, entry.relation())
                && RelationColumns.read(connection, entry.relation().sql())
                        .filter(shape::equals)
                        .isPresent()
                && hash.equals(ModelState.read(connection, entry)
                        .map(ModelState::sqlHash)
                        .orElse(null));
    }

    private Change unchanged(long rows, String hash) {
        return new Change(false, null, tx -> {
            ModelState.success(tx.connection(), entry, run.now(), hash, rows, 0, null);
            return RunOutcome.ok(rows, 0, 0, 0, null);
        });
    }

    private void put(Transaction tx, StagingTable stage) throws SQLException {
        Relation table = entry.relation();
        boolean there = ExistingTables.isThere(tx.connection(), table);
        Relation target = there ? new Relation(table.schema(), table.name() + "__shadow") : table;
        NewTable.create(tx.connection(), target, shape, entry);
        stage.copyTo(tx.connection(), target);
        if (there) {
            tx.swap(table, target, run.catalog().viewDefinitions());
            NewTable.comment(tx.connection(), "table", table, entry);
        }
    }
}
