package serai.refresh;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;

/**
 * A parsed seed: a small CSV file in UTF-8 with a header line and commas, whose rows become a table of {@code staging}.
 * Every column is text, an empty cell is NULL.
 */
record Seed(Path file, String name, List<String> columns, List<List<String>> rows, String hash) implements Node {

    private static final int MAX_ROWS = 100_000;
    private static final Pattern NAME = Pattern.compile("seed_[a-z0-9_]{1,50}");

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
        CsvFile csv = CsvFile.parse(file, text, MAX_ROWS, "load a larger list as a report");
        return new Seed(file, name, csv.columns(), csv.rows(), Sha256.of(text));
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
