package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;

class ModelGraphTest {

    private static final Set<Relation> SOURCES =
            Set.of(Relation.of("landing.logins"), Relation.of("landing.users"), Relation.of("app.users"));

    @Test
    void aNodeComesAfterThoseThatItReads() throws Exception {
        ModelGraph graph = ModelGraph.of(List.of(view("a", "b, c"), view("b", "c"), view("c", "logins")), SOURCES);
        assertThat(graph.nodes()).extracting(Node::name).containsExactly("c", "b", "a");
        assertThat(graph.reads(graph.get("c"))).containsExactly("landing.logins");
        assertThat(graph.upstream(graph.get("a"))).containsExactlyInAnyOrder("b", "c");
    }

    @Test
    void aCycleIsRefusedWithItsPath() throws Exception {
        List<Node> nodes = List.of(view("a", "b"), view("b", "c"), view("c", "a"), view("z", "a"));
        assertThatThrownBy(() -> ModelGraph.of(nodes, SOURCES))
                .isInstanceOf(EditRefusedException.class)
                .hasMessageContaining("a reads b reads c reads a");
    }

    @Test
    void anUnknownNameIsRefusedAtItsLine() throws Exception {
        List<Node> nodes = List.of(view("a", "nothing"));
        assertThatThrownBy(() -> ModelGraph.of(nodes, SOURCES))
                .isInstanceOfSatisfying(EditRefusedException.class, e -> {
                    assertThat(e.refusal().line()).isEqualTo(3);
                    assertThat(e.refusal().reason()).contains("it reads nothing, which is neither");
                });
    }

    @Test
    void aNameInTwoSchemasMustBeQualified() throws Exception {
        List<Node> bare = List.of(view("a", "users"));
        assertThatThrownBy(() -> ModelGraph.of(bare, SOURCES)).hasMessageContaining("in landing and in app");
        assertThat(ModelGraph.of(List.of(view("a", "app.users")), SOURCES).nodes())
                .hasSize(1);
    }

    @Test
    void aNameThatIsTakenIsRefused() throws Exception {
        List<Node> twice =
                List.of(view("a", "logins"), ModelFile.parse(Path.of("sql/reports/a.sql"), text("a", "logins")));
        assertThatThrownBy(() -> ModelGraph.of(twice, SOURCES)).hasMessageContaining("taken by");
        List<Node> landing = List.of(view("logins", "landing.users"));
        assertThatThrownBy(() -> ModelGraph.of(landing, SOURCES)).hasMessageContaining("taken by a landing table");
    }

    @Test
    void aViewOfThePresentTimeIsNotReadWhereUnitsAreKept() throws Exception {
        Node present =
                ModelFile.parse(Path.of("sql/staging/p.sql"), text("p", "logins") + " where now() > '2026-01-01'");
        List<Node> nodes = List.of(present, view("stg", "p"), fact("f", "stg", "stg"));
        assertThatThrownBy(() -> ModelGraph.of(nodes, SOURCES)).hasMessageContaining("it reads p, which uses now()");
        assertThat(ModelGraph.of(List.of(present, view("stg", "p")), SOURCES).nodes())
                .hasSize(2);
    }

    @Test
    void aChangedViewChangesTheDefinitionOfWhatReadsThroughIt() throws Exception {
        ModelGraph before = ModelGraph.of(List.of(view("stg", "logins"), fact("f", "stg", "stg")), SOURCES);
        Node edited = ModelFile.parse(Path.of("sql/staging/stg.sql"), text("stg", "logins") + ", 2");
        ModelGraph after = ModelGraph.of(List.of(edited, fact("f", "stg", "stg")), SOURCES);
        assertThat(after.definitionHash(after.get("f"))).isNotEqualTo(before.definitionHash(before.get("f")));
    }

    private static Node view(String name, String reads) throws EditRefusedException {
        return ModelFile.parse(Path.of("sql/staging/" + name + ".sql"), text(name, reads));
    }

    private static String text(String name, String reads) {
        return "-- @kind view\n-- @about " + name + "\n-- @reads " + reads + "\nselect 1";
    }

    private static Node fact(String name, String reads, String from) throws EditRefusedException {
        return ModelFile.parse(
                Path.of("sql/facts/" + name + ".sql"),
                "-- @kind recalc\n-- @grain d\n-- @about x\n-- @reads " + reads + "\n-- @window d by day from " + from
                        + ".t\nselect :from, :to");
    }
}
