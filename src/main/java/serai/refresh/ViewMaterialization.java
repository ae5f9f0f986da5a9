package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import serai.warehouse.RunOutcome;
import serai.warehouse.Transaction;
import serai.warehouse.Writer;

/** A view: touched only when its definition or its columns are not those that stand. */
final class ViewMaterialization implements Materialization {

    private final RunContext run;
    private final Model model;
    private boolean done;

    ViewMaterialization(RunContext run, Model model) {
        this.run = run;
        this.model = model;
    }

    @Override
    public Optional<Change> next(Writer writer) throws SQLException {
        if (done) {
            return Optional.empty();
        }
        done = true;
        boolean stands = stands(writer.connection());
        return Optional.of(new Change(!stands, null, tx -> {
            if (!stands) {
                create(tx);
            }
            ModelState.success(tx.connection(), model, run.now(), model.hash(), null, tx.runId(), null);
            return RunOutcome.ok(0, 0, 0, 0, null);
        }));
    }

    private boolean stands(Connection connection) throws SQLException {
        String hash =
                ModelState.read(connection, model).map(ModelState::sqlHash).orElse(null);
        return model.hash().equals(hash)
                && ExistingTables.isView(connection, model.relation())
                && RelationColumns.read(connection, model.relation().sql())
                        .filter(run.catalog().shape(model)::equals)
                        .isPresent();
    }

    private void create(Transaction tx) throws SQLException {
        SearchPath.set(tx.connection(), run.settings().lockTimeout());
        tx.replaceView(model.relation(), model.sql().definition(), run.catalog().viewDefinitions());
        NewTable.comment(tx.connection(), "view", model.relation(), model);
    }
}
