package serai.refresh;

import java.nio.file.Path;
import java.util.List;
import serai.warehouse.Relation;

/** A parsed CSV file: every column is text, an empty cell is NULL. */
record Seed(Path file, String name, List<String> columns, List<List<String>> rows, String hash)
        implements CatalogEntry {

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
