package serai.refresh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import serai.edits.EditRefusedException;

/** Reads a seed: a small CSV file with a header line, in UTF-8, commas between. */
final class SeedFile {

    private static final int MOST_ROWS = 100_000;
    private static final Pattern NAME = Pattern.compile("seed_[a-z0-9_]{1,50}");
    private static final Pattern COLUMN = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    private SeedFile() {}

    /**
     * @param file its path from the project's folder, such as {@code sql/seeds/seed_country.csv}
     * @throws EditRefusedException with the line and the mend
     */
    static Seed parse(Path file, String text) throws EditRefusedException {
        String name = file.getFileName().toString().replaceFirst("\\.csv$", "");
        if (!NAME.matcher(name).matches()) {
            throw new EditRefusedException(
                    file, null, "a seed's file is named seed_….csv, in a-z, 0-9 and _: rename it");
        }
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setNullString("")
                .setIgnoreEmptyLines(true)
                .get();
        try (CSVParser parser = CSVParser.parse(text.startsWith("\uFEFF") ? text.substring(1) : text, format)) {
            List<String> columns = null;
            List<List<String>> rows = new ArrayList<>();
            for (CSVRecord row : parser) {
                if (columns == null) {
                    columns = columns(file, row.toList());
                } else {
                    rows.add(row(file, row, columns, parser.getCurrentLineNumber(), rows.size()));
                }
            }
            if (columns == null) {
                throw new EditRefusedException(file, 1, "the file is empty: its first line names the columns");
            }
            return new Seed(file, name, columns, rows, Sha256.of(text));
        } catch (IOException | UncheckedIOException e) {
            throw new EditRefusedException(file, null, "this is not CSV: " + e.getMessage());
        }
    }

    private static List<String> columns(Path file, List<String> names) throws EditRefusedException {
        HashSet<String> seen = new HashSet<>();
        for (String name : names) {
            if (name == null || !COLUMN.matcher(name).matches() || !seen.add(name)) {
                throw new EditRefusedException(
                        file,
                        1,
                        "the column name '" + (name == null ? "" : name)
                                + "' is empty, there twice, or not plain: use a-z, 0-9 and _");
            }
        }
        return List.copyOf(names);
    }

    private static List<String> row(Path file, CSVRecord row, List<String> columns, long line, int before)
            throws EditRefusedException {
        if (row.size() != columns.size()) {
            throw new EditRefusedException(
                    file,
                    (int) line,
                    "this line has " + row.size() + " fields, the header has " + columns.size()
                            + ": put a field with a comma in it into double quotes");
        }
        if (before >= MOST_ROWS) {
            throw new EditRefusedException(
                    file, (int) line, "a seed has at most " + MOST_ROWS + " rows: load a larger list as a report");
        }
        return row.toList();
    }
}
