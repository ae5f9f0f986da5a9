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
import serai.warehouse.Relation;

/**
 * A parsed seed: a small CSV file in UTF-8 with a header line and commas, whose rows become a table of {@code staging}.
 * Every column is text, an empty cell is NULL.
 */
record Seed(Path file, String name, List<String> columns, List<List<String>> rows, String hash) implements Node {

    private static final int MAX_ROWS = 100_000;
    private static final Pattern NAME = Pattern.compile("seed_[a-z0-9_]{1,50}");
    private static final Pattern COLUMN = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setNullString("")
            .setIgnoreEmptyLines(true)
            .get();

    /**
     * Reads a seed.
     *
     * @param file its path from the project's folder, such as {@code sql/seeds/seed_country.csv}
     * @throws EditRefusedException with the line and the fix
     */
    static Seed parse(Path file, String text) throws EditRefusedException {
        String name = file.getFileName().toString().replaceFirst("\\.csv$", "");
        if (!NAME.matcher(name).matches()) {
            throw new EditRefusedException(
                    file, null, "a seed's file is named seed_….csv, with a-z, 0-9 and _: rename it");
        }
        try (CSVParser parser = CSVParser.parse(text.startsWith("\uFEFF") ? text.substring(1) : text, FORMAT)) {
            List<String> columns = null;
            List<List<String>> rows = new ArrayList<>();
            for (CSVRecord row : parser) {
                if (columns == null) {
                    columns = checkedColumns(file, row.toList());
                } else {
                    checkRow(file, row, columns.size(), (int) parser.getCurrentLineNumber(), rows.size());
                    rows.add(row.toList());
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

    private static void checkRow(Path file, CSVRecord row, int columns, int line, int rowsBefore)
            throws EditRefusedException {
        if (row.size() != columns) {
            throw new EditRefusedException(
                    file,
                    line,
                    "this line has " + row.size() + " fields, the header has " + columns
                            + ": put a field with a comma in it into double quotes");
        }
        if (rowsBefore >= MAX_ROWS) {
            throw new EditRefusedException(
                    file, line, "a seed has at most " + MAX_ROWS + " rows: load a larger list as a report");
        }
    }

    @Override
    public ModelKind kind() {
        return ModelKind.SEED;
    }

    @Override
    public Relation relation() {
        return new Relation("staging", name);
    }

    @Override
    public List<String> reads() {
        return List.of();
    }

    @Override
    public String about() {
        return "The rows of " + file + ".";
    }
}
