package serai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A block with the mark {@code file: PATH} is a part of that file. */
class ShippedFilesTest {

    static List<Page.Block> blocks() {
        return Page.blocks("file");
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void anExcerptIsTheTextOfTheFile(Page.Block block) throws IOException {
        assertThat(Files.readString(Path.of(block.argument()))).contains(block.text());
    }
}
