package serai.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the headers of shipped models say, as a part of a page. */
final class ModelTexts {

    private ModelTexts() {}

    /** Each model of a folder: its question or name, what a row is, and what its columns mean. */
    static List<String> of(String folder) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            for (Path file : files.sorted().toList()) {
                if (!lines.isEmpty()) {
                    lines.add("");
                }
                describe(lines, file);
            }
        }
        return lines;
    }

    /** The files of {@code sql/tests} with what they say. */
    static List<String> tests() throws IOException {
        List<String> lines = new ArrayList<>(List.of("| test | what must hold |", "| --- | --- |"));
        try (Stream<Path> files = Files.list(Path.of("sql/tests"))) {
            for (Path file : files.sorted().toList()) {
                lines.add("| `" + file.getFileName().toString().replaceFirst("\\.sql$", "") + "` | "
                        + values(header(file), "about").get(0) + " |");
            }
        }
        return lines;
    }

    private static List<String> header(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .takeWhile(line -> line.startsWith("--"))
                .map(line -> line.substring(2).strip())
                .toList();
    }

    private static void describe(List<String> lines, Path file) throws IOException {
        String name = file.getFileName().toString().replaceFirst("\\.sql$", "");
        List<String> header = header(file);
        Optional<String> title = values(header, "title").stream().findFirst();
        lines.addAll(List.of("### `" + name + "`", ""));
        title.ifPresent(question -> lines.addAll(List.of("*" + question + "*", "")));
        lines.addAll(GeneratedPartsTest.wrapped(String.join(
                " ",
                Stream.concat(values(header, "about").stream(), prose(header)).toList())));
        List<String> columns = values(header, "column");
        if (!columns.isEmpty()) {
            lines.addAll(List.of("", "| column | meaning |", "| --- | --- |"));
            columns.forEach(column -> lines.add(
                    "| `" + column.split(" ", 2)[0] + "` | " + column.split(" ", 2)[1].replace("|", "\\|") + " |"));
        }
    }

    private static List<String> values(List<String> header, String key) {
        return header.stream()
                .filter(line -> line.startsWith("@" + key + " "))
                .map(line -> line.substring(key.length() + 1).strip())
                .toList();
    }

    /** The sentences below the keys. */
    private static Stream<String> prose(List<String> header) {
        return header.stream().filter(line -> !line.isEmpty() && !line.startsWith("@"));
    }
}
