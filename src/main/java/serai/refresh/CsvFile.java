package serai.refresh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import serai.edits.EditRefusedException;

/**
 * A CSV file of the project: UTF-8, commas, a header line of plain column names. An empty field is NULL, which is null
 * here.
 *
 * @param file relative to the project's folder
 * @param lines for each row, the line in which it ends, from 1
 */
record CsvFile(Path file, List<String> columns, List<List<String>> rows, List<Integer> lines) {

    private static final Pattern COLUMN = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setNullString("")
            .setIgnoreEmptyLines(true)
            .get();

    /**
     * Reads a file.
     *
     * @param most how many rows it may have
     * @param tooLong what to do with a longer list, for a refusal
     * @throws EditRefusedException with the line and the fix
     */
    static CsvFile parse(Path file, String text, int most, String tooLong) throws EditRefusedException {
        try (CSVParser parser = CSVParser.parse(text.startsWith("\uFEFF") ? text.substring(1) : text, FORMAT)) {
            List<String> columns = null;
            List<List<String>> rows = new ArrayList<>();
            List<Integer> lines = new ArrayList<>();
            for (CSVRecord row : parser) {
                int line = (int) parser.getCurrentLineNumber();
                if (columns == null) {
                    columns = checkedColumns(file, row.toList());
                } else {
                    checkRow(file, row, columns.size(), line);
                    rows.add(row.toList());
                    lines.add(line);
                }
                if (rows.size() > most) {
                    throw new EditRefusedException(file, line, "it may have at most " + most + " rows: " + tooLong);
                }
            }
            if (columns == null) {
                throw new EditRefusedException(file, 1, "the file is empty: its first line names the columns");
            }
            return new CsvFile(file, columns, rows, lines);
        } catch (IOException | UncheckedIOException e) {
            throw new EditRefusedException(file, null, "this is not CSV: " + e.getMessage());
        }
    }

    private static List<String> checkedColumns(Path file, List<String> names) throws EditRefusedException {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (name == null || !COLUMN.matcher(name).matches() || !seen.add(name)) {
                throw new EditRefusedException(
                        file,
                        1,
                        "the column name '" + (name == null ? "" : name)
                                + "' is empty, repeated or not plain: use a-z, 0-9 and _");
            }
        }
        return List.copyOf(names);
    }

    private static void checkRow(Path file, CSVRecord row, int columns, int line) throws EditRefusedException {
        if (row.size() != columns) {
            throw new EditRefusedException(
                    file,
                    line,
                    "this line has " + row.size() + " fields, the header has " + columns
                            + ": put a field with a comma in it into double quotes");
        }
    }

    /** The name of the file without its ending. */
    String name() {
        return file.getFileName().toString().replaceFirst("\\.csv$", "");
    }
}
