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

class ScheduleTest {

    private final ModelGraph graph = graph(
            model("dim_a", "logins", ""),
            model("dim_b", "logins", ""),
            model("dim_c", "dim_a", ""),
            model("dim_d", "dim_c", ""),
            model("dim_e", "logins", "-- @fk     k in dim_b\n"));

    @Test
    void nodesThatDoNotNeedEachOtherAreTakenTogether() {
        Schedule schedule = new Schedule(graph, Set.of("dim_a", "dim_b", "dim_c", "dim_d", "dim_e"));

        assertThat(takeAll(schedule)).containsExactly("dim_a", "dim_b");
        schedule.done(graph.get("dim_b"));
        assertThat(takeAll(schedule)).containsExactly("dim_e");
        schedule.done(graph.get("dim_a"));
        assertThat(takeAll(schedule)).containsExactly("dim_c");
        schedule.done(graph.get("dim_c"));
        assertThat(takeAll(schedule)).containsExactly("dim_d");
        schedule.done(graph.get("dim_d"));
        assertThat(takeAll(schedule)).isEmpty();
    }

    @Test
    void nodesWaitForEachOtherAcrossOnesThatAreNotSelected() {
        Schedule schedule = new Schedule(graph, Set.of("dim_a", "dim_d"));

        assertThat(takeAll(schedule)).containsExactly("dim_a");
        schedule.done(graph.get("dim_a"));
        assertThat(takeAll(schedule)).containsExactly("dim_d");
    }

    @Test
    void aNodeThatMayNotBeginYetStaysTheFirst() {
        Schedule schedule = new Schedule(graph, Set.of("dim_a", "dim_b"));

        assertThat(schedule.next(node -> !node.name().equals("dim_a"))).isEmpty();
        assertThat(takeAll(schedule)).containsExactly("dim_a", "dim_b");
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
                List.of(new PlacedTest(test, graph.get("dim_d"), Set.of("dim_b"), Set.of("dim_b", "landing.logins"))));
        Schedule schedule = new Schedule(tested, Set.of("dim_b", "dim_d"));

        assertThat(takeAll(schedule)).containsExactly("dim_b");
        schedule.done(tested.get("dim_b"));
        assertThat(takeAll(schedule)).containsExactly("dim_d");
    }

    private static List<String> takeAll(Schedule schedule) {
        List<String> names = new ArrayList<>();
        for (Optional<Node> next = schedule.next(any -> true); next.isPresent(); next = schedule.next(any -> true)) {
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
