package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;

class CatalogTest {

    private static final Set<Relation> LANDED =
            Set.of(Relation.of("landing.logins"), Relation.of("landing.users"), Relation.of("app.users"));

    @Test
    void eachComesAfterWhatItReads() throws Exception {
        Catalog catalog = Catalog.of(List.of(view("a", "b, c"), view("b", "c"), view("c", "logins")), LANDED);
        assertThat(catalog.inOrder()).extracting(CatalogEntry::name).containsExactly("c", "b", "a");
        assertThat(catalog.reads(catalog.get("c"))).containsExactly("landing.logins");
        assertThat(catalog.upstream(catalog.get("a"))).containsExactlyInAnyOrder("b", "c");
    }

    @Test
    void aCircleIsRefusedWithItsPath() throws Exception {
        List<CatalogEntry> entries = List.of(view("a", "b"), view("b", "c"), view("c", "a"), view("z", "a"));
        assertThatThrownBy(() -> Catalog.of(entries, LANDED))
                .isInstanceOf(EditRefusedException.class)
                .hasMessageContaining("a reads b reads c reads a");
    }

    @Test
    void anUnknownNameIsRefusedAtItsLine() throws Exception {
        List<CatalogEntry> entries = List.of(view("a", "nothing"));
        assertThatThrownBy(() -> Catalog.of(entries, LANDED)).isInstanceOfSatisfying(EditRefusedException.class, e -> {
            assertThat(e.refusal().line()).isEqualTo(3);
            assertThat(e.refusal().reason()).contains("it reads nothing, which is neither");
        });
    }

    @Test
    void aNameInTwoSchemasMustBeQualified() throws Exception {
        List<CatalogEntry> bare = List.of(view("a", "users"));
        assertThatThrownBy(() -> Catalog.of(bare, LANDED)).hasMessageContaining("in landing and in app");
        assertThat(Catalog.of(List.of(view("a", "app.users")), LANDED).inOrder())
                .hasSize(1);
    }

    @Test
    void aNameIsTakenOnce() throws Exception {
        List<CatalogEntry> twice =
                List.of(view("a", "logins"), ModelFile.parse(Path.of("sql/reports/a.sql"), text("a", "logins")));
        assertThatThrownBy(() -> Catalog.of(twice, LANDED)).hasMessageContaining("taken by");
        List<CatalogEntry> landing = List.of(view("logins", "landing.users"));
        assertThatThrownBy(() -> Catalog.of(landing, LANDED)).hasMessageContaining("taken by a landing table");
    }

    @Test
    void changedDaysPassThroughViewsAndFactsButNotThroughDimensions() throws Exception {
        List<CatalogEntry> entries =
                new ArrayList<>(List.of(view("stg", "logins"), view("stg_users", "landing.users")));
        entries.add(ModelFile.parse(
                Path.of("sql/dims/dim_users.sql"),
                "-- @kind table\n-- @grain k\n-- @about x\n-- @reads stg_users\nselect 1 as k"));
        entries.add(fact("fact_a", "stg, dim_users", "stg"));
        entries.add(fact("fact_b", "fact_a", "fact_a"));
        Catalog catalog = Catalog.of(entries, LANDED);
        assertThat(catalog.dirtyInputs(catalog.get("fact_a"))).containsExactly(Relation.of("landing.logins"));
        assertThat(catalog.dirtyInputs(catalog.get("fact_b"))).containsExactly(Relation.of("star.fact_a"));
    }

    @Test
    void aChangedViewChangesTheDefinitionOfWhatReadsThroughIt() throws Exception {
        Catalog before = Catalog.of(List.of(view("stg", "logins"), fact("f", "stg", "stg")), LANDED);
        CatalogEntry edited = ModelFile.parse(Path.of("sql/staging/stg.sql"), text("stg", "logins") + ", 2");
        Catalog after = Catalog.of(List.of(edited, fact("f", "stg", "stg")), LANDED);
        assertThat(after.definitionHash(after.get("f"))).isNotEqualTo(before.definitionHash(before.get("f")));
    }

    private static CatalogEntry view(String name, String reads) throws EditRefusedException {
        return ModelFile.parse(Path.of("sql/staging/" + name + ".sql"), text(name, reads));
    }

    private static String text(String name, String reads) {
        return "-- @kind view\n-- @about " + name + "\n-- @reads " + reads + "\nselect 1";
    }

    private static CatalogEntry fact(String name, String reads, String from) throws EditRefusedException {
        return ModelFile.parse(
                Path.of("sql/facts/" + name + ".sql"),
                "-- @kind recalc\n-- @grain d\n-- @about x\n-- @reads " + reads + "\n-- @window d by day from " + from
                        + ".t\nselect :from, :to");
    }
}
