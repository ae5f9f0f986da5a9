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
        Sql sql = writer.sql();
        sql.each("select model, active, reads from meta.model_state", row -> {
            activeBefore.put(row.text("model"), row.flag("active"));
            readsBefore.put(row.text("model"), row.texts("reads"));
        });
        boolean unchanged = graph.nodes().stream()
                        .allMatch(node -> activeBefore.getOrDefault(node.name(), false)
                                && graph.reads(node).equals(readsBefore.get(node.name())))
                && activeBefore.entrySet().stream().noneMatch(e -> e.getValue() && graph.get(e.getKey()) == null);
        if (unchanged) {
            return;
        }
        writer.commitWithState(tx -> {
            for (Node node : graph.nodes()) {
                sql.update("""
                        insert into meta.model_state as m (model, kind, reads) values (?, ?, ?)
                        on conflict (model) do update set reads = excluded.reads
                        where m.reads <> excluded.reads""", node.name(), node.kind().text(), graph.reads(node));
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

    /** Changes were not collected for a model while it was inactive. */
    private static void recalculateAll(Sql sql, Model model) throws SQLException {
        sql.update("update meta.model_state set covered_to = null, sql_hash = null where model = ?", model.name());
        Marks.addAll(sql, model);
    }
}
