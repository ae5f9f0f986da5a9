package serai.refresh;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Writer;

/**
 * Keeps {@code meta.model_state} in step with the files: it has a row for each node, which is inactive while its file
 * is removed or refused.
 */
final class ActiveModels {

    private ActiveModels() {}

    static void update(Writer writer, ModelGraph graph) throws Exception {
        Map<String, Boolean> activeBefore = new TreeMap<>();
        Map<String, List<String>> readsBefore = new TreeMap<>();
        Map<String, String> relationsBefore = new TreeMap<>();
        Sql sql = writer.sql();
        sql.each("select model, active, reads, relation from meta.model_state", row -> {
            relationsBefore.put(row.text("model"), row.text("relation"));
            activeBefore.put(row.text("model"), row.flag("active"));
            readsBefore.put(row.text("model"), row.texts("reads"));
        });
        boolean unchanged = graph.nodes().stream()
                        .allMatch(node -> activeBefore.getOrDefault(node.name(), false)
                                && graph.reads(node).equals(readsBefore.get(node.name()))
                                && node.relation().toString().equals(relationsBefore.get(node.name())))
                && activeBefore.entrySet().stream().noneMatch(e -> e.getValue() && graph.get(e.getKey()) == null);
        if (unchanged) {
            return;
        }
        writer.commitWithState(tx -> {
            for (Node node : graph.nodes()) {
                keepOldRelation(tx.sql(), node, relationsBefore.get(node.name()));
                sql.update(
                        """
                        insert into meta.model_state as m (model, kind, reads, relation) values (?, ?, ?, ?)
                        on conflict (model) do update set reads = excluded.reads, relation = excluded.relation
                        where (m.reads, m.relation) is distinct from (excluded.reads, excluded.relation)""",
                        node.name(),
                        node.kind().text(),
                        graph.reads(node),
                        node.relation().toString());
                boolean returns = Boolean.FALSE.equals(activeBefore.get(node.name()));
                if (returns && node instanceof Model model && model.kind().isMarked()) {
                    recalculateAll(tx.sql(), model);
                }
            }
            sql.update(
                    "update meta.model_state set active = (model = any (?::text[]))",
                    graph.nodes().stream().map(Node::name).toList());
            return RunOutcome.ok();
        });
    }

    /** A model that was moved to another schema has left its relation there. */
    private static void keepOldRelation(Sql sql, Node node, String before) throws SQLException {
        if (before != null && !before.equals(node.relation().toString())) {
            sql.update(
                    "insert into meta.old_relations (relation, model, kind)"
                            + " select ?, model, kind from meta.model_state where model = ? on conflict do nothing",
                    before,
                    node.name());
        }
    }

    /** Changes were not collected for a model while it was inactive. */
    private static void recalculateAll(Sql sql, Model model) throws SQLException {
        sql.update("update meta.model_state set covered_to = null, sql_hash = null where model = ?", model.name());
        Marks.addAll(sql, model);
    }
}
