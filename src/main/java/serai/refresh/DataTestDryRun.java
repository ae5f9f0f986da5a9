package serai.refresh;

import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/** Lets PostgreSQL check tests over the temporary views of a graph, and finds out what they read. */
final class DataTestDryRun {

    private final Sql sql;
    private final ModelGraph graph;
    private final ModelDryRun models;

    /** @param sql in the transaction of the models */
    DataTestDryRun(Sql sql, ModelGraph graph, ModelDryRun models) {
        this.sql = sql;
        this.graph = graph;
        this.models = models;
    }

    /** @throws EditRefusedException when the SELECT or the header is wrong */
    PlacedTest place(DataTest test) throws SQLException, EditRefusedException {
        List<String> columns = ModelDryRun.createView(sql, test, test.sql(), "Models")
                .map(RelationColumns::names)
                .orElse(List.of());
        List<String> missing = test.sample().stream()
                .filter(column -> !columns.contains(column))
                .toList();
        if (!missing.isEmpty()) {
            throw test.refuse(
                    "sample",
                    "the SELECT has no column " + String.join(", ", missing) + ": fix @sample or name the column");
        }
        Set<String> reads = models.dependencies(test);
        // the next test must not find it
        sql.execute("drop view " + Relation.quote(test.name()));
        return new PlacedTest(test, node(test, reads), reads, inputs(reads));
    }

    /** The last node that a test reads. */
    private Node node(DataTest test, Set<String> reads) throws EditRefusedException {
        Node last = graph.nodes().stream()
                .filter(node -> reads.contains(node.name()))
                .reduce((before, after) -> after)
                .orElseThrow(() ->
                        test.refuse(null, "the test reads no model: read the staging view of a source, not its table"));
        if (test.on() != null && !reads.contains(test.on())) {
            throw test.refuse("on", "the test does not read " + test.on() + ": name a model that it reads");
        }
        if (test.on() != null && !test.on().equals(last.name())) {
            throw test.refuse(
                    "on", "it also reads " + last.name() + ", which is refreshed after " + test.on() + ": name that");
        }
        return last;
    }

    private Set<String> inputs(Set<String> reads) {
        Set<String> inputs = new TreeSet<>();
        Set<String> open = new LinkedHashSet<>(reads);
        while (!open.isEmpty()) {
            String next = open.iterator().next();
            open.remove(next);
            Node node = graph.get(next);
            if (inputs.add(next) && node != null && node.kind() == ModelKind.VIEW) {
                open.addAll(graph.reads(node));
            }
        }
        return inputs;
    }
}
