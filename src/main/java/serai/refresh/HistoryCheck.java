package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import serai.edits.EditRefusedException;
import serai.warehouse.RelationKind;
import serai.warehouse.Sql;

/** Compares models with the relations that exist under their names, whose history an edit must not lose. */
final class HistoryCheck {

    private final Connection connection;
    private final Sql sql;
    private final ModelGraph graph;

    private HistoryCheck(Connection connection, ModelGraph graph) {
        this.connection = connection;
        this.sql = Sql.on(connection);
        this.graph = graph;
    }

    /**
     * Refuses a model whose existing relation has other columns, was built as another kind, or was not built by Serai.
     *
     * @param rebuilding models that are about to be rebuilt, whose columns may differ
     * @throws EditRefusedException for the first such model in the graph's order
     */
    static void check(Connection connection, ModelGraph graph, Set<String> rebuilding)
            throws SQLException, EditRefusedException {
        HistoryCheck check = new HistoryCheck(connection, graph);
        for (Node node : graph.nodes()) {
            if (node.kind() == ModelKind.SCRIPT) {
                continue;
            }
            check.checkKind(node);
            if (node.kind() == ModelKind.SCD2) {
                check.checkSnapshot(node);
            }
            if (node.kind().hasHistory() && !rebuilding.contains(node.name())) {
                check.checkColumns(node);
            }
            if (node.kind().isIncremental()) {
                check.checkPartitions((Model) node);
            }
        }
    }

    private void checkKind(Node node) throws SQLException, EditRefusedException {
        Optional<ModelKind> built = sql.first(
                "select kind from meta.model_state where model = ? and last_success_at is not null",
                row -> ModelKind.valueOf(row.text("kind").toUpperCase(Locale.ROOT)),
                node.name());
        if (built.isEmpty()) {
            if (RelationKind.of(connection, node.relation()).isPresent()) {
                throw node.refuse(
                        null,
                        node.relation() + " exists and was not built from this file: rename the file, or drop that"
                                + " relation");
            }
        } else if (built.get() != node.kind()
                && (built.get().hasHistory() || node.kind().hasHistory())) {
            throw node.refuse(
                    "kind",
                    node.relation() + " was built as a " + built.get().text()
                            + " and has history: keep the kind, or give the new model another name");
        }
    }

    private void checkPartitions(Model model) throws SQLException, EditRefusedException {
        if (RelationKind.of(connection, model.relation()).isPresent() && !Partitions.fit(sql, model)) {
            throw model.refuse(
                    model.table().partition() == null ? null : "partition",
                    model.relation() + " was built with another @partition, or without one: "
                            + "keep that, or give the new model another name");
        }
    }

    /** Versions that refreshes saw cannot be made from a change log. */
    private void checkSnapshot(Node node) throws SQLException, EditRefusedException {
        boolean wasSnapshot = sql.first(
                        "select snapshot from meta.model_state where model = ?",
                        row -> row.flag("snapshot"),
                        node.name())
                .orElse(false);
        if (wasSnapshot && !graph.isSnapshot(node)) {
            throw node.refuse(
                    "kind",
                    node.relation() + " has versions that were seen by refreshes, which the change log would replace:"
                            + " give the new model another name");
        }
    }

    /**
     * Whether the table can have the columns in place: units of a recalc are then calculated again, and open versions
     * of a snapshot get the values of columns that are only added.
     */
    private boolean isAdded(Node node, RelationColumns existing) {
        ColumnChange change = ColumnChange.between(existing, graph.columns(node));
        if (node.kind() == ModelKind.RECALC) {
            return change.isAddition((Model) node);
        }
        return graph.isSnapshot(node)
                && change.removed().isEmpty()
                && change.emptied().isEmpty();
    }

    private void checkColumns(Node node) throws SQLException, EditRefusedException {
        Optional<RelationColumns> existing =
                RelationColumns.read(sql, node.relation().sql());
        RelationColumns defined = graph.columns(node);
        if (existing.isPresent() && !existing.get().isSameAs(defined) && !isAdded(node, existing.get())) {
            throw node.refuse(
                    null,
                    node.relation() + " has other columns than this SELECT ("
                            + existing.get().difference(defined) + "), and its history is not recalculated by an edit: "
                            + (node.kind() == ModelKind.ONCE || graph.isSnapshot(node)
                                    ? "give the new model another name"
                                    : "rebuild " + node.name()));
        }
    }
}
