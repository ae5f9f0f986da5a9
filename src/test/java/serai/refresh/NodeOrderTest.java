package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import serai.warehouse.Relation;

class NodeOrderTest {

    private final ModelGraph graph = graph(
            model("dim_a", "logins", ""),
            model("dim_b", "logins", ""),
            model("dim_c", "dim_a", ""),
            model("dim_d", "dim_c", ""),
            model("dim_e", "logins", "-- @fk     k in dim_b\n"));

    @Test
    void nodesThatDoNotNeedEachOtherAreTakenTogether() {
        NodeOrder order = new NodeOrder(graph, Set.of("dim_a", "dim_b", "dim_c", "dim_d", "dim_e"));

        assertThat(takeAll(order)).containsExactly("dim_a", "dim_b");
        order.done(graph.get("dim_b"));
        assertThat(takeAll(order)).containsExactly("dim_e");
        order.done(graph.get("dim_a"));
        assertThat(takeAll(order)).containsExactly("dim_c");
        order.done(graph.get("dim_c"));
        assertThat(takeAll(order)).containsExactly("dim_d");
        order.done(graph.get("dim_d"));
        assertThat(takeAll(order)).isEmpty();
    }

    @Test
    void nodesWaitForEachOtherAcrossOnesThatAreNotSelected() {
        NodeOrder order = new NodeOrder(graph, Set.of("dim_a", "dim_d"));

        assertThat(takeAll(order)).containsExactly("dim_a");
        order.done(graph.get("dim_a"));
        assertThat(takeAll(order)).containsExactly("dim_d");
    }

    @Test
    void aNodeThatMayNotBeginYetStaysTheFirst() {
        NodeOrder order = new NodeOrder(graph, Set.of("dim_a", "dim_b"));

        assertThat(order.next(node -> !node.name().equals("dim_a"))).isEmpty();
        assertThat(takeAll(order)).containsExactly("dim_a", "dim_b");
    }

    @Test
    void aNodeWaitsForWhatItsTestsRead() {
        DataTest test;
        try {
            test = DataTestFile.parse(Path.of("sql/tests/both.sql"), "select 1 as x from dim_b");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        ModelGraph tested = graph.checked(
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(new PlacedTest(test, graph.get("dim_d"), Set.of("dim_b"), Set.of("dim_b", "landing.logins"))));
        NodeOrder order = new NodeOrder(tested, Set.of("dim_b", "dim_d"));

        assertThat(takeAll(order)).containsExactly("dim_b");
        order.done(tested.get("dim_b"));
        assertThat(takeAll(order)).containsExactly("dim_d");
    }

    private static List<String> takeAll(NodeOrder order) {
        List<String> names = new ArrayList<>();
        for (Optional<Node> next = order.next(any -> true); next.isPresent(); next = order.next(any -> true)) {
            names.add(next.get().name());
        }
        return names;
    }

    private static ModelGraph graph(SqlFile... files) {
        try {
            return ModelGraph.of(List.of(files), Set.of(Relation.of("landing.logins")));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static SqlFile model(String name, String reads, String more) {
        String text = """
                -- @kind   table
                -- @grain  k
                -- @reads  %s
                %s-- @about  One row per key.
                select 1 as k from %s
                """.formatted(reads, more, reads);
        try {
            return ModelFile.parse(Path.of("sql/dims/" + name + ".sql"), text);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
