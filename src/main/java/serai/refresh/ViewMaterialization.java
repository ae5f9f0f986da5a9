package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import serai.warehouse.RelationKind;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;
import serai.warehouse.Writer;

/** A view: replaced only when its definition or its columns differ from the existing ones. */
final class ViewMaterialization implements Materialization {

    private final RunContext run;
    private final Model model;

    ViewMaterialization(RunContext run, Model model) {
        this.run = run;
        this.model = model;
    }

    @Override
    public Change next(Writer writer) throws SQLException {
        boolean upToDate = isUpToDate(writer.connection());
        return new Change(true, !upToDate, null, tx -> {
            if (!upToDate) {
                replace(tx);
            }
            new ModelState(run.now(), model.hash(), null).writeSuccess(tx, model, null);
            return RunOutcome.ok();
        });
    }

    private boolean isUpToDate(Connection connection) throws SQLException {
        Sql sql = Sql.on(connection);
        return model.hash().equals(ModelState.read(sql, model).sqlHash())
                && RelationKind.of(connection, model.relation()).equals(Optional.of(RelationKind.VIEW))
                && RelationColumns.read(sql, model.relation().sql())
                        .equals(Optional.of(run.graph().columns(model)));
    }

    private void replace(Transaction tx) throws SQLException {
        SearchPath.set(tx.sql(), run.settings().lockTimeout());
        tx.verbs()
                .replaceView(
                        model.relation(), model.sql().definition(), run.graph().viewDefinitions());
    }
}
