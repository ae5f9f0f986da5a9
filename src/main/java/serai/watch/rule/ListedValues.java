package serai.watch.rule;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The values of a blacklist or whitelist: those in the rule, and for an entry {@code !file path} those in a file, one a
 * line (spec/elastalert.md 1.6). The path is relative to the working directory.
 */
final class ListedValues {

    private static final String FILE = "!file";
    private static final long LONGEST = 64L << 20;

    private ListedValues() {}

    /** @throws RuleException when the list holds something else than texts, or a file cannot be read */
    static List<String> of(Options given, String option) throws RuleException {
        Set<String> values = new LinkedHashSet<>();
        for (Object entry : given.list(option)) {
            if (!(entry instanceof String text)) {
                throw given.refused(
                        option, "must be a list of texts; put quotes around numbers and words such as yes and no");
            }
            if (text.startsWith(FILE)) {
                values.addAll(lines(
                        given, option, text.substring(FILE.length()).strip().split("\\s")[0]));
            } else {
                values.add(text);
            }
        }
        return List.copyOf(values);
    }

    private static List<String> lines(Options given, String option, String name) throws RuleException {
        try {
            Path file = Path.of(name);
            if (name.isEmpty() || !Files.isRegularFile(file) || Files.size(file) > LONGEST) {
                throw given.refused(
                        option,
                        "the file '" + name + "' is not there, or is longer than 64 MiB; its path is relative to "
                                + Path.of("").toAbsolutePath());
            }
            return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                    .map(String::stripTrailing)
                    .toList();
        } catch (IOException | InvalidPathException e) {
            throw given.refused(option, "the file '" + name + "' cannot be read as UTF-8");
        }
    }
}
