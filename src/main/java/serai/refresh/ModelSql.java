package serai.refresh;

import java.nio.file.Path;
import java.util.Map;
import serai.edits.RefusedException;
import serai.warehouse.SelectText;
import serai.warehouse.SqlMistake;

/** The SELECT of a model's file, with the parameters that models have. */
final class ModelSql {

    private static final Map<String, String> PARAMETERS =
            Map.of("from", "timestamptz", "to", "timestamptz", "now", "timestamptz", "run_id", "bigint");

    private ModelSql() {}

    /** @throws RefusedException when the text is not one SELECT or has a parameter that does not exist */
    static SelectText of(Path file, String text) throws RefusedException {
        try {
            return SelectText.of(text, PARAMETERS);
        } catch (SqlMistake e) {
            throw new RefusedException(file, e.line(), e.getMessage());
        }
    }
}
