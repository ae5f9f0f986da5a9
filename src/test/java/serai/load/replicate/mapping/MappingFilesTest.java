package serai.load.replicate.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import serai.edits.Refusal;

class MappingFilesTest {

    private static final Path SHORT = Path.of("mappings/app.yaml");
    private static final Path DMS = Path.of("mappings/crm/crm.json");

    private final MappingFiles files = new MappingFiles(null);

    @Test
    void itOwnsTheFilesOfItsFolder() {
        assertThat(files.folders()).containsExactly(Path.of("mappings"));
        assertThat(files.owns(SHORT)).isTrue();
        assertThat(files.owns(DMS)).isTrue();
        assertThat(files.owns(Path.of("mappings/README.md"))).isFalse();
        assertThat(files.owns(Path.of("routes/load/app.yaml"))).isFalse();
    }

    @Test
    void whatIsMalformedAndWhatIsNotSupportedIsRefusedWithItsLine() {
        String views = """
                {"rules": [
                  {"rule-type": "selection", "rule-id": 1, "rule-action": "include",
                   "object-locator": {"schema-name": "a", "table-name": "%"}},
                  {"rule-type": "selection", "rule-id": 2, "rule-action": "include",
                   "object-locator": {"schema-name": "b", "table-name": "%", "table-type": "view"}}]}
                """;

        assertThat(files.check(Map.of(SHORT, "tables: [public.%]\nmask: {a.b.c: hsah}", DMS, views)))
                .extracting(Refusal::file, Refusal::line)
                .containsExactlyInAnyOrder(tuple(SHORT, 2), tuple(DMS, 4));
    }

    @Test
    void aFileIsRefusedUntilItIsCorrectedOrRemoved() {
        assertThat(files.apply(Map.of(SHORT, Optional.of("tables: []")))).hasSize(1);
        assertThat(files.apply(Map.of(DMS, Optional.of("{}")))).hasSize(2);
        assertThat(files.apply(Map.of(SHORT, Optional.of("tables: [public.%]"))))
                .hasSize(1);
        assertThat(files.apply(Map.of(DMS, Optional.empty()))).isEmpty();
    }
}
