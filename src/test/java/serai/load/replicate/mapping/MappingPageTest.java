package serai.load.replicate.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/mapping.md} names all that mapping files may use. */
class MappingPageTest {

    private static String page() throws IOException {
        return Files.readString(Path.of("docs/mapping.md"));
    }

    @Test
    void itNamesEveryFunctionAndFact() throws IOException {
        assertThat(page().toLowerCase(Locale.ROOT)).contains(SqliteFunction.names());
        assertThat(page()).contains(ChangeHeader.names());
    }

    @Test
    void itNamesEveryAction() throws IOException {
        List<String> words = Stream.of(TransformationAction.values())
                .map(TransformationAction::word)
                // the page names their two halves
                .filter(word -> !word.matches("(add|remove|replace)-(prefix|suffix)"))
                .toList();

        assertThat(page()).contains(words).contains("`add-`, `remove-`, `replace-prefix` and `-suffix`");
    }
}
