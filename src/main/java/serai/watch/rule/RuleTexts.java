package serai.watch.rule;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the texts of rule files and of files that they import from disk.
 *
 * @param root the project's folder, to which paths are relative
 */
public record RuleTexts(Path root) implements Function<Path, Optional<String>> {

    private static final int LARGEST = 1 << 20;

    /** The text of a file; empty when there is no such file, or it is larger than 1 MiB or not UTF-8. */
    @Override
    public Optional<String> apply(Path file) {
        Path path = root.resolve(file);
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            return bytes.length > LARGEST
                    ? Optional.empty()
                    : Optional.of(StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
