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
 * The values of a blacklist or whitelist: the entries in the rule, and for an entry {@code !file path} the lines of
 * that file. The path is relative to the working directory.
 */
final class ListedValues {

    private static final String FILE = "!file";
    private static final long LONGEST = 64L << 20;

    private ListedValues() {}

    /** @throws RuleException when an entry is not a text, or a file cannot be read */
    static List<String> of(Options options, String option) throws RuleException {
        Set<String> values = new LinkedHashSet<>();
        for (Object entry : options.list(option)) {
            if (!(entry instanceof String text)) {
                throw options.refused(
                        option, "must be a list of texts; put quotes around numbers and words such as yes and no");
            }
            if (text.startsWith(FILE)) {
                values.addAll(lines(
                        options, option, text.substring(FILE.length()).strip().split("\\s")[0]));
            } else {
                values.add(text);
            }
        }
        return List.copyOf(values);
    }

    private static List<String> lines(Options options, String option, String name) throws RuleException {
        try {
            Path file = Path.of(name);
            if (name.isEmpty() || !Files.isRegularFile(file) || Files.size(file) > LONGEST) {
                throw options.refused(
                        option,
                        "the file '" + name + "' does not exist, or is larger than 64 MiB; its path is relative to "
                                + Path.of("").toAbsolutePath());
            }
            return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                    .map(String::stripTrailing)
                    .toList();
        } catch (IOException | InvalidPathException e) {
            throw options.refused(option, "the file '" + name + "' cannot be read as UTF-8");
        }
    }
}
